"""What is remembered of sources: state between fetches, and the record of each fetch."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, bindparam, func, insert, select, update

from aggregator.errors import StoreError
from aggregator.model.entries import Origin
from aggregator.model.pages import FetchState
from aggregator.model.results import Outcome, SourceHealth, Tally
from aggregator.store import watching
from aggregator.store.database import chunks
from aggregator.store.events import is_silent, source_title
from aggregator.store.rows import fetch_columns, from_origin, state_columns, to_result, to_state
from aggregator.store.tables import COPY, FETCH, SOURCE

_HEALTH_DAYS = 30


def fetch_state(connection: Connection, source_id: str) -> FetchState:
    """What is remembered about a source.

    Raises:
        StoreError: the configuration never named it.
    """
    found = fetch_states(connection, [source_id])
    if not found:
        raise StoreError(f"source {source_id}: the database does not know it")
    return found[source_id]


def fetch_states(connection: Connection, source_ids: Sequence[str]) -> dict[str, FetchState]:
    """What is remembered about those of these sources that the configuration ever named."""
    found = dict[str, FetchState]()
    for part in chunks(source_ids):
        rows = connection.execute(_STATES, {"ids": part})
        found |= {row.id: to_state(row) for row in rows}
    return found


def record(connection: Connection, outcomes: Sequence[Outcome], tallies: Sequence[Tally]) -> None:
    """Write the new states, and a line for every fetch that ended.

    What came before in the same fetch is in the tally of its result already.
    """
    ended = [
        (outcome.result, tally)
        for outcome, tally in zip(outcomes, tallies, strict=True)
        if outcome.result
    ]
    if ended:
        states = [{"of_source": each.source_id, **state_columns(each.state)} for each, _ in ended]
        connection.execute(_UPDATE_STATE, states)
        rows = [fetch_columns(result, result.tally + tally) for result, tally in ended]
        connection.execute(insert(FETCH), rows)
    origins = [
        {"of_source": digest.source_id, "origin": from_origin(digest.origin)}
        for digest in (outcome.digest for outcome in outcomes)
        if digest and digest.origin != Origin()
    ]
    if origins:
        connection.execute(_UPDATE_ORIGIN, origins)


_STATE_COLUMNS = (
    "next_due_at",
    "interval_seconds",
    "etag",
    "last_modified",
    "body_hash",
    "failures",
    "last_ok_at",
    "last_error",
    "moved_to",
    "gone",
    "identity",
    "why",
    "moving_to",
    "moves",
    "hints",
    "rhythm",
    "was_read",
)
_UPDATE_STATE = (
    update(SOURCE)
    .where(SOURCE.c.id == bindparam("of_source"))
    .values({column: bindparam(column) for column in _STATE_COLUMNS})
)

_STATES = select(SOURCE.c.id, *(SOURCE.c[column] for column in _STATE_COLUMNS)).where(
    SOURCE.c.id.in_(bindparam("ids", expanding=True))
)
_UPDATE_ORIGIN = (
    update(SOURCE).where(SOURCE.c.id == bindparam("of_source")).values(origin=bindparam("origin"))
)


def health(connection: Connection, now: datetime, worst: int | None) -> list[SourceHealth]:
    """How the active sources are doing, by id: all, or so many of those most in trouble."""
    wanted = SOURCE.c.active.is_(True)
    if worst is not None:
        wanted = SOURCE.c.id.in_(watching.worst_first(connection, worst))
    counts = _counts(connection, now, wanted)
    sources = select(SOURCE).where(wanted).order_by(SOURCE.c.id)
    each = FETCH.alias()
    newest = (
        select(each.c.id)
        .where(each.c.source_id == SOURCE.c.id)
        .order_by(each.c.started_at.desc(), each.c.id.desc())
        .limit(1)
        .correlate(SOURCE)
        .scalar_subquery()
    )
    fetches = select(FETCH).select_from(SOURCE).join(FETCH, FETCH.c.id == newest).where(wanted)
    last = {row.source_id: row for row in connection.execute(fetches)}
    return [
        _health(source, last.get(source.id), *counts.get(source.id, (0, 0)))
        for source in connection.execute(sources)
    ]


def _health(source: Row[Any], last: Row[Any] | None, articles: int, new: int) -> SourceHealth:
    state = to_state(source)
    return SourceHealth(
        source_id=source.id,
        title=source_title(source),
        state=state,
        last=to_result(last, state) if last else None,
        articles=articles,
        new_per_day=new / _HEALTH_DAYS,
        silent=is_silent(source),
    )


def _counts(
    connection: Connection, now: datetime, wanted: ColumnElement[bool]
) -> dict[str, tuple[int, int]]:
    """Copies of each source, and how many of them are new."""
    is_new = COPY.c.first_seen_at > now - timedelta(days=_HEALTH_DAYS)
    counted = select(COPY.c.source_id, func.count(), func.count().filter(is_new))
    counted = counted.where(COPY.c.source_id.in_(select(SOURCE.c.id).where(wanted)))
    rows = connection.execute(counted.group_by(COPY.c.source_id))
    return {source_id: (articles, new) for source_id, articles, new in rows}
