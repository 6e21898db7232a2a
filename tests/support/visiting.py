"""Visits to one source, one after another, with the clock in the test's hand.

Everything is what the service runs, but the store is in memory and the work is done in place.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, Self

from aggregator.config.load import load
from aggregator.contracts import Fetcher
from aggregator.dedupe.decide import decider
from aggregator.fetch.http import HttpFetcher
from aggregator.ingest.pipeline import ingest
from aggregator.ingest.recipe import recipes
from aggregator.ingest.stages import Stages
from aggregator.ingest.workers import InlineWorkers
from aggregator.ingest.writer import Writer
from aggregator.model.published import StoredArticle
from aggregator.model.results import SourceResult
from aggregator.model.settings import SourceSpec
from tests.support.folders import configured
from tests.support.memory_store import MemoryStore

NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)


class Visits:
    """One source named `wire`, and what its visits leave behind; `now` may be set at will."""

    def __init__(self, folder: Path, store: MemoryStore | None = None, **source: Any) -> None:
        self.now = NOON
        self.store = store or MemoryStore()
        self._folder = folder
        self.configure(**source)
        fetch = self.configuration.settings.fetch
        self.fetcher: Fetcher = HttpFetcher(fetch, "test/1")
        decide = decider(self.configuration.settings.dedupe, lambda _source_id: ())
        self._writer = Writer(self.store, decide, lambda: self.now)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._writer.close()

    def impatient(self) -> None:
        """Give an exchange no more than a moment from now on."""
        fetch = self.configuration.settings.fetch
        self.fetcher = HttpFetcher(fetch, "test/1", exchange_seconds=0.3)

    def configure(self, **source: Any) -> None:
        """Read the source by these keys from now on."""
        sources = [{"id": "wire", "category": "news", "timezone": "Asia/Shanghai", **source}]
        folder = configured(self._folder, sources, [{"id": "news"}])
        self.configuration = load(folder / "config", {})
        self.store.sync_configuration(self.configuration, self.now, _at_once)

    def visit(self, after: timedelta = timedelta()) -> SourceResult:
        """Let some time pass and read the source."""
        self.now += after
        store, now = self.store, self.now
        fetcher, work = self.fetcher, InlineWorkers()
        stages = Stages(fetcher, fetcher, work, store, store, self._writer, clock=lambda: now)
        return ingest(recipes(self.configuration)["wire"], stages)

    def articles(self) -> Mapping[str, StoredArticle]:
        """What the category holds, by title."""
        return {article.title: article for article in self.store.newest("news", 1000, 0)}


def _at_once(_spec: SourceSpec, now: datetime) -> datetime:
    return now
