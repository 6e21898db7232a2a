"""What it costs to follow very many sources: how fast it starts, how evenly it asks, its memory.

`python -m benchmarks.many_sources ADDRESSES [--minutes 10] [--write]`: takes the addresses of a
file (one a line), each under two names, and follows them all with the real service. None of them is
ever asked: every name leads to one small origin on this machine, which notes each request. Prints
a table; the service is started twice, with an empty database and again with the full one.
"""

from __future__ import annotations

import argparse
import contextlib
import hashlib
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import urlsplit
from urllib.request import urlopen

from benchmarks.measure import cpu_of_tree, memory_of_tree
from benchmarks.origin import free_port
from benchmarks.written import write_table

HOST = "127.0.0.1"
ITEMS = 5
READY_SECONDS = 120
_BEGAN = datetime.now(UTC)


@dataclass
class Log:
    """When the origin was asked for what, by the clock that nobody sets."""

    seen: list[tuple[float, str]] = field(default_factory=list)

    def per_second(self, first: float, last: float) -> list[int]:
        """Requests in each whole second of a time."""
        counted = Counter(int(moment - first) for moment, _ in self.seen if first <= moment < last)
        return [counted[second] for second in range(int(last - first))]


def document(name: str) -> bytes:
    """A feed of a few articles that nobody else has, hours apart."""
    number = int(hashlib.sha256(name.encode()).hexdigest()[:8], 16)
    items = (
        f"<item><title>Story {number} and {each} of {name}</title><guid>{number}-{each}</guid>"
        f"<pubDate>{format_datetime(_BEGAN - timedelta(hours=1 + each * (number % 9 + 1)))}"
        f"</pubDate><description>{'It is told here. ' * 20}</description></item>"
        for each in range(ITEMS)
    )
    body = f"<rss version='2.0'><channel><title>{name}</title>{''.join(items)}</channel></rss>"
    return body.encode()


def origin(log: Log) -> ThreadingHTTPServer:
    """A server that plays every host of the internet; not started."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            """Answer with a document, or that it is unchanged."""
            name = self.headers["Host"].partition(":")[0] + self.path
            log.seen.append((time.monotonic(), name))
            if self.headers["If-None-Match"]:
                self.send_response(304)
                self.end_headers()
                return
            body = document(name.replace("&", "+").replace("<", "+"))
            self.send_response(200)
            self.send_header("ETag", '"1"')
            self.send_header("Content-Type", "application/rss+xml")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base's name
            """Say nothing."""

    ThreadingHTTPServer.request_queue_size = 128
    return ThreadingHTTPServer((HOST, 0), Handler)


def configure(folder: Path, addresses: Sequence[str], port: int, web: int, every: str) -> int:
    """Write the configuration; returns how many sources it names."""
    (folder / "sources").mkdir(parents=True)
    settings = f"fetch: {{every: {every}}}\nserver: {{bind: '{HOST}:{web}'}}\n"
    (folder / "aggregator.yaml").write_text(settings)
    (folder / "categories.yaml").write_text("categories: [{id: small, title: Small web}]\n")
    number = 0
    for first in range(0, len(addresses), 10_000):
        lines = ["sources:"]
        for address in addresses[first : first + 10_000]:
            parts = urlsplit(address)
            rest = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
            for name in ("", "second."):
                number += 1
                url = f"http://{name}{parts.hostname}:{port}{rest}"
                lines.append(f"  - {{id: s{number}, category: small, url: '{url}'}}")
        (folder / f"sources/{first}.yaml").write_text("\n".join(lines) + "\n")
    return number


@dataclass(frozen=True)
class Run:
    """A service that answers; the seconds that it took, and those of them that it computed."""

    pid: int
    ready: float
    cpu: float

    def __str__(self) -> str:
        return f"{self.ready:.1f} s ({self.cpu:.1f} s of CPU)"


@contextlib.contextmanager
def service(folder: Path, port: int, web: int) -> Iterator[Run]:
    """Run the service, from before it answers to its clean end."""
    module = [sys.executable, "-m", "benchmarks.mapped_service"]
    with (folder.parent / "service.log").open("ab") as log:
        began = time.monotonic()
        command = [*module, str(folder), HOST, str(port)]
        process = subprocess.Popen(command, stdout=log, stderr=log)
    try:
        while time.monotonic() < began + READY_SECONDS and process.poll() is None:
            with contextlib.suppress(OSError), urlopen(f"http://{HOST}:{web}/readyz") as answer:
                answer.read()
                break
            time.sleep(0.02)  # there is nothing else to wait for
        yield Run(process.pid, time.monotonic() - began, cpu_of_tree(process.pid))
    finally:
        process.send_signal(signal.SIGTERM)
        process.wait(30)


def page_seconds(web: int, path: str) -> float:
    """How long a page of the service takes."""
    began = time.monotonic()
    with urlopen(f"http://{HOST}:{web}{path}", timeout=120) as answer:
        answer.read()
    return time.monotonic() - began


def watch(run: Run, minutes: float) -> float:
    """Let the service work; returns the most memory that it held."""
    end, peak = time.monotonic() + minutes * 60, 0.0
    while time.monotonic() < end:
        time.sleep(min(5.0, max(end - time.monotonic(), 0)))  # it is time that is measured
        peak = max(peak, memory_of_tree(run.pid))
    return peak / 1e6


def lines(log: Log, folder: Path, ports: tuple[int, int], minutes: float) -> Iterator[str]:
    """Measure, and tell each figure as it is known."""
    port, web = ports
    with service(folder, port, web) as run:
        yield f"| first start, until it answers | {run} |"
        began, cpu = time.monotonic(), cpu_of_tree(run.pid)
        peak = watch(run, minutes)
        counts = log.per_second(began, time.monotonic())
        spent = cpu_of_tree(run.pid) - cpu
        mean = sum(counts) / len(counts)
        asked = Counter(name for _, name in log.seen)
        yield f"| requests in {minutes:g} minutes | {sum(counts)} to {len(asked)} sources |"
        yield f"| most often asked source | {max(asked.values())} times |"
        yield f"| requests a second | mean {mean:.1f}, most {max(counts)}, least {min(counts)} |"
        yield f"| busiest second, in means | {max(counts) / mean:.2f} |"
        yield f"| CPU | {spent / sum(counts) * 1000:.1f} ms a source |"
        yield f"| peak memory, all processes | {peak:.0f} MB |"
        pages = [f"{page_seconds(web, path):.1f} s" for path in ("/status", "/metrics")]
        yield f"| `/status`, `/metrics` | {', '.join(pages)} |"
    with service(folder, port, web) as run:
        yield f"| start again, until it answers | {run} |"


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("addresses", type=Path)
    parser.add_argument("--minutes", type=float, default=10)
    parser.add_argument("--every", default="30m")
    parser.add_argument("--write", action="store_true", help="put it into docs/scheduling.md")
    options = parser.parse_args()
    log = Log()
    server = origin(log)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    with tempfile.TemporaryDirectory() as home:
        folder, web = Path(home) / "config", free_port()
        addresses = options.addresses.read_text("utf-8").split()
        number = configure(folder, addresses, server.server_port, web, options.every)
        told = ["| very many sources | |", "|---|---|", f"| sources | {number:,} |"]
        for each in lines(log, folder, (server.server_port, web), options.minutes):
            print(each, flush=True)
            told.append(each)
    server.shutdown()
    if options.write:
        write_table("many", "\n".join(told) + "\n")


if __name__ == "__main__":
    main()
