"""Entries that were read and did not become an article, each with the reason and the rule.

An entry that is dropped again at every fetch has one row, of the last time; one that becomes an
article has none.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlalchemy import Connection, bindparam, delete, select

from aggregator.model.articles import Dropped, DropReason, Stage
from aggregator.model.ledger import StoredDrop
from aggregator.model.results import Digest
from aggregator.store.database import insert
from aggregator.store.rows import address, line
from aggregator.store.side_tables import DROPPED, DroppedRow


def record(connection: Connection, digests: Sequence[Digest], now: datetime) -> None:
    """Note what some digests dropped, and forget what came through this time."""
    came = [
        {"of_source": each.entry.source_id, "of_entry": each.entry.entry_key}
        for digest in digests
        for each in digest.articles
    ]
    if came:
        connection.execute(_CAME, came)
    note(connection, (each for digest in digests for each in digest.dropped), now)


def note(connection: Connection, dropped: Iterable[Dropped], now: datetime) -> None:
    """Write down entries that were dropped; those that nobody recognised cannot be told again."""
    by_entry = {(each.source_id, each.entry_key): each for each in dropped if each.entry_key}
    rows = [
        {
            "source_id": each.source_id,
            "entry_key": each.entry_key,
            "title": line(each.title),
            "link": address(each.link),
            "stage": each.stage.value,
            "reason": each.reason.value,
            "detail": line(each.detail),
            "dropped_at": now,
        }
        for _, each in sorted(by_entry.items())
    ]
    if not rows:
        return
    statement = insert(connection, DroppedRow)
    names = ("title", "link", "stage", "reason", "detail", "dropped_at")
    new = {name: statement.excluded[name] for name in names}
    key = ["source_id", "entry_key"]
    connection.execute(statement.on_conflict_do_update(index_elements=key, set_=new), rows)


def newest(connection: Connection, source_id: str | None, limit: int) -> list[StoredDrop]:
    """What was dropped, of one source or of all, the latest first."""
    wanted = select(DROPPED).order_by(
        DROPPED.c.dropped_at.desc(), DROPPED.c.source_id, DROPPED.c.entry_key
    )
    if source_id is not None:
        wanted = wanted.where(DROPPED.c.source_id == source_id)
    return [
        StoredDrop(
            source_id=row.source_id,
            title=row.title,
            link=row.link,
            stage=Stage(row.stage),
            reason=DropReason(row.reason),
            detail=row.detail,
            dropped_at=row.dropped_at,
        )
        for row in connection.execute(wanted.limit(limit))
    ]


def forget(connection: Connection, limit: datetime) -> int:
    """Delete what was dropped before a time; returns how many rows."""
    return connection.execute(delete(DROPPED).where(DROPPED.c.dropped_at < limit)).rowcount


_CAME = delete(DROPPED).where(
    DROPPED.c.source_id == bindparam("of_source"), DROPPED.c.entry_key == bindparam("of_entry")
)
