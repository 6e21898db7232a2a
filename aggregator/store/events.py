"""The events of sources: recorded with the fetch that caused them, read for the health feed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, bindparam, delete, func, select, update

from aggregator.model.entries import Origin
from aggregator.model.health import EventKind, SourceEvent
from aggregator.model.results import Outcome, SourceResult, Tally
from aggregator.store.database import insert
from aggregator.store.rows import Columns, line
from aggregator.store.tables import COPY, EVENT, SOURCE, EventRow
from aggregator.store.turns import POSTS_LOOKED_AT, Before, silence_begins, turns
from aggregator.text.hashing import fingerprint

_KEPT = 1000
"""Events that housekeeping leaves: ten times what the feed shows."""
_TOKEN_DIGITS = 20


def record(
    connection: Connection,
    outcomes: Sequence[Outcome],
    tallies: Sequence[Tally],
    sources: Mapping[str, Row[Any]],
    *,
    now: datetime,
    authority: str,
) -> bool:
    """Note what happened to these sources; whether anything did.

    `sources` are their rows as they were before these outcomes.
    """
    rows, expected = list[Columns](), list[Columns]()
    for outcome, tally in zip(outcomes, tallies, strict=True):
        if outcome.result is None:
            continue
        source = sources[outcome.result.source_id]
        total = outcome.result.tally + tally
        has_posted = total.new + total.duplicate > 0
        rows += _events(source, outcome.result, has_posted, now, authority)
        if has_posted:
            expected.append(_expected(connection, outcome.result, now))
    if expected:
        connection.execute(_EXPECT, expected)
    if rows:
        connection.execute(insert(connection, EventRow).on_conflict_do_nothing(), rows)
    return bool(rows)


def _events(
    source: Row[Any], result: SourceResult, has_posted: bool, now: datetime, authority: str
) -> list[Columns]:
    before = Before(
        source.failures, source.gone, source.moved_to, source.last_ok_at, source.silent_after
    )
    return [
        {
            "public_id": public_id_of(authority, source.id, kind, now),
            "source_id": source.id,
            "title": line(source_title(source)),
            "kind": kind.value,
            "happened_at": now,
            "detail": line(detail),
        }
        for kind, detail in turns(before, result, posted=has_posted)
    ]


def public_id_of(authority: str, source_id: str, kind: EventKind, now: datetime) -> str:
    """The `tag:` URI of an event."""
    token = fingerprint("event", source_id, kind.value, now.isoformat())[:_TOKEN_DIGITS]
    return f"tag:{authority},{now.date().isoformat()}:health/{token}"


def source_title(source: Row[Any]) -> str:
    """What a source is called: by the configuration, else by itself, else by its id."""
    return str(source.title or Origin(*source.origin).title or source.id)


def is_silent(source: Row[Any]) -> bool:
    """Whether it answered after its silence began."""
    begins, last_ok_at = source.silent_after, source.last_ok_at
    return begins is not None and last_ok_at is not None and begins <= last_ok_at


def _expected(connection: Connection, result: SourceResult, now: datetime) -> Columns:
    """When this source, which has just posted, would be silent for too long.

    By its rhythm, which reaches far enough back to know the pauses between bursts; a folder, which
    has none, by its newest posts.
    """
    posted = result.state.rhythm.times or _newest_posts(connection, result.source_id)
    return {"of_source": result.source_id, "silent_after": silence_begins(posted, now)}


_EXPECT = (
    update(SOURCE)
    .where(SOURCE.c.id == bindparam("of_source"))
    .values(silent_after=bindparam("silent_after"))
)


def _newest_posts(connection: Connection, source_id: str) -> Sequence[datetime]:
    newest = (
        select(COPY.c.published_at)
        .where(COPY.c.source_id == source_id)
        .order_by(COPY.c.first_seen_at.desc(), COPY.c.published_at.desc())
        .limit(POSTS_LOOKED_AT)
    )
    return connection.execute(newest).scalars().all()


def newest(connection: Connection, limit: int) -> list[SourceEvent]:
    """The newest events, newest first."""
    wanted = select(EVENT).order_by(EVENT.c.id.desc()).limit(limit)
    found = [
        SourceEvent(
            row.public_id,
            row.source_id,
            row.title,
            EventKind(row.kind),
            row.happened_at,
            row.detail,
        )
        for row in connection.execute(wanted)
    ]
    return sorted(found, key=lambda each: (each.happened_at, each.public_id), reverse=True)


def forget(connection: Connection) -> int:
    """Delete all but the newest events; returns how many."""
    last = connection.execute(select(func.max(EVENT.c.id))).scalar_one() or 0
    return connection.execute(delete(EVENT).where(EVENT.c.id <= last - _KEPT)).rowcount
