"""What a visit to a source works with: the stages that all threads share, and the visit itself."""

from __future__ import annotations

import time
from dataclasses import dataclass
from datetime import datetime, timedelta

from aggregator.contracts import Clock, Fetcher, IngestStore, KnownEntries
from aggregator.ingest.recipe import Recipe
from aggregator.ingest.workers import Workers
from aggregator.ingest.writer import Writer
from aggregator.model.pages import FetchState


@dataclass(frozen=True)
class Stages:
    """What a source passes through on its way; shared by all threads.

    `fetcher` reads feeds, `pages` everything else, because it asks robots.txt first. `known` is
    what worker processes look entries up with, so it must be picklable.
    """

    fetcher: Fetcher
    pages: Fetcher
    workers: Workers
    known: KnownEntries
    store: IngestStore
    writer: Writer
    clock: Clock


@dataclass(frozen=True)
class Visit:
    """One reading of one source: which, with what remembered, since when."""

    recipe: Recipe
    state: FetchState
    started_at: datetime
    began: float

    @property
    def duration(self) -> timedelta:
        """Time since the start, by a clock that nobody sets."""
        return timedelta(seconds=time.monotonic() - self.began)
