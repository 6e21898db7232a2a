"""What rules dropped before it was stored: kept as long as the record of it, to be judged again.

An article lies here whole, as one text: nothing asks for its parts, and it is never published
from here. One that other rules let stay is stored like any article that has just been read.
"""

from __future__ import annotations

import json
from dataclasses import asdict
from datetime import datetime
from functools import cache

from pydantic import TypeAdapter
from sqlalchemy import Connection, select, tuple_

from aggregator.model.articles import Article
from aggregator.model.ledger import Withheld
from aggregator.store.side_tables import DROPPED

EntryId = tuple[str, str]


def page(connection: Connection, after: EntryId, source_id: str, limit: int) -> list[Withheld]:
    """Some of what rules dropped, behind an entry, in their order; `source_id` "" is any."""
    place = tuple_(DROPPED.c.source_id, DROPPED.c.entry_key)
    wanted = select(DROPPED.c.article, DROPPED.c.detail).where(place > after)
    wanted = wanted.where(DROPPED.c.article != "").order_by(
        DROPPED.c.source_id, DROPPED.c.entry_key
    )
    if source_id:
        wanted = wanted.where(DROPPED.c.source_id == source_id)
    rows = connection.execute(wanted.limit(limit))
    return [Withheld(from_text(row.article), row.detail) for row in rows]


def to_text(article: Article | None) -> str:
    """An article as it lies in the database; ASCII, so that any database takes it."""
    return json.dumps(asdict(article), default=_plain) if article else ""


def from_text(text: str) -> Article:
    """The article again."""
    return _articles().validate_python(json.loads(text))


def _plain(value: object) -> str:
    if isinstance(value, datetime):
        return value.isoformat()
    raise TypeError(f"an article holds no {type(value).__name__}")


@cache
def _articles() -> TypeAdapter[Article]:
    return TypeAdapter(Article)
