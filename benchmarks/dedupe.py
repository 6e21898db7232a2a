"""What the dedupe step costs among very many: `python -m benchmarks.dedupe [--postgres] [--near]`.

A database with 1,000,000 articles, each with one copy, is filled without going through the program;
then 20,000 new articles come, 1,000 in a batch from 50 sources, every tenth under a title that is
stored. Timed is what decides: asking the store what must be known, and the decision. CPU seconds
are those of this process, without PostgreSQL's own; statements are counted.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from functools import partial
from itertools import islice
from typing import Any, TypeVar

from sqlalchemy import Connection, event, insert

from aggregator.contracts import Decide
from aggregator.dedupe.bodies import measured
from aggregator.model.articles import Article, Verdict
from aggregator.model.entries import Origin
from aggregator.store.database import Database
from aggregator.store.knowing import load_known
from aggregator.store.rows import from_origin
from aggregator.store.store import open_store
from aggregator.store.tables import ARTICLE, COPY
from aggregator.text.hashing import fingerprint
from aggregator.text.titles import title_key
from tests.support.outcomes import NOON, article, configuration, decide, due_at_once
from tests.support.postgres import create_database, postgres_server

T = TypeVar("T")
SOURCES = 50
BATCH = 1_000
_ROWS_AT_ONCE = 5_000
_BODY = "<p>" + "word soup of many things, cooked for as long as it takes. " * 20 + "</p>"


@dataclass
class Cost:
    """What the batches cost, and what was decided."""

    seconds: list[float] = field(default_factory=list)
    cpu: list[float] = field(default_factory=list)
    statements: int = 0
    duplicates: int = 0

    def line(self, name: str, count: int) -> str:
        """The result in one line."""
        total, cpu = sum(self.seconds), sum(self.cpu)
        return (
            f"{name:12} {total:6.2f} s ({cpu:.2f} s CPU) for {count:,} articles, "
            f"{1e6 * total / count:.0f} µs each; slowest batch {max(self.seconds):.2f} s; "
            f"{self.statements / len(self.seconds):.0f} statements a batch; "
            f"{self.duplicates:,} duplicates"
        )


def _batched(rows: Iterable[T], size: int) -> Iterator[list[T]]:
    iterator = iter(rows)
    while batch := list(islice(iterator, size)):
        yield batch


def _title(number: int) -> str:
    return f"Council of district {number} decides on the budget for its schools"


def _rows(stored: int) -> Iterator[tuple[dict[str, Any], dict[str, Any]]]:
    """Rows of articles and of their copies."""
    origin, text_hash = from_origin(Origin()), fingerprint("text", _BODY)
    for number in range(stored):
        key, story = title_key(_title(number)), fingerprint("story", str(number))
        at, source = NOON - timedelta(seconds=number), f"s{number % SOURCES}"
        same = {
            "title_key": key, "source_id": source, "title": _title(number),
            "link": f"https://{source}.example/{number}", "published_at": at,
            "date_is_known": True, "content_hash": story, "text_hash": text_hash,
            "first_seen_at": at,
        }  # fmt: skip
        shown = {
            "id": number + 1, "story_key": story, "token": story[:20], "public_id": f"tag:{story}",
            "summary": "", "body": _BODY, "author": "", "updated_at": at, "image": None,
            "enclosures": [], "tags": [], "language": "", "origin": origin,
        }  # fmt: skip
        line = {
            "entry_key": fingerprint("old", str(number)), "article_id": number + 1,
            "entry_hash": story, "text_length": 900, "decided_at": at, "decided_by": "first_seen",
            "standing": True, "document": "", "is_present": True, "own_paths": [],
        }  # fmt: skip
        yield {**same, **shown}, {**same, **line}


def _fill(database: Database, stored: int) -> None:
    for rows in _batched(_rows(stored), _ROWS_AT_ONCE):
        database.write(partial(_insert, rows=rows))
    database.write(lambda connection: connection.exec_driver_sql("ANALYZE").close())


def _insert(connection: Connection, rows: list[tuple[dict[str, Any], dict[str, Any]]]) -> None:
    connection.execute(insert(ARTICLE), [row for row, _ in rows])
    connection.execute(insert(COPY), [line for _, line in rows])


def _new(count: int, stored: int) -> list[Article]:
    """New articles; every tenth under a title that is stored, an hour later, with its text."""
    found = []
    for number in range(count):
        old = number * (stored // count)
        known = number % 10 == 0
        made = article(
            f"new {number}",
            f"s{(number + 1) % SOURCES}",
            title=_title(old) if known else f"Mayor {number} opens a bridge over the river",
            body=_BODY if known else f"<p>{number} {_BODY[3:]}",
            published_at=NOON - timedelta(seconds=old) + timedelta(hours=known),
        )
        found.append(measured(made))
    return found


def _decide(connection: Connection, decided: Decide, articles: Sequence[Article]) -> Cost:
    cost = Cost()

    def count(*_: object) -> None:
        cost.statements += 1

    event.listen(connection, "before_cursor_execute", count)
    for batch in _batched(articles, BATCH):
        wall, cpu = time.perf_counter(), time.process_time()
        known, _ = load_known(connection, decided.wanted(batch))
        decisions = decided(batch, known)
        cost.seconds.append(time.perf_counter() - wall)
        cost.cpu.append(time.process_time() - cpu)
        cost.duplicates += sum(each.verdict is Verdict.DUPLICATE for each in decisions)
    return cost


def _run(name: str, url: str, options: argparse.Namespace) -> None:
    store = open_store(url, "feeds.example")
    sources = {f"s{number}": ("news/world",) for number in range(SOURCES)}
    store.sync_configuration(configuration(sources), NOON, due_at_once)
    store.close()
    database = Database(url)
    began = time.perf_counter()
    _fill(database, options.stored)
    print(f"{name:12} filled with {options.stored:,} in {time.perf_counter() - began:.0f} s")
    articles = _new(options.new, options.stored)
    decided = decide(near=options.near)
    cost = database.read(lambda connection: _decide(connection, decided, articles))
    print(cost.line(name, len(articles)), flush=True)
    database.close()


def main() -> None:
    """Measure SQLite, and PostgreSQL where it is asked for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--postgres", action="store_true", help="measure PostgreSQL as well")
    parser.add_argument("--near", action="store_true", help="with `dedupe.near`")
    parser.add_argument("--stored", type=int, default=1_000_000, help="articles that are stored")
    parser.add_argument("--new", type=int, default=20_000, help="articles that come")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        _run("SQLite", f"sqlite:///{folder}/store.db", options)
    if options.postgres:
        with postgres_server() as server:
            url = create_database(server, "benchmark").render_as_string(hide_password=False)
            _run("PostgreSQL", url, options)


if __name__ == "__main__":
    main()
