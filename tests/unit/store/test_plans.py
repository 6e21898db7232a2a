"""The queries of every tick, batch and feed go by an index, and every index serves a query."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from itertools import chain
from typing import Any

import pytest
from sqlalchemy import event, text
from sqlmodel import SQLModel

from aggregator.model.articles import Dropped, DropReason, Stage
from aggregator.model.ledger import WhichDrops
from aggregator.model.settings import Keep
from aggregator.store.store import Store
from aggregator.text.hashing import fingerprint
from tests.support.outcomes import NOON, article, decide, outcome

LATER = NOON + timedelta(days=900)
_QUERIES: dict[str, Callable[[Store], object]] = {
    "due_sources": lambda store: store.due_sources(NOON, 10, 9),
    "newest": lambda store: store.newest("news", 100, 0),
    "newest_per_source": lambda store: store.newest("news", 100, 3),
    "pages": lambda store: store.newest("news", 600, 600),
    "known_entries": lambda store: store.known_entries("wire", ["0" * 64, "1" * 64]),
    "pages_due": lambda store: store.pages_due("wire", NOON),
    "article_pages": lambda store: store.article_pages("wire", ["0" * 64, "1" * 64]),
    "stamps": lambda store: store.stamps("wire"),
    "search": lambda store: store.search("知识产权 wave"),
    "article": lambda store: store.article("0" * 20),
    "copies": lambda store: store.copies("0" * 20),
    "record": lambda store: store.record([outcome(article("new"))], decide(near=True), NOON),
    "vanished": lambda store: store.record(
        [outcome(stamps={"a.md": "1"}, vanished=("b.md",))], decide(), NOON
    ),
    "housekeeping": lambda store: store.housekeeping(LATER, Keep()),
}
_FOR_PEOPLE: dict[str, Callable[[Store], object]] = {
    "health": lambda store: store.health(NOON),
    "dropped": lambda store: store.dropped(WhichDrops(source_id="wire"), 10),
    "find": lambda store: store.find("https://wire.example/wave 1"),
    "history": lambda store: store.history(store.newest("news", 1, 0)[0].token),
}
_INDEXES = {
    "record": ("article_by_title", "copy_by_title", "copy_by_time"),
    "vanished": ("copy_by_document",),
    "copies": ("copy_by_article",),
    "newest": ("placement_newest",),
    "due_sources": ("source_due", "domain_resting"),
    "pages_due": ("page_due",),
    "health": ("copy_by_first_seen", "fetch_by_source"),
    "dropped": ("dropped_of_source",),
    "find": ("copy_by_link",),
    "history": ("article_merged",),
    "housekeeping": ("article_by_age", "fetch_by_time", "page_by_time", "dropped_by_time"),
}
"""By query, the indexes that are there for it; the last one empties the store."""

_WHOLE_TABLE = re.compile(
    r"Seq Scan|^SCAN (?!\(subquery|anon|found|search VIRTUAL|CONSTANT ROW|asked VIRTUAL)",
    re.MULTILINE,
)


@contextmanager
def _explained(store: Store) -> Iterator[dict[str, str]]:
    """Gathers the plan of each statement while it lasts."""
    plans: dict[str, str] = {}
    engine = store._database.engine

    def explain(connection: Any, cursor: Any, statement: str, *rest: Any) -> None:
        parameters, _, many = rest
        if not re.match("SELECT|UPDATE|DELETE|WITH", statement) or many or statement in plans:
            return
        is_sqlite = connection.dialect.name == "sqlite"
        if not is_sqlite:
            cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute(f"EXPLAIN {'QUERY PLAN ' if is_sqlite else ''}{statement}", parameters)
        plans[statement] = "\n".join(str(row[-1]) for row in cursor.fetchall())

    event.listen(engine, "before_cursor_execute", explain)
    yield plans
    event.remove(engine, "before_cursor_execute", explain)


def _dropped(source: str, number: int) -> Dropped:
    key = fingerprint("id", str(number))
    return Dropped(source, "storm", Stage.CLEAN, DropReason.NOTHING_TO_SHOW, entry_key=key)


@pytest.fixture
def filled(ready: Store) -> Store:
    """A store with some articles, which its planner knows about."""
    many = [article(f"wave {n}", document=f"{n}.md", aliases=(f"a{n}",)) for n in range(600)]
    ready.record([outcome(*many, stamps={f"{n}.md": "1" for n in range(600)})], decide(), NOON)
    for source, when in (("echo", NOON), ("wire", LATER)):
        gone = [outcome(source=source, dropped=(_dropped(source, n),)) for n in range(40)]
        ready.record(gone, decide(), when)
    if ready._database.engine.dialect.name == "postgresql":  # nobody does this on SQLite
        with ready._database.engine.begin() as connection:
            connection.execute(text("ANALYZE"))
    return ready


@pytest.mark.parametrize("query", _QUERIES)
def test_no_query_reads_a_whole_table(filled: Store, query: str) -> None:
    """What runs often finds its rows by an index."""
    with _explained(filled) as plans:
        _QUERIES[query](filled)
    assert plans
    for statement, plan in plans.items():
        assert not _WHOLE_TABLE.search(plan), f"{statement}\n{plan}"


def test_every_index_serves_a_query(filled: Store) -> None:
    """No index is kept up to date for nothing: the query that is named beside it goes by it."""
    unused = dict[str, str]()
    for query, indexes in _INDEXES.items():
        with _explained(filled) as plans:
            (_QUERIES | _FOR_PEOPLE)[query](filled)
        told = "\n".join(f"{statement}\n{plan}" for statement, plan in plans.items())
        unused |= {name: told for name in indexes if not re.search(rf"\b{name}\b", told)}
    assert not unused


def test_every_index_is_named_with_its_query() -> None:
    """Who adds an index says here which query needs it."""
    made = {index.name for table in SQLModel.metadata.sorted_tables for index in table.indexes}
    assert made == set(chain.from_iterable(_INDEXES.values()))


def test_the_newest_are_read_in_the_order_of_an_index(filled: Store) -> None:
    """A feed costs as much as it holds, not as much as its category: nothing is sorted."""
    with _explained(filled) as plans:
        filled.newest("news", 10, 0)
    (plan,) = [plan for statement, plan in plans.items() if "ORDER BY" in statement]
    assert "Sort" not in plan
    assert "TEMP B-TREE" not in plan
    assert "placement_newest" in plan
