"""Reads the sources of a folder within one process, and tells what that process did.

`python -m tests.support.audited FOLDER HOST PORT`: Python's audit hooks see every connection, every
file that is opened, and every program that is started. HOST:PORT is the one address that is no
public one and may be connected to all the same. Prints a line of JSON for each event.
"""

from __future__ import annotations

import json
import logging
import os
import sys
from collections.abc import Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

from aggregator.cli.logs import set_up_logs
from aggregator.config.load import load
from aggregator.fetch.guard import AddressPolicy
from aggregator.ingest.workers import InlineWorkers
from aggregator.service.assembly import assemble, open_configured_store

STARTS = frozenset(
    {"subprocess.Popen", "os.system", "os.exec", "os.posix_spawn", "os.spawn", "pty.spawn"}
)
"""Events of a program being started."""
_WATCHED = STARTS | {"open", "socket.connect", "urllib.Request", "ftplib.connect", "os.rename"}


def audited(folder: Path, host: str, port: int) -> Sequence[tuple[str, str]]:
    """Read every source and publish; gives the events of the whole of it."""
    events: list[tuple[str, str]] = []

    def note(event: str, arguments: tuple[Any, ...]) -> None:
        if event in _WATCHED:
            what = arguments[1] if event == "socket.connect" else arguments[0]
            events.append((event, os.fsdecode(what) if isinstance(what, bytes) else str(what)))

    configuration = load(folder / "config", {})
    policy = AddressPolicy(exceptions=frozenset({(host, port)}))
    with (
        closing(open_configured_store(configuration)) as store,
        closing(assemble(configuration, store, workers=InlineWorkers(), policy=policy)) as parts,
    ):
        sys.addaudithook(note)
        for _ in parts.engine.ingest_all([spec.id for spec in configuration.sources]):
            pass
        parts.publisher.publish_all()
        return list(events)


if __name__ == "__main__":
    set_up_logs(logging.WARNING)
    for told in audited(Path(sys.argv[1]), sys.argv[2], int(sys.argv[3])):
        sys.stdout.write(json.dumps(told) + "\n")
