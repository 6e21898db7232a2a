"""Runs our real service with every name of the internet mapped to one server of this machine.

`python -m benchmarks.mapped_service CONFIG HOST PORT`: what it connects to is that server alone,
whatever the configuration names; everything else is as `aggregator run` does it.
"""

from __future__ import annotations

import sys
from pathlib import Path

from aggregator.cli.call import Call
from aggregator.cli.running import run_service
from aggregator.fetch.guard import AddressPolicy


def mapped(host: str, port: int) -> AddressPolicy:
    """Every name leads there, and no other address may be connected to."""
    return AddressPolicy(exceptions=frozenset({(host, port)}), resolve=lambda *_: [host])


def main(folder: Path, host: str, port: int) -> None:
    """Run until a signal ends it."""
    call = Call(folder)
    run_service(call.configuration(), folder, call.voice, mapped(host, port))


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2], int(sys.argv[3]))
