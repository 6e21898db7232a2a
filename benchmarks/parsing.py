"""What reading a feed costs: `python -m benchmarks.parsing [--rounds N]`.

Prints the CPU time from the bytes of a document to its entries, over the real feeds of the shared
corpus: median, 99th percentile and longest, by the size of the document; and the slowest five.
Documents that are no feeds count with what it takes to refuse them.
"""

from __future__ import annotations

import argparse
import math
import sys
import time
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from aggregator.errors import ParseError
from aggregator.model.pages import Page
from aggregator.sources.feed.documents import read_feed
from tests.support.shared import SHARED

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
SIZES = {"below 10 KB": 10_000, "10 to 100 KB": 100_000, "above 100 KB": sys.maxsize}


@dataclass(frozen=True)
class Read:
    """One document: how large, how many entries, and milliseconds of CPU, the best of some."""

    name: str
    size: int
    entries: int
    milliseconds: float


def measure(path: Path, rounds: int) -> Read:
    """Read a document so many times."""
    body = path.read_bytes()
    page = Page(f"https://wire.example/{path.name}", 200, {}, body, NOW)
    best, entries = float("inf"), 0
    for _ in range(rounds):
        began = time.process_time_ns()
        try:
            entries = len(read_feed(page).entries)
        except ParseError:
            entries = 0
        best = min(best, (time.process_time_ns() - began) / 1e6)
    return Read(path.name, len(body), entries, best)


def percentile(values: list[float], share: float) -> float:
    """The value that so many of a hundred do not exceed (nearest rank)."""
    rank = math.ceil(len(values) * share / 100)
    return sorted(values)[max(rank, 1) - 1]


def row(name: str, found: list[Read]) -> str:
    """One line of the table."""
    times = [each.milliseconds for each in found]
    entries, size = sum(each.entries for each in found), sum(each.size for each in found)
    return (
        f"{name:<14}{len(found):>10,}{entries:>9,}{size / 1e6:>8.1f}"
        f"{percentile(times, 50):>11.2f}{percentile(times, 99):>9.2f}{max(times):>9.2f}"
    )


def main() -> int:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=3, help="of each document the best of N")
    rounds = parser.parse_args().rounds
    if not SHARED.exists():
        print("The corpora are not beside the project (../shared/corpus).")
        return 1
    paths = sorted(
        path
        for path in (SHARED / "corpus/real").rglob("*")
        if path.is_file() and not path.name.endswith(".expected.json")
    )
    measure(paths[0], 1)  # loads the libraries
    found = [measure(path, rounds) for path in paths]
    print(f"{'documents':<24}{'entries':>9}{'MB':>8}{'median ms':>11}{'99 % ms':>9}{'max ms':>9}")
    smallest = 0
    for name, largest in SIZES.items():
        print(row(name, [each for each in found if smallest <= each.size < largest]))
        smallest = largest
    print(row("all", found))
    for each in sorted(found, key=lambda each: -each.milliseconds)[:5]:
        print(f"slowest: {each.milliseconds:8.2f} ms  {each.size / 1e6:5.2f} MB  {each.name}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
