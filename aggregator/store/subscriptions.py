"""WebSub subscriptions to sources, and the rest that a source gets while its hub tells of it."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime

from sqlalchemy import Connection, delete, select, update

from aggregator.model.websub import Subscription
from aggregator.store.database import insert
from aggregator.store.rows import line
from aggregator.store.side_tables import SUBSCRIPTION, SubscriptionRow
from aggregator.store.tables import SOURCE


def every(connection: Connection) -> list[Subscription]:
    """All subscriptions, by source."""
    rows = connection.execute(select(SUBSCRIPTION).order_by(SUBSCRIPTION.c.source_id))
    return [Subscription(**row._asdict()) for row in rows]


def keep(connection: Connection, subscription: Subscription) -> None:
    """Store a subscription in place of the one to the same source."""
    values = asdict(subscription)
    statement = insert(connection, SubscriptionRow).values(values)
    statement = statement.on_conflict_do_update(index_elements=["source_id"], set_=values)
    connection.execute(statement)


def drop(connection: Connection, source_id: str) -> None:
    """Forget the subscription to a source."""
    connection.execute(delete(SUBSCRIPTION).where(SUBSCRIPTION.c.source_id == source_id))


def rest(connection: Connection, source_id: str, until: datetime, why: str) -> None:
    """Move the next reading of a source to a later moment; never to an earlier one."""
    is_sooner = SOURCE.c.id == source_id, SOURCE.c.next_due_at < until
    connection.execute(update(SOURCE).where(*is_sooner).values(next_due_at=until, why=line(why)))
