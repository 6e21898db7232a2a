"""Editions of digests: written once when they close, and read ever after."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict

from sqlalchemy import Connection, select

from aggregator.model.published import Edition
from aggregator.store.database import insert
from aggregator.store.side_tables import EDITION, EditionRow


def newest(connection: Connection, feed_id: str, limit: int) -> Sequence[Edition]:
    """The newest editions of a digest, the latest first."""
    wanted = (
        select(EDITION)
        .where(EDITION.c.feed_id == feed_id)
        .order_by(EDITION.c.closed_at.desc())
        .limit(limit)
    )
    return [
        Edition(**{**row._asdict(), "members": tuple(row.members)})
        for row in connection.execute(wanted)
    ]


def keep(connection: Connection, edition: Edition) -> None:
    """Store an edition, unless another process closed it first: that one stays."""
    values = {**asdict(edition), "members": list(edition.members)}
    connection.execute(insert(connection, EditionRow).values(values).on_conflict_do_nothing())
