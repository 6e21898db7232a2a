"""A process that stores the same stories as another one at the same moment.

Started as `python -m tests.support.two_writers URL SOURCE COUNT`; it says `ready`, waits for a
line, and stores each batch of stories as its source.
"""

from __future__ import annotations

import sys

from aggregator.store.store import open_store
from tests.support.outcomes import NOON, article, decide, outcome

BATCH = 10


def main(url: str, source: str, count: int) -> None:
    """Store `count` stories in batches; the two sources go through each batch in opposite order."""
    store = open_store(url, "feeds.example")
    stories = [article(f"story {n}", source) for n in range(count)]
    batches = [stories[start : start + BATCH] for start in range(0, count, BATCH)]
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    sys.stdin.readline()
    for batch in batches:
        articles = batch if source == "wire" else batch[::-1]
        (tally,) = store.record([outcome(*articles, source=source)], decide(), NOON)
        sys.stdout.write(f"{tally.new} {tally.duplicate} {tally.unchanged}\n")
    store.close()


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], int(sys.argv[3]))
