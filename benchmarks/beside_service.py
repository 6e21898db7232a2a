"""The service that `conditional` measures: `python -m benchmarks.beside_service HOME ORIGIN_PORT`.

One process as `aggregator run` is one: it serves HOME/served, and reads every source, with the
threads, workers and politeness of the service, each time that a line comes in on standard input.
Prints the port that it serves on, then a line of JSON for each cycle.
"""

from __future__ import annotations

import json
import logging
import sys
import time
from collections import Counter
from contextlib import closing
from pathlib import Path

from aggregator.cli.logs import set_up_logs
from aggregator.config.load import load
from aggregator.ingest.engine import Unstored
from aggregator.service.assembly import Assembly, assemble, open_configured_store
from aggregator.web.server import HttpServer
from benchmarks.mapped_service import mapped
from tests.support.folders import configured
from tests.support.serving import site

SOURCES = 200


def configure(home: Path, origin_port: int) -> None:
    """Sources that each have a domain of their own."""
    sources = [
        {"id": f"s{number}", "url": f"http://s{number}.test:{origin_port}/", "category": "news"}
        for number in range(SOURCES)
    ]
    configured(home, sources, [{"id": "news"}])


def cycle(parts: Assembly) -> dict[str, float]:
    """Read every source once; the seconds it took, and how the visits ended."""
    began = time.perf_counter()
    ids = [f"s{number}" for number in range(SOURCES)]
    ends = Counter(
        "unstored" if isinstance(end, Unstored) else end.status.value
        for end in parts.engine.ingest_all(ids)
    )
    return {"seconds": time.perf_counter() - began, **ends}


def main(home: Path, origin_port: int) -> None:
    """Serve, and read when told to, until standard input ends."""
    set_up_logs(logging.ERROR)
    configure(home, origin_port)
    configuration = load(home / "config", {})
    policy = mapped("127.0.0.1", origin_port)
    with (
        closing(open_configured_store(configuration)) as store,
        closing(assemble(configuration, store, policy=policy)) as parts,
    ):
        server = HttpServer(site(home / "served"), "127.0.0.1:0")
        server.start()
        _say(server.address.rpartition(":")[2])
        for _ in sys.stdin:
            _say(json.dumps(cycle(parts)))
        server.stop()


def _say(line: str) -> None:
    sys.stdout.write(f"{line}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))
