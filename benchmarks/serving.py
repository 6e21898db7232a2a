"""The part `serve`: CPU for each request, ours from memory and nginx from its cache of files.

The same file is asked for over a few connections that stay open, packed with gzip and with its tag.
Without nginx only ours is measured.
"""

from __future__ import annotations

import asyncio
import gzip
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from benchmarks.contestants import command, ours, set_up
from benchmarks.load import Asked, ask, tag_of
from benchmarks.measure import Cost, cpu_of_tree, measure, memory_of_tree
from benchmarks.origin import free_port, nginx_program, serving
from benchmarks.runs import Run, Runs, Setting
from benchmarks.starting import wait_until
from benchmarks.work import Work

FEEDS, REQUESTS = 20, 20_000
FILE = "c5/c15/rss.xml"
"""A category with the twenty articles of one feed."""


def expected(setting: Setting) -> int:
    """How many runs `measure_all` gives."""
    return 2 * setting.rounds * (2 if nginx_program() else 1)


def measure_all(setting: Setting) -> Runs:
    """Both answers of both servers in turn."""
    with tempfile.TemporaryDirectory(prefix="bench-") as name:
        home, port = Path(name), free_port()
        home.chmod(0o755)
        work, folder = Work(FEEDS, setting.work.seed), home / "ours"
        work.write(home / "www")
        with serving(home / "www", home / "nginx", free_port()) as origin:
            urls = origin.urls(work.names())
            set_up(folder, urls, None, "nh3", port=port)
            measure(ours(folder), folder / "log")
        packed = folder / f"feeds/{FILE}.gz"
        packed.write_bytes(gzip.compress(packed.with_suffix("").read_bytes(), 6, mtime=0))
        with (
            _ours(folder, port) as pid,
            serving(folder / "feeds", home / "n2", free_port()) as other,
        ):
            servers = [("ours", pid, Asked("127.0.0.1", port, FILE))]
            if other.program == "nginx":
                servers.append(("nginx", other.process.pid, Asked("127.0.1.1", other.port, FILE)))
            for _ in range(setting.rounds):
                for who, server, asked in servers:
                    yield Run("200", who, under_load(server, asked, ""))
                    yield Run("served 304", who, under_load(server, asked, tag_of(asked)))


def under_load(pid: int, asked: Asked, tag: str) -> Cost:
    """What a server uses for all requests; `per_request` is the CPU milliseconds of one."""
    cpu, began = cpu_of_tree(pid), time.perf_counter()
    asyncio.run(ask(asked, REQUESTS, tag))
    wall, cpu = time.perf_counter() - began, cpu_of_tree(pid) - cpu
    return Cost(cpu, wall, memory_of_tree(pid) / 1e6, {"per_request": 1000 * cpu / REQUESTS})


@contextmanager
def _ours(folder: Path, port: int) -> Iterator[int]:
    """Our server alone; gives its process id."""
    with (folder / "log").open("ab") as log:
        process = subprocess.Popen(command(folder, "serve"), stdout=log, stderr=log)
    try:
        wait_until(process, f"http://127.0.0.1:{port}/readyz")
        yield process.pid
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(30)
