"""Metrics for Prometheus: counted as things happen, or read from the store when asked for.

No label names a source, so the number of series does not grow with the configuration; what a
single source does is told by the status page. The one module that knows prometheus_client.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Protocol

from prometheus_client import (
    CONTENT_TYPE_LATEST,
    CollectorRegistry,
    Counter,
    Histogram,
    ProcessCollector,
    generate_latest,
)
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.metrics_core import Metric
from prometheus_client.registry import Collector

from aggregator.contracts import Clock
from aggregator.errors import AggregatorError, FetchReason, ParseReason
from aggregator.ingest.engine import Unstored
from aggregator.model.health import Overview
from aggregator.model.results import SourceResult, Tally
from aggregator.publish.report import PublishReport

MEDIA_TYPE = CONTENT_TYPE_LATEST

_REASONS = {"": "", **{reason.value: reason.value for reason in (*FetchReason, *ParseReason)}}
_SECONDS = (0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 20, 30, 60)


class Threads(Protocol):
    """What metrics ask of the engine."""

    @property
    def under_way(self) -> frozenset[str]:
        """Sources that are being read, or wait for a thread."""

    @property
    def free(self) -> int:
        """How many more could start at once."""


class Stock(Protocol):
    """What metrics ask of the store."""

    def overview(self, now: datetime) -> Overview:
        """The stock in numbers."""


class Metrics:
    """Everything that is counted since the start; safe from several threads."""

    def __init__(self, threads: Threads, stock: Stock, clock: Clock) -> None:
        self._registry = CollectorRegistry()
        self._registry.register(_Present(threads, stock, clock))
        ProcessCollector(registry=self._registry)
        self._count_fetches()
        self._count_publishing()

    def _count_fetches(self) -> None:
        registry = self._registry
        self._fetches = Counter(
            "aggregator_fetches",
            "Fetches of sources, by how they ended.",
            ("outcome", "reason"),
            registry=registry,
        )
        self._bytes = Counter(
            "aggregator_fetched_bytes", "Bytes read from sources, decoded.", registry=registry
        )
        self._seconds = Histogram(
            "aggregator_fetch_seconds",
            "Time from asking a source to its articles being clean.",
            buckets=_SECONDS,
            registry=registry,
        )
        self._entries = Counter(
            "aggregator_entries",
            "Entries of sources, by what became of them.",
            ("verdict",),
            registry=registry,
        )
        self._dropped = Counter(
            "aggregator_entries_dropped", "Entries dropped, by why.", ("reason",), registry=registry
        )

    def _count_publishing(self) -> None:
        registry = self._registry
        self._publishing = Histogram(
            "aggregator_publish_seconds",
            "Time that a run of publishing took.",
            buckets=_SECONDS,
            registry=registry,
        )
        self._files = Counter(
            "aggregator_published_files",
            "Published files, by what was done with them.",
            ("action",),
            registry=registry,
        )
        self._refused = Counter(
            "aggregator_publish_failures", "Feeds that could not be published.", registry=registry
        )

    def fetched(self, result: SourceResult | Unstored) -> None:
        """Count one more fetch."""
        if isinstance(result, Unstored):
            self._fetches.labels("unstored", "").inc()
            return
        self._fetches.labels(result.status.value, _REASONS.get(result.reason, "other")).inc()
        self._bytes.inc(result.bytes_read)
        self._seconds.observe(result.duration.total_seconds())
        self._count_entries(result.tally)

    def _count_entries(self, tally: Tally) -> None:
        for verdict in ("new", "changed", "unchanged", "duplicate"):
            self._entries.labels(verdict).inc(getattr(tally, verdict))
        for reason, number in tally.dropped.items():
            self._dropped.labels(reason).inc(number)

    def published(self, report: PublishReport, seconds: float) -> None:
        """Count one more run of publishing."""
        self._publishing.observe(seconds)
        self._files.labels("written").inc(len(report.written))
        self._files.labels("removed").inc(len(report.removed))
        self._refused.inc(len(report.failed))

    def render(self) -> bytes:
        """Everything, as Prometheus reads it."""
        return generate_latest(self._registry)


class _Present(Collector):
    """What is true at the moment of asking; without the database, only that it is away."""

    def __init__(self, threads: Threads, stock: Stock, clock: Clock) -> None:
        self._threads = threads
        self._stock = stock
        self._clock = clock

    def describe(self) -> list[Metric]:
        """Nothing: asking while the service is put together would be too early."""
        return []

    def collect(self) -> Iterator[Metric]:
        """The gauges."""
        yield _gauge("sources_under_way", "Sources being read.", len(self._threads.under_way))
        yield _gauge("threads_free", "Sources that could start at once.", self._threads.free)
        try:
            overview = self._stock.overview(self._clock())
        except AggregatorError:
            yield _gauge("database_up", "Whether the database answers.", 0)
            return
        yield _gauge("database_up", "Whether the database answers.", 1)
        yield _gauge("articles", "Articles in the database.", overview.articles)
        yield _gauge("sources_due", "Sources due, those being read among them.", overview.due)
        yield _gauge("lag_seconds", "How long the oldest due source waits.", self._lag(overview))
        sources = GaugeMetricFamily(
            "aggregator_sources", "Sources of the configuration.", labels=("condition",)
        )
        for condition, number in overview.sources.items():
            sources.add_metric((condition.value,), number)
        yield sources

    def _lag(self, overview: Overview) -> float:
        if overview.oldest_due_at is None:
            return 0.0
        return max(0.0, (self._clock() - overview.oldest_due_at).total_seconds())


def _gauge(name: str, meaning: str, value: float) -> Metric:
    return GaugeMetricFamily(f"aggregator_{name}", meaning, value=value)
