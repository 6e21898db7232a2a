"""Gathers what the status page shows, out of the store and the running service."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta

from aggregator.formats.status import DAYS, StatusPage, render_status
from aggregator.model.results import worst_first
from aggregator.model.settings import Configuration
from aggregator.publish.site_pages import frame
from aggregator.store.store import Store

MOST_SOURCES = 200
"""Shown with their pictures; the rest is counted. Those in trouble come first."""


def status_page(
    store: Store,
    configuration: Configuration,
    now: datetime,
    faults: Sequence[str] = (),
    problems: Sequence[str] = (),
) -> bytes:
    """The page as it is now.

    Raises:
        StoreError: the database cannot be asked.
    """
    conditions = store.overview(now).sources
    shown = worst_first(store.health(now, MOST_SOURCES))
    days = store.days([each.source_id for each in shown], now - timedelta(days=DAYS))
    return render_status(
        StatusPage(
            frame=frame(configuration.settings, "status"),
            now=now,
            conditions=conditions,
            sources=[(each, days[each.source_id]) for each in shown],
            more=sum(conditions.values()) - len(shown),
            faults=faults,
            problems=problems,
        )
    )
