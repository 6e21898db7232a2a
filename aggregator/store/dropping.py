"""Entries that were read and did not become an article, each with the reason and the rule.

An entry that is dropped again at every fetch has one row, of the last time; one that becomes an
article has none.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from sqlalchemy import Connection, bindparam, case, delete, func, select
from sqlalchemy.sql.elements import ColumnElement

from aggregator.model.articles import Dropped, DropReason, EntryRef, Stage
from aggregator.model.ledger import DropCount, StoredDrop, WhichDrops
from aggregator.model.results import Digest
from aggregator.store import withheld
from aggregator.store.database import insert
from aggregator.store.rows import address, line
from aggregator.store.side_tables import DROPPED, DroppedRow


def record(connection: Connection, digests: Sequence[Digest], now: datetime) -> None:
    """Note what some digests dropped, and forget what came through this time."""
    came_through(connection, (each.entry for digest in digests for each in digest.articles))
    note(connection, (each for digest in digests for each in digest.dropped), now)


def came_through(connection: Connection, entries: Iterable[EntryRef]) -> None:
    """Forget that these entries were dropped before."""
    came = [{"of_source": each.source_id, "of_entry": each.entry_key} for each in entries]
    if came:
        connection.execute(_CAME, came)


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
            "article": withheld.to_text(each.article),
        }
        for _, each in sorted(by_entry.items())
    ]
    if not rows:
        return
    statement = insert(connection, DroppedRow)
    names = ("title", "link", "stage", "reason", "detail", "dropped_at", "article")
    new = {name: statement.excluded[name] for name in names}
    key = ["source_id", "entry_key"]
    connection.execute(statement.on_conflict_do_update(index_elements=key, set_=new), rows)


def newest(connection: Connection, which: WhichDrops, limit: int) -> list[StoredDrop]:
    """What was dropped, the latest first."""
    wanted = select(DROPPED).where(*_are(which))
    latest_first = wanted.order_by(
        DROPPED.c.dropped_at.desc(), DROPPED.c.source_id, DROPPED.c.entry_key
    )
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
        for row in connection.execute(latest_first.limit(limit))
    ]


def counts(connection: Connection, which: WhichDrops) -> list[DropCount]:
    """How much was dropped by each rule and for each other reason, the most first."""
    entries = func.count().label("entries")
    alike = (DROPPED.c.stage, DROPPED.c.reason, _RULE)
    wanted = select(*alike, entries).where(*_are(which)).group_by(*alike)
    return [
        DropCount(Stage(row.stage), DropReason(row.reason), row.rule, row.entries)
        for row in connection.execute(wanted.order_by(entries.desc(), *alike))
    ]


def _are(which: WhichDrops) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if which.source_id:
        conditions.append(DROPPED.c.source_id == which.source_id)
    if which.link:
        conditions.append(DROPPED.c.link == which.link)
    if which.rule:
        named = DROPPED.c.detail.icontains(which.rule, autoescape=True)
        conditions.append(named | DROPPED.c.reason.icontains(which.rule, autoescape=True))
    return conditions


_RULE = case((DROPPED.c.stage == Stage.RULES.value, DROPPED.c.detail), else_="").label("rule")
"""The words of a rule; what the other stages say of an entry is that entry's alone."""


def forget(connection: Connection, limit: datetime) -> int:
    """Delete what was dropped before a time; returns how many rows."""
    return connection.execute(delete(DROPPED).where(DROPPED.c.dropped_at < limit)).rowcount


_CAME = delete(DROPPED).where(
    DROPPED.c.source_id == bindparam("of_source"), DROPPED.c.entry_key == bindparam("of_entry")
)
