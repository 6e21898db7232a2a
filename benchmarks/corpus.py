"""What all real feeds of the shared corpus cost: `python -m benchmarks.corpus [--sanitizer nh3]`.

Serves every document of `../shared/corpus/real` from loopback, each as a source, and runs the whole
command twice, `aggregator ingest`, on an empty folder and on what that left. Prints what became of
the sources, the time, the CPU of all processes, the most memory that they held together, and how
many published files and articles the second run changed (there should be none).
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from benchmarks.measure import Cost, measure
from tests.support.folders import published
from tests.support.real_feeds import RealFeeds, real_feeds
from tests.support.shared import SHARED


def ingest(folder: Path) -> tuple[Cost, Mapping[str, Any]]:
    """Run the command once; what it cost, and what it printed. Failed sources are no failure."""
    log = folder / "ingest.log"
    log.unlink(missing_ok=True)
    command = [sys.executable, "-m", "aggregator", "--config", str(folder / "config"), "--quiet"]
    cost = measure([*command, "ingest", "--json"], log, good=(0, 1))
    said = log.read_text(encoding="utf-8")
    return cost, json.loads(said[said.index("{") :])


def row(name: str, cost: Cost, tally: Mapping[str, Any]) -> str:
    """One run in one line."""
    articles, sources = tally["articles"], tally["sources"]
    told = ", ".join(f"{articles[key]} {key}" for key in ("new", "updated", "duplicates"))
    return (
        f"{name}: {cost.wall:.1f} s, CPU {cost.cpu:.1f} s, {cost.peak_mb:.0f} MB:"
        f" {sources['read']} sources read, {len(tally['failed'])} failed with a reason; {told}"
    )


def run(feeds: RealFeeds, folder: Path, sanitizer: str) -> None:
    """Both runs, told."""
    feeds.configured(folder, clean={"sanitizer": sanitizer})
    print(f"{feeds.documents} documents, sanitizer {sanitizer}")
    print(row("first run", *ingest(folder)))
    before = published(folder)
    print(row("second run", *ingest(folder)))
    after = published(folder)
    changed = [name for name in before.keys() | after if before.get(name) != after.get(name)]
    size = sum(map(len, after.values())) / 1e6
    print(f"published: {len(after)} files, {size:.1f} MB; the second run changed {len(changed)}")


def main() -> int:
    """Print the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sanitizer", choices=("bleach", "nh3"), default="bleach")
    sanitizer = parser.parse_args().sanitizer
    if not SHARED.exists():
        print("The corpora are not beside the project (../shared/corpus).")
        return 1
    with tempfile.TemporaryDirectory() as folder, real_feeds() as feeds:
        run(feeds, Path(folder), sanitizer)
    return 0


if __name__ == "__main__":
    sys.exit(main())
