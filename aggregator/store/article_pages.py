"""The articles' own pages, as `full_text` read them: their text, and when to try again."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict, fields
from datetime import datetime

from sqlalchemy import Connection, select

from aggregator.model.pages import ArticlePage
from aggregator.model.results import Digest
from aggregator.store.database import chunks, insert
from aggregator.store.rows import Columns, address, line, storable
from aggregator.store.side_tables import PAGE, PageRow

_VALUES = [PAGE.c[field.name] for field in fields(ArticlePage)]


def due(connection: Connection, source_id: str, now: datetime) -> frozenset[str]:
    """Keys of the entries whose page is to be tried (again) now."""
    waiting = select(PAGE.c.entry_key).where(
        PAGE.c.source_id == source_id, PAGE.c.next_try_at.is_not(None), PAGE.c.next_try_at <= now
    )
    return frozenset(connection.execute(waiting).scalars())


def known(
    connection: Connection, source_id: str, keys: Collection[str]
) -> Mapping[str, ArticlePage]:
    """What is remembered of the pages of these entries, by entry key."""
    found = dict[str, ArticlePage]()
    for part in chunks(keys):
        wanted = select(*_VALUES).where(PAGE.c.source_id == source_id, PAGE.c.entry_key.in_(part))
        pages = [ArticlePage(*row) for row in connection.execute(wanted)]
        found |= {page.entry_key: page for page in pages}
    return found


def record(connection: Connection, digests: Sequence[Digest]) -> None:
    """Remember the pages that were tried, instead of what was remembered of them before."""
    rows = [_columns(digest.source_id, page) for digest in digests for page in digest.pages]
    if rows:
        statement = insert(connection, PageRow)
        values = {column.name: statement.excluded[column.name] for column in _VALUES}
        key = ["source_id", "entry_key"]
        connection.execute(statement.on_conflict_do_update(index_elements=key, set_=values), rows)


def _columns(source_id: str, page: ArticlePage) -> Columns:
    return {
        **asdict(page),
        "source_id": source_id,
        "html": storable(page.html),
        "published_text": line(page.published_text),
        "author": line(page.author),
        "title": line(page.title),
        "image": address(page.image),
    }
