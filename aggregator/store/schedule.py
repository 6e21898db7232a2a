"""Who is due, and which domains have to be asked slowly.

When a source is due next is decided by `aggregator.fetch.due`; here it is only looked up, fairly,
and put in order again after the clock or the service stood still.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime, timedelta

from sqlalchemy import Connection, Select, bindparam, delete, func, or_, select, update

from aggregator.model.schedule import DomainPace
from aggregator.store.database import insert
from aggregator.store.rows import line
from aggregator.store.tables import DOMAIN, SOURCE, DomainRow

LOOKED_AT = 1000
"""So many of the sources that are due longest are looked at; most domains have few of them."""

_SET_MOMENT = (
    update(SOURCE)
    .where(SOURCE.c.id == bindparam("of_source"))
    .values(next_due_at=bindparam("moment"))
)


def due_sources(
    connection: Connection,
    now: datetime,
    limit: int,
    per_domain: int,
    under_way: Collection[str] = (),
) -> list[str]:
    """Active sources whose time has come, the longest due first, at most so many of one domain.

    Passes over the sources `under_way`, over domains that have `per_domain` of those, and over
    domains that are left alone. So a domain of a thousand sources that are all due gets its turns,
    and holds nobody up.
    """
    waiting = _waiting(now, per_domain, under_way).limit(max(limit, LOOKED_AT)).subquery()
    place = func.row_number().over(
        partition_by=waiting.c.domain, order_by=(waiting.c.next_due_at, waiting.c.id)
    )
    ranked = select(waiting.c.id, waiting.c.next_due_at, place.label("place")).subquery()
    due = (
        select(ranked.c.id)
        .where(ranked.c.place <= per_domain)
        .order_by(ranked.c.next_due_at, ranked.c.id)
        .limit(limit)
    )
    return list(connection.execute(due).scalars())


def _waiting(
    now: datetime, per_domain: int, under_way: Collection[str]
) -> Select[tuple[str, str, datetime]]:
    """Sources that are due, of domains that may be asked; in the order of the index."""
    busy = (
        select(SOURCE.c.domain)
        .where(SOURCE.c.id.in_(under_way))
        .group_by(SOURCE.c.domain)
        .having(func.count() >= per_domain)
    )
    resting = select(DOMAIN.c.name).where(DOMAIN.c.rest_until > now)
    return (
        select(SOURCE.c.id, SOURCE.c.domain, SOURCE.c.next_due_at)
        .where(SOURCE.c.active.is_(True), SOURCE.c.next_due_at <= now)
        .where(SOURCE.c.id.not_in(under_way))
        .where(SOURCE.c.domain.not_in(busy), SOURCE.c.domain.not_in(resting))
        .order_by(SOURCE.c.next_due_at, SOURCE.c.id)
    )


def spread_overdue(
    connection: Connection, now: datetime, pace: timedelta, longest: timedelta
) -> int:
    """Put the sources that are overdue in a row, `pace` apart, the longest due first.

    So are those that are due later than in `longest`, which no schedule says: somebody set the
    clock back while nothing ran. Returns how many there were.
    """
    is_out_of_step = or_(SOURCE.c.next_due_at <= now, SOURCE.c.next_due_at > now + longest)
    overdue = (
        select(SOURCE.c.id)
        .where(SOURCE.c.active.is_(True), is_out_of_step)
        .order_by(SOURCE.c.next_due_at, SOURCE.c.id)
    )
    moments = [
        {"of_source": source_id, "moment": now + pace * place}
        for place, source_id in enumerate(connection.execute(overdue).scalars())
    ]
    if moments:
        connection.execute(_SET_MOMENT, moments)
    return len(moments)


def shift(connection: Connection, by: timedelta) -> None:
    """Move every moment to come, because the clock was set."""
    sources = connection.execute(select(SOURCE.c.id, SOURCE.c.next_due_at)).all()
    moments = [{"of_source": row.id, "moment": row.next_due_at + by} for row in sources]
    if moments:
        connection.execute(_SET_MOMENT, moments)
    for pace in paces(connection):
        moved = DomainPace(pace.domain, pace.pause, pace.rest_until + by)
        keep_pace(connection, moved)


def paces(connection: Connection) -> list[DomainPace]:
    """The domains that have to be asked slowly, by name."""
    rows = connection.execute(select(DOMAIN).order_by(DOMAIN.c.name))
    return [
        DomainPace(row.name, timedelta(seconds=row.pause_seconds), row.rest_until) for row in rows
    ]


def keep_pace(connection: Connection, pace: DomainPace) -> None:
    """Remember how slowly a domain has to be asked, in place of what was known before."""
    columns = {"pause_seconds": pace.pause.total_seconds(), "rest_until": pace.rest_until}
    row = insert(connection, DomainRow).values(name=line(pace.domain), **columns)
    connection.execute(row.on_conflict_do_update(index_elements=["name"], set_=columns))


def forget_pace(connection: Connection, domain: str) -> None:
    """A domain may be asked like any other again."""
    connection.execute(delete(DOMAIN).where(DOMAIN.c.name == domain))
