"""The part `start`: how soon `--help` and `check` answer, and how soon `run` is ready."""

from __future__ import annotations

import contextlib
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.request import urlopen

from benchmarks.contestants import OURS, command, set_up
from benchmarks.measure import Cost, cpu_of_tree, environment, measure, memory_of_tree
from benchmarks.origin import free_port, serving
from benchmarks.runs import Run, Runs, Setting

_PATIENCE = 120.0
_OURS = "ours"


def expected(setting: Setting) -> int:
    """How many runs `measure_all` gives."""
    return 4 * setting.rounds


def measure_all(setting: Setting) -> Runs:
    """Every command in turn, several times; each first start has an empty database."""
    with tempfile.TemporaryDirectory(prefix="bench-") as name:
        home, port = Path(name), free_port()
        home.chmod(0o755)
        setting.work.write(home / "www")
        with serving(home / "www", home / "nginx", free_port()) as origin:
            urls = origin.urls(setting.work.names())
            for turn in range(setting.rounds):
                folder = home / f"{turn}"
                set_up(folder, urls, port=port)
                yield Run("help", _OURS, measure([OURS, "--help"], folder / "log"))
                yield Run("check", _OURS, measure(command(folder, "check"), folder / "log"))
                for case in ("first start", "next start"):
                    with service(folder, port) as cost:
                        yield Run(case, _OURS, cost)


@contextlib.contextmanager
def service(folder: Path, port: int) -> Iterator[Cost]:
    """Our service; gives what it cost until it was ready, and ends it after the block.

    Raises:
        RuntimeError: it did not get ready.
    """
    with (folder / "log").open("ab") as log:
        began = time.perf_counter()
        words = command(folder, "run")
        process = subprocess.Popen(words, stdout=log, stderr=log, env=environment())
    try:
        wait_until(process, f"http://127.0.0.1:{port}/readyz")
        wall = time.perf_counter() - began
        yield Cost(cpu_of_tree(process.pid), wall, memory_of_tree(process.pid) / 1e6)
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(30)


def wait_until(process: subprocess.Popen[bytes], url: str) -> None:
    """Wait until a server answers well.

    Raises:
        RuntimeError: it ended, or took too long.
    """
    give_up = time.monotonic() + _PATIENCE
    while time.monotonic() < give_up and process.poll() is None:
        with contextlib.suppress(OSError), urlopen(url) as answer:
            answer.read()
            return
        time.sleep(0.01)  # there is nothing else to wait for
    raise RuntimeError("the service did not get ready")
