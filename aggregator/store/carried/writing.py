"""Writes the ledger out, a line at a time, in an order that is the same on every database.

One transaction sees one state of the database, however long it takes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

from sqlalchemy import Connection, String, collate, func, select, text

from aggregator.store.carried.lines import HEADER, KINDS, VERSION, Kind, to_text
from aggregator.store.tables import ARTICLE, CATEGORY, COPY

_AT_ONCE = 200
"""Rows in memory: articles can be large."""

Told = Callable[[int, int], None]
"""Hears how many steps of how many are done."""


def write(connection: Connection, take: Callable[[str], object], told: Told) -> dict[str, int]:
    """Hand every line to `take`; returns how many there are of each kind."""
    if connection.dialect.name == "postgresql":
        connection.execute(text("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY"))
        connection.execute(text("SET LOCAL idle_in_transaction_session_timeout = 0"))
    counts = {name: _count(connection, kind) for name, kind in KINDS.items()}
    take(to_text(HEADER, {"version": VERSION, "lines": counts}))
    done, total = 0, sum(counts.values())
    for name, kind in KINDS.items():
        for values in _rows(connection, name, kind):
            take(to_text(name, values))
            done += 1
            told(done, total)
    return counts


def _count(connection: Connection, kind: Kind) -> int:
    return int(connection.execute(select(func.count()).select_from(kind.table)).scalar_one())


def _rows(connection: Connection, name: str, kind: Kind) -> Iterator[dict[str, Any]]:
    wanted = select(*kind.columns, *_TOLD.get(name, ()))
    if name == "article":
        wanted = wanted.outerjoin(_WHOLE, _WHOLE.c.id == ARTICLE.c.merged_into)
    if name == "copy":
        wanted = wanted.join(ARTICLE, ARTICLE.c.id == COPY.c.article_id)
    columns = [kind.table.c[each] for each in kind.order or kind.key]
    order = [_bytewise(connection, each) for each in columns]
    streaming = connection.execution_options(yield_per=_AT_ONCE)
    for row in streaming.execute(wanted.order_by(*order)):
        yield row._asdict()


_WHOLE = ARTICLE.alias("whole")
_TOLD: dict[str, tuple[Any, ...]] = {
    "category": ((CATEGORY.c.published > 0).label("was_published"),),
    "article": (_WHOLE.c.story_key.label("part_of"),),
    "copy": (ARTICLE.c.story_key,),
}


def _bytewise(connection: Connection, column: Any) -> Any:
    """Sorted as SQLite sorts it, whatever the language of the database."""
    is_text = isinstance(column.type, String)
    return collate(column, "C") if is_text and connection.dialect.name != "sqlite" else column
