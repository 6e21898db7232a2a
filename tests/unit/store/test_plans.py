"""The queries of every tick, batch and feed go by an index, on both databases."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import event, text

from aggregator.model.settings import Keep
from aggregator.store.store import Store
from tests.support.outcomes import NOON, article, decide, outcome

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
    "housekeeping": lambda store: store.housekeeping(NOON + timedelta(days=900), Keep()),
}

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


@pytest.fixture
def filled(ready: Store) -> Store:
    """A store with some articles, which its planner knows about."""
    many = [article(f"wave {n}", document=f"{n}.md", aliases=(f"a{n}",)) for n in range(600)]
    ready.record([outcome(*many, stamps={f"{n}.md": "1" for n in range(600)})], decide(), NOON)
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


def test_the_newest_are_read_in_the_order_of_an_index(filled: Store) -> None:
    """A feed costs as much as it holds, not as much as its category: nothing is sorted."""
    with _explained(filled) as plans:
        filled.newest("news", 10, 0)
    (plan,) = [plan for statement, plan in plans.items() if "ORDER BY" in statement]
    assert "Sort" not in plan
    assert "TEMP B-TREE" not in plan
    assert "placement_newest" in plan
