"""10,000 conditional requests to the service's own server, half of them answered 304.

`python -m benchmarks.conditional`: 50 kept-alive connections on loopback ask for a feed of 1 MB in
turn with its tag (304) and with another one (200, gzip). Prints errors, requests a second, p50 and
p99 of each answer, and how much the server's memory grew. Client and server are two processes.
"""

from __future__ import annotations

import asyncio
import json
import random
import re
import subprocess
import sys
import tempfile
import time
from pathlib import Path

CONNECTIONS = 50
REQUESTS = 10_000
_SERVER = """
import asyncio, sys
from pathlib import Path
import uvicorn
from tests.support.serving import site
config = uvicorn.Config(site(Path(sys.argv[1])), port=int(sys.argv[2]), log_level="error")
uvicorn.Server(config).run()
"""
_PORT = 18_765


def main() -> None:
    """Serve a feed, ask, and print what came out."""
    with tempfile.TemporaryDirectory() as folder:
        feed = Path(folder) / "news/rss.xml"
        feed.parent.mkdir()
        words = random.Random(1).randbytes(300_000).hex()
        feed.write_text(f"<rss>{words}{'news ' * 90_000}</rss>")
        server = subprocess.Popen([sys.executable, "-c", _SERVER, folder, str(_PORT)])
        try:
            print(json.dumps(asyncio.run(_measure(server.pid)), indent=1))
        finally:
            server.terminate()
            server.wait()


async def _measure(pid: int) -> dict[str, object]:
    tag = await _tag()
    await _many(tag, REQUESTS // 10)  # what is made once is not what is measured
    before, started = _memory(pid), time.perf_counter()
    times = await _many(tag, REQUESTS)
    seconds = time.perf_counter() - started
    answers: dict[str, object] = {
        f"{status}": {"answers": len(each), **_spread(each)} for status, each in times.items()
    }
    own = sum(times.get(304, []))
    return {
        **answers,
        "requests a second": round(REQUESTS / seconds),
        "304 a second, asked alone": round(await _alone(tag)),
        "memory grown, MB": round((_memory(pid) - before) / 1024, 1),
        "seconds in 304": round(own, 2),
    }


def _spread(times: list[float]) -> dict[str, float]:
    ordered = sorted(times)
    return {
        name: round(1000 * ordered[int(share * (len(ordered) - 1))], 2)
        for name, share in (("p50 ms", 0.5), ("p99 ms", 0.99))
    }


async def _alone(tag: str) -> float:
    started = time.perf_counter()
    await asyncio.gather(*(_ask([tag] * (REQUESTS // CONNECTIONS), {}) for _ in range(CONNECTIONS)))
    return REQUESTS / (time.perf_counter() - started)


async def _many(tag: str, count: int) -> dict[int, list[float]]:
    times: dict[int, list[float]] = {}
    tags = [tag, '"other"'] * (count // CONNECTIONS // 2)
    await asyncio.gather(*(_ask(tags, times) for _ in range(CONNECTIONS)))
    return times


async def _ask(tags: list[str], times: dict[int, list[float]]) -> None:
    """Ask with each of these tags over one connection; a wrong answer counts as status 0."""
    reader, writer = await asyncio.open_connection("127.0.0.1", _PORT)
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


async def _tag() -> str:
    for _ in range(100):
        try:
            reader, writer = await asyncio.open_connection("127.0.0.1", _PORT)
        except OSError:
            await asyncio.sleep(0.1)
            continue
        _, head = await _exchange(reader, writer, '""')
        writer.close()
        found = re.search(rb'etag: ("[^"]+")', head)
        if found:
            return found[1].decode()
    raise SystemExit("the server does not answer")


def _memory(pid: int) -> float:
    """Kilobytes that a process holds."""
    status = Path(f"/proc/{pid}/status").read_text("utf-8")
    found = re.search(r"VmRSS:\s+(\d+)", status)
    return float(found[1]) if found else 0.0


if __name__ == "__main__":
    main()
