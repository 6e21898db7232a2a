"""What storing an article costs: `python -m benchmarks.store [--postgres]`.

New articles come 20 in a transaction with a copy, two aliases and four placements each; then the
same ones come again. Deciding is part of it, hashing the text is not: workers do that beforehand.
CPU seconds are those of this process, without PostgreSQL's own.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import timedelta

from aggregator.dedupe.bodies import text_hash
from aggregator.model.results import Outcome
from aggregator.store.store import Store, open_store
from tests.support.outcomes import NOON, article, configuration, decide, due_at_once, outcome
from tests.support.postgres import create_database, postgres_server

BATCHES = 250
ARTICLES = 20
SOURCES = 50
_WORDS = "word soup of many things, cooked for as long as it takes. " * 90


def _batch(number: int) -> Outcome:
    source = f"s{number % SOURCES}"
    articles = [
        article(
            f"story {number} of {each}",
            source,
            body=f"<p>{_WORDS}{number} {each}</p>",
            aliases=(f"link {number} {each}", f"title {number} {each}"),
            published_at=NOON - timedelta(minutes=number),
        )
        for each in range(ARTICLES)
    ]
    return outcome(*(replace(each, text_hash=text_hash(each)) for each in articles), source=source)


def _measure(name: str, work: Callable[[], object], count: int) -> None:
    wall, cpu = time.perf_counter(), time.process_time()
    work()
    wall, cpu = time.perf_counter() - wall, time.process_time() - cpu
    print(f"{name:28} {1e6 * wall / count:8.0f} µs wall {1e6 * cpu / count:8.0f} µs CPU")


def _run(store: Store, batches: Sequence[Outcome]) -> None:
    sources = {f"s{number}": ("news/world",) for number in range(SOURCES)}
    store.sync_configuration(configuration(sources), NOON, due_at_once)
    decided, count = decide(), BATCHES * ARTICLES

    def record() -> None:
        for batch in batches:
            store.record([batch], decided, NOON)

    def look_up() -> None:
        for batch in batches:
            assert batch.digest
            keys = [each.entry.entry_key for each in batch.digest.articles]
            store.known_entries(batch.digest.source_id, keys)

    _measure("a new article", record, count)
    _measure("the same again", record, count)
    _measure("a known entry looked up", look_up, count)
    _measure("a feed of 100 articles", lambda: store.newest("news", 100, 0), 1)
    _measure("who is due", lambda: store.due_sources(NOON, 100, 9), 1)


def main() -> None:
    """Measure SQLite, and PostgreSQL where it is asked for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--postgres", action="store_true", help="measure PostgreSQL as well")
    options = parser.parse_args()
    batches = [_batch(number) for number in range(BATCHES)]
    with tempfile.TemporaryDirectory() as folder:
        print("SQLite")
        _run(open_store(f"sqlite:///{folder}/store.db", "feeds.example"), batches)
    if options.postgres:
        with postgres_server() as server:
            url = create_database(server, "benchmark").render_as_string(hide_password=False)
            print("PostgreSQL")
            _run(open_store(url, "feeds.example"), batches)


if __name__ == "__main__":
    main()
