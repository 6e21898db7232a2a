"""How sources are doing, for people and metrics: the stock in numbers, and day by day.

The days come from the records of fetches, so they reach back as far as `keep.fetches`.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import date, datetime

from sqlalchemy import Connection, and_, case, func, select

from aggregator.model.health import Condition, Overview, SourceDay
from aggregator.model.results import SourceStatus
from aggregator.store.database import chunks
from aggregator.store.tables import ARTICLE, FETCH, SOURCE

_CONDITION = case(
    (SOURCE.c.gone.is_(True), Condition.GONE.value),
    (SOURCE.c.failures > 0, Condition.FAILING.value),
    (SOURCE.c.last_ok_at.is_(None), Condition.WAITING.value),
    (
        and_(SOURCE.c.silent_after.is_not(None), SOURCE.c.silent_after <= SOURCE.c.last_ok_at),
        Condition.SILENT.value,
    ),
    else_=Condition.OK.value,
)

_PLACE = case({each.value: place for place, each in enumerate(Condition)}, value=_CONDITION)


def worst_first(connection: Connection, limit: int) -> list[str]:
    """Active sources by trouble, as `model.results.worst_first` has them; so many of them."""
    sources = select(SOURCE.c.id).where(SOURCE.c.active.is_(True))
    order = (_PLACE, SOURCE.c.failures.desc(), SOURCE.c.id)
    return list(connection.execute(sources.order_by(*order).limit(limit)).scalars())


def overview(connection: Connection, now: datetime) -> Overview:
    """The stock in numbers."""
    articles = select(func.count()).select_from(ARTICLE).where(ARTICLE.c.removed_at.is_(None))
    conditions = (
        select(_CONDITION.label("condition"), func.count())
        .where(SOURCE.c.active.is_(True))
        .group_by("condition")
    )
    found: dict[str, int] = dict(connection.execute(conditions).all())
    oldest = select(func.min(SOURCE.c.next_due_at)).where(SOURCE.c.active.is_(True))
    due = select(func.count()).where(SOURCE.c.active.is_(True), SOURCE.c.next_due_at <= now)
    return Overview(
        articles=connection.execute(articles).scalar_one(),
        sources={condition: found.get(condition.value, 0) for condition in Condition},
        due=connection.execute(due).scalar_one(),
        oldest_due_at=connection.execute(oldest).scalar_one(),
    )


def days(
    connection: Connection, source_ids: Collection[str], since: datetime
) -> Mapping[str, tuple[SourceDay, ...]]:
    """How these sources did on each day (UTC) since then that they were read on, in order."""
    found: dict[str, list[SourceDay]] = {source_id: [] for source_id in source_ids}
    day = func.date(FETCH.c.started_at).label("day")
    for part in chunks(source_ids):
        wanted = (
            select(
                FETCH.c.source_id,
                day,
                func.count(),
                func.count().filter(FETCH.c.status == SourceStatus.FAILED.value),
                func.avg(FETCH.c.seconds),
                func.sum(FETCH.c.tally[0].as_integer()),
            )
            .where(FETCH.c.source_id.in_(part), FETCH.c.started_at >= since)
            .group_by(FETCH.c.source_id, day)
            .order_by(FETCH.c.source_id, day)
        )
        for source_id, on, *numbers in connection.execute(wanted):
            found[source_id].append(SourceDay(date.fromisoformat(str(on)), *numbers))
    return {source_id: tuple(each) for source_id, each in found.items()}
