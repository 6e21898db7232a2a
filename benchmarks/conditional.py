"""10,000 conditional requests to the service, half of them answered 304, and a cycle beside them.

`python -m benchmarks.conditional`: 50 kept-alive connections on loopback ask for a feed of 1 MB in
turn with its tag (304) and with another one (200, gzip). Prints errors, requests a second, p50 and
p99 of each answer, and how much the service's memory grew. Then the service reads its 200 sources,
whose origin answers after 0.3 s, in turn alone and beside 10,000 such requests: the medians of both
and their ratio. Service, origin and whoever asks are three processes.
"""

from __future__ import annotations

import asyncio
import json
import random
import re
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import IO

from benchmarks.beside_service import SOURCES

CONNECTIONS = 50
REQUESTS = 10_000
ROUNDS = 3
Times = dict[int, list[float]]
"""Seconds by the status of the answer."""


@dataclass(frozen=True)
class Service:
    """The service, and its origin."""

    process: subprocess.Popen[str]
    port: int
    origin: int

    def begin_cycle(self) -> None:
        """Let it read its sources, a tenth of which have something new."""
        _ask_origin(self.origin)
        _pipe(self.process.stdin).write("\n")
        _pipe(self.process.stdin).flush()

    def cycle(self) -> dict[str, float]:
        """How the cycle that was begun went; waits for its end."""
        ended: dict[str, float] = json.loads(_pipe(self.process.stdout).readline())
        if ended.get("ok", 0) + ended.get("not_modified", 0) != SOURCES:
            raise SystemExit(f"sources could not be read: {ended}")
        return ended


def main() -> None:
    """Serve a feed, ask, read beside it, and print what came out."""
    with tempfile.TemporaryDirectory() as folder, _service(Path(folder)) as service:
        print(json.dumps(asyncio.run(_measure(service)), indent=1))


@contextmanager
def _service(home: Path) -> Iterator[Service]:
    feed = home / "served/news/rss.xml"
    feed.parent.mkdir(parents=True)
    words = random.Random(1).randbytes(300_000).hex()
    feed.write_text(f"<rss>{words}{'news ' * 90_000}</rss>")
    with _started("benchmarks.beside_origin") as origin:
        origin_port = int(_pipe(origin.stdout).readline())
        with _started("benchmarks.beside_service", str(home), str(origin_port)) as process:
            port = int(_pipe(process.stdout).readline())
            yield Service(process, port, origin_port)


@contextmanager
def _started(module: str, *words: str) -> Iterator[subprocess.Popen[str]]:
    process = subprocess.Popen(
        [sys.executable, "-m", module, *words],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        yield process
    finally:
        _pipe(process.stdin).close()  # with which both of them end
        process.wait(timeout=60)


async def _measure(service: Service) -> dict[str, object]:
    tag = await _tag(service.port)
    await _many(service.port, tag, REQUESTS // 10)  # what is made once is not what is measured
    before, started = _memory(service.process.pid), time.perf_counter()
    times = await _many(service.port, tag, REQUESTS)
    seconds = time.perf_counter() - started
    answers: dict[str, object] = {
        f"{status}": {"answers": len(each), **_spread(each)} for status, each in times.items()
    }
    return {
        **answers,
        "requests a second": round(REQUESTS / seconds),
        "304 a second, asked alone": round(await _alone(service.port, tag)),
        "memory grown, MB": round((_memory(service.process.pid) - before) / 1024, 1),
        "seconds in 304": round(sum(times.get(304, [])), 2),
        "cycle": await _beside(service, tag),
    }


async def _beside(service: Service, tag: str) -> dict[str, object]:
    """Cycles alone and beside requests, in turn; the first, in which all is new, does not count."""
    service.begin_cycle()
    service.cycle()
    alone, beside, last = list[float](), list[float](), dict[str, float]()
    asked: Times = {}
    for _ in range(ROUNDS):
        service.begin_cycle()
        alone.append(service.cycle()["seconds"])
        service.begin_cycle()
        asking = _many(service.port, tag, REQUESTS)
        times, last = await asyncio.gather(asking, asyncio.to_thread(service.cycle))
        beside.append(last["seconds"])
        for status, each in times.items():
            asked.setdefault(status, []).extend(each)
    return {
        "sources": {name: count for name, count in last.items() if name != "seconds"},
        "alone, s": round(median(alone), 2),
        f"beside {REQUESTS:,} requests, s": round(median(beside), 2),
        "ratio": round(median(beside) / median(alone), 3),
        "answers beside it": {f"{status}": len(each) for status, each in asked.items()},
        "p99 of a 304 beside it, ms": _spread(asked[304])["p99 ms"],
    }


def _spread(times: list[float]) -> dict[str, float]:
    ordered = sorted(times)
    return {
        name: round(1000 * ordered[int(share * (len(ordered) - 1))], 2)
        for name, share in (("p50 ms", 0.5), ("p99 ms", 0.99))
    }


async def _alone(port: int, tag: str) -> float:
    started = time.perf_counter()
    tags = [tag] * (REQUESTS // CONNECTIONS)
    await asyncio.gather(*(_ask(port, tags, {}) for _ in range(CONNECTIONS)))
    return REQUESTS / (time.perf_counter() - started)


async def _many(port: int, tag: str, count: int) -> Times:
    times: Times = {}
    tags = [tag, '"other"'] * (count // CONNECTIONS // 2)
    await asyncio.gather(*(_ask(port, tags, times) for _ in range(CONNECTIONS)))
    return times


async def _ask(port: int, tags: list[str], times: Times) -> None:
    """Ask with each of these tags over one connection."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    for tag in tags:
        started = time.perf_counter()
        status, _ = await _exchange(reader, writer, tag)
        times.setdefault(status, []).append(time.perf_counter() - started)
    writer.close()


async def _exchange(
    reader: asyncio.StreamReader, writer: asyncio.StreamWriter, tag: str
) -> tuple[int, bytes]:
    lines = ["GET /news/rss.xml HTTP/1.1", "Host: x", "Accept-Encoding: gzip"]
    writer.write("\r\n".join([*lines, f"If-None-Match: {tag}", "", ""]).encode())
    head = await reader.readuntil(b"\r\n\r\n")
    length = re.search(rb"content-length: (\d+)", head)
    if length:
        await reader.readexactly(int(length[1]))
    return int(head.split(b" ", 2)[1]), head


async def _tag(port: int) -> str:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    _, head = await _exchange(reader, writer, '""')
    writer.close()
    found = re.search(rb'etag: ("[^"]+")', head)
    if not found:
        raise SystemExit("the server says no tag")
    return found[1].decode()


def _ask_origin(port: int) -> None:
    with socket.create_connection(("127.0.0.1", port)) as connection:
        connection.sendall(b"GET /next HTTP/1.1\r\nHost: x\r\n\r\n")
        connection.recv(1000)


def _pipe(pipe: IO[str] | None) -> IO[str]:
    if pipe is None:
        raise SystemExit("a process has no pipe")
    return pipe


def _memory(pid: int) -> float:
    """Kilobytes that a process holds."""
    status = Path(f"/proc/{pid}/status").read_text("utf-8")
    found = re.search(r"VmRSS:\s+(\d+)", status)
    return float(found[1]) if found else 0.0


if __name__ == "__main__":
    main()
