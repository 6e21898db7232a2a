"""Only the sanitizing: `python -m benchmarks.contestants.bare_bleach FOLDER URLS FEEDS SEED`.

Every body of the work through the whole of bleach, in two processes; what it costs to make the
bodies is taken off the CPU time and written down.
"""

from __future__ import annotations

import multiprocessing
import sys
import time
from pathlib import Path

from aggregator.text.markup import bleach_alone
from benchmarks.work import Work

PROCESSES = 2


def main(folder: Path, work: Work) -> None:
    """Split the feeds among the processes."""
    with multiprocessing.Pool(PROCESSES) as pool:
        parts = [range(each, work.feeds, PROCESSES) for each in range(PROCESSES)]
        seconds = pool.starmap(clean, [(work, part) for part in parts])
    (folder / "cpu").write_text(str(sum(seconds)))
    (folder / "wall").write_text(str(max(seconds)))
    (folder / "articles").write_text(str(work.articles))


def clean(work: Work, feeds: range) -> float:
    """CPU seconds that the bodies of these feeds take."""
    used = 0.0
    for feed in feeds:
        entries = work.entries(feed)
        began = time.process_time()
        for entry in entries:
            bleach_alone(entry.body)
        used += time.process_time() - began
    return used


if __name__ == "__main__":
    main(Path(sys.argv[1]), Work(int(sys.argv[3]), int(sys.argv[4])))
