"""What the gate said of our own feeds, as events: only where it says something else than before."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime

from sqlalchemy import Connection, func, select

from aggregator.model.health import OF_FEEDS, EventKind, GateVerdict
from aggregator.store.database import chunks, insert
from aggregator.store.events import public_id_of
from aggregator.store.placing import mark_changed
from aggregator.store.rows import line
from aggregator.store.tables import EVENT, HEALTH, EventRow


def news(connection: Connection, verdicts: Sequence[GateVerdict]) -> list[GateVerdict]:
    """Those that say something else than what was said of the feed before."""
    before = _newest(connection, [each.path for each in verdicts])
    return [
        each
        for each in verdicts
        if bool(each.refused) is not (before.get(each.path) is EventKind.REFUSED)
    ]


def note(
    connection: Connection, verdicts: Sequence[GateVerdict], now: datetime, authority: str
) -> None:
    """Keep verdicts, and have the health feed published."""
    kinds = ((each, EventKind.REFUSED if each.refused else EventKind.ACCEPTED) for each in verdicts)
    rows = [
        {
            "public_id": public_id_of(authority, each.path, kind, now),
            "source_id": each.path,
            "title": line(each.title),
            "kind": kind.value,
            "happened_at": now,
            "detail": line(each.refused),
        }
        for each, kind in kinds
    ]
    connection.execute(insert(connection, EventRow).on_conflict_do_nothing(), rows)
    mark_changed(connection, {HEALTH})


def _newest(connection: Connection, paths: Collection[str]) -> Mapping[str, EventKind]:
    """What was said last of these feeds; events are few, so that no index is needed."""
    of_feeds = EVENT.c.kind.in_([kind.value for kind in OF_FEEDS])
    last = dict[str, EventKind]()
    for part in chunks(paths):
        newest = select(func.max(EVENT.c.id)).where(of_feeds, EVENT.c.source_id.in_(part))
        wanted = select(EVENT.c.source_id, EVENT.c.kind)
        rows = connection.execute(wanted.where(EVENT.c.id.in_(newest.group_by(EVENT.c.source_id))))
        last |= {row.source_id: EventKind(row.kind) for row in rows}
    return last
