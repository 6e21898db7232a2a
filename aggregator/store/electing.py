"""Which copy an article shows when the one that it showed counts no more, or another became better.

The order is that of `dedupe`, which elects among what comes in: the source's priority, then the
fuller body, then the earlier. A copy counts while its source is active, its document is there, and
no rule drops it.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import Any

from sqlalchemy import Connection, Select, and_, bindparam, case, exists, func, or_, select

from aggregator.store import contents
from aggregator.store.contents import EntryId
from aggregator.store.database import chunks
from aggregator.store.placing import standing_paths
from aggregator.store.side_tables import CONTENT
from aggregator.store.tables import COPY, SOURCE


def elect(connection: Connection, numbers: Collection[int]) -> set[str]:
    """Let the best copy of each article stand; returns the paths in which one changed."""
    winners = dict[int, EntryId]()
    for part in chunks(sorted(numbers)):
        for row in connection.execute(_BEST, {"numbers": part}):
            winners[row.article_id] = (row.source_id, row.entry_key)
    contents.show(connection, winners)
    return standing_paths(connection, winners.keys())


def _best() -> Select[Any]:
    """The copy of each article that is to stand, where it does not yet."""
    counts = and_(SOURCE.c.active, COPY.c.is_present, COPY.c.dropped_by.is_(None))
    rank = func.row_number()
    shown = func.max(case((COPY.c.standing, 1), else_=0))
    order = (
        case((counts, 0), else_=1),
        SOURCE.c.priority.desc(),
        COPY.c.text_length.desc(),
        COPY.c.published_at,
        case((COPY.c.standing, 0), else_=1),
        COPY.c.first_seen_at,
        COPY.c.source_id,
        COPY.c.entry_key,
    )
    can_be_shown = exists().where(
        CONTENT.c.source_id == COPY.c.source_id, CONTENT.c.entry_key == COPY.c.entry_key
    )
    ranked = (
        select(
            COPY.c.article_id,
            COPY.c.source_id,
            COPY.c.entry_key,
            COPY.c.standing,
            counts.label("counts"),
            rank.over(partition_by=COPY.c.article_id, order_by=order).label("rank"),
            shown.over(partition_by=COPY.c.article_id).label("shown"),
        )
        .join(SOURCE, SOURCE.c.id == COPY.c.source_id)
        .where(COPY.c.article_id.in_(bindparam("numbers", expanding=True)))
        .where(or_(COPY.c.standing, can_be_shown))
        .subquery()
    )
    # Where no copy counts nothing is shown anywhere, so that the one that stands may stay.
    return select(ranked.c.article_id, ranked.c.source_id, ranked.c.entry_key).where(
        ranked.c.rank == 1, ~ranked.c.standing, or_(ranked.c.counts, ranked.c.shown == 0)
    )


_BEST = _best()
