"""What commands need that ask origins without storing anything."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator

from aggregator.fetch.http import HttpFetcher
from aggregator.fetch.robots import ObedientFetcher
from aggregator.ingest.further import Asker
from aggregator.ingest.workers import ProcessWorkers
from aggregator.model.settings import Configuration
from aggregator.service.assembly import user_agent, utc_now
from aggregator.text.slugs import slug
from aggregator.text.urls import host


@contextlib.contextmanager
def asking(configuration: Configuration) -> Iterator[Asker]:
    """A fetcher and a worker as the service has them, closed at the end."""
    name = user_agent(configuration)
    with (
        contextlib.closing(ProcessWorkers(processes=1)) as workers,
        HttpFetcher(configuration.settings.fetch, name) as fetcher,
    ):
        yield Asker(fetcher, ObedientFetcher(fetcher, name), workers, utc_now())


def named_after(url: str) -> str:
    """A short id for what is behind an address: that of its host."""
    return slug(host(url).removeprefix("www.") or "feed")
