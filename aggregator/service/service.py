"""The running service: what beats, what is watched, and how it ends.

    start ─▶ take the database ▸ beat; what is published is served, and published anew meanwhile
             every second: start what is due; every half one: publish what has settled
             every minute: write again what is missing on disk · every few hours: housekeeping
             every five seconds: see that no other instance took the database meanwhile
             when files change: read the configuration again, and swap it in if it is right
    stop  ─▶ no new beats ▸ what is under way gets a few seconds ▸ the rest is dropped,
             publishing between two files

Whatever is dropped is read again after the next start: nothing counts before it is committed.
HTTP is not started here; see `cli.running`.
"""

from __future__ import annotations

import os
import threading
import time
from collections.abc import Callable, Mapping
from datetime import timedelta
from pathlib import Path
from typing import Protocol

import structlog

from aggregator.config.load import load
from aggregator.config.watch import watch
from aggregator.errors import (
    AggregatorError,
    ConfigurationError,
    DatabaseBusyError,
    StoppedError,
)
from aggregator.fetch.pictures import PictureFetcher
from aggregator.ingest.engine import Unstored
from aggregator.model.results import SourceResult
from aggregator.model.settings import Configuration
from aggregator.publish.report import PublishReport
from aggregator.scheduling.clock import ClockWatch
from aggregator.scheduling.jobs import (
    REST_AFTER_FAILURE,
    Lock,
    Mend,
    StayAlone,
    Sweep,
    Tick,
    Tidy,
    tell,
)
from aggregator.scheduling.pings import Pings
from aggregator.scheduling.scheduler import Scheduler
from aggregator.service.assembly import Assembly
from aggregator.service.cautions import cautions, needs_restart
from aggregator.service.metrics import Metrics
from aggregator.service.status import status_page
from aggregator.service.subscribing import subscriber_of
from aggregator.text.counts import counted

_log = structlog.get_logger("aggregator.service")

BEAT = timedelta(seconds=1)
SWEEP_EVERY = timedelta(seconds=0.5)
"""What another process changed is noticed so late, and published so late after it settled."""
MEND_EVERY = timedelta(minutes=1)
TIDY_EVERY = timedelta(hours=6)
RENEW_EVERY = timedelta(seconds=5)
ASK_HUBS_EVERY = timedelta(seconds=5)
LAST_PATIENCE = 4.0
"""Seconds that what is under way gets at the end, out of the ten that a supervisor waits."""
LAST_FILE = 3.0
"""Seconds that a file gets which is being made then."""


class End(Protocol):
    """How the service asks whoever runs it to stop it, and hears that somebody did."""

    def announce(self) -> None:
        """Let the end come."""

    def is_announced(self) -> bool:
        """Whether it is to come."""


class Service:
    """Keeps an assembly working until it is stopped; `lock` is that of the database."""

    def __init__(self, parts: Assembly, folder: Path, lock: Lock, end: End) -> None:
        self._parts = parts
        self._folder = folder
        self._stopping = threading.Event()
        self._is_over = threading.Event()
        self._scheduler = Scheduler()
        self._watcher = threading.Thread(target=self._watch, name="configuration", daemon=True)
        self._publishing = threading.Lock()
        self._lock = lock
        self._end = end
        self._unpublished = False
        self.lost: DatabaseBusyError | None = None
        self.configuration_faults: tuple[str, ...] = ()
        self.metrics = Metrics(parts.engine, parts.store, parts.clock)
        self._tick = self._new_tick()
        self._sweep = Sweep(
            parts.store,
            self._publish_changed,
            lambda: parts.configuration.settings.publish.settle,
            parts.clock,
            self._scheduler.once,
        )
        self._pings = Pings(lambda: parts.fetcher, parts.clock, parts.publisher.told)
        self.subscriber = subscriber_of(parts, self._read)

    @property
    def pictures(self) -> PictureFetcher:
        """Who fetches pictures by the configuration in force."""
        return self._parts.pictures

    @property
    def configuration(self) -> Configuration:
        """The configuration in force."""
        return self._parts.configuration

    def start(self) -> None:
        """Begin to beat and to watch.

        Where nothing is published yet, what is stored is published before, unless the end comes.
        """
        parts = self._parts
        self._pings.recall(self.configuration.settings.publish.hubs, parts.publisher.topics)
        if parts.publisher.has_published:
            self._scheduler.once(timedelta(0), self._publish_anew)
        else:
            tell(self._publish_all(self._end.is_announced))
        parts.resume()
        self._scheduler.every(BEAT, self._tick)
        self._scheduler.every(SWEEP_EVERY, self._sweep)
        self._scheduler.every(MEND_EVERY, Mend(self._publish_changed))
        self._scheduler.every(
            TIDY_EVERY, Tidy(parts.store, lambda: parts.configuration.settings.keep, parts.clock)
        )
        self._scheduler.every(BEAT, self._pings)
        self._scheduler.every(BEAT, self.subscriber.ingest)
        self._scheduler.every(ASK_HUBS_EVERY, self.subscriber)
        self._scheduler.every(RENEW_EVERY, StayAlone(self._lock, self._lose))
        self._scheduler.start()
        self._watcher.start()
        for caution in cautions(self.configuration):
            _log.warning("take care", what=caution)
        _log.info("running", sources=len(self.configuration.sources))

    def _new_tick(self) -> Tick:
        parts = self._parts
        return Tick(
            parts.store,
            parts.engine,
            parts.clock,
            self._fetched,
            lambda: parts.configuration.settings.fetch.per_domain,
            ClockWatch(parts.clock),
        )

    def _fetched(self, result: SourceResult | Unstored) -> None:
        self._read(result)
        self.subscriber.polled(result)

    def _read(self, result: SourceResult | Unstored) -> None:
        self.metrics.fetched(result)
        if isinstance(result, SourceResult) and result.tally.brings_news:
            self._sweep.noticed()

    def _lose(self, error: DatabaseBusyError) -> None:
        """Another instance has the database: leave it to that one."""
        _log.error("another instance took the database", error=str(error))
        self.lost = error
        self._end.announce()

    def stop(self) -> None:
        """End cleanly, within seconds."""
        _log.info("stopping")
        end = time.monotonic() + LAST_PATIENCE
        self._stopping.set()
        self._scheduler.stop()
        self._parts.close(LAST_PATIENCE)
        self._end_publishing(end)
        _log.info("stopped")

    def _end_publishing(self, end: float) -> None:
        """Leave it until then, and have it end before its next file; none begins from now on."""
        is_done = self._publishing.acquire(timeout=max(0.0, end - time.monotonic()))
        self._is_over.set()
        if is_done or self._publishing.acquire(timeout=LAST_FILE):
            self._publishing.release()

    def problems(self) -> Mapping[str, str]:
        """What keeps the service from doing its work, by part; empty when it is well."""
        found = {}
        if not self._scheduler.running:
            found["scheduler"] = "it is not running"
        try:
            self._parts.store.ping()
        except AggregatorError:
            found["database"] = "it does not answer; the log says why"
        return found

    def notices(self) -> Mapping[str, str]:
        """What does not work as it should, by part, while what is published is served on."""
        found = self._degraded()
        if number := len(self.configuration_faults):
            found["configuration"] = (
                f"{counted(number, 'fault')} in its files, the old one stays; see the log"
            )
        return found

    def _degraded(self) -> dict[str, str]:
        found = {}
        if self._tick.refusal:
            found["database"] = "it took nothing the last time; the log says why"
        if self._unpublished:
            found["feeds"] = "what changed could not be published; the log says why"
        return found

    def status(self) -> bytes:
        """The status page.

        Raises:
            StoreError: the database cannot be asked.
        """
        parts = self._parts
        wrong = {**self._degraded(), **self.problems()}
        problems = [f"{part}: {what}" for part, what in wrong.items()]
        return status_page(
            parts.store, parts.configuration, parts.clock(), self.configuration_faults, problems
        )

    def _publish_changed(self) -> PublishReport:
        with self._publishing:
            return self._counted(self._parts.publisher.publish_changed, self._is_over.is_set)

    def _publish_all(self, stopped: Callable[[], bool] | None = None) -> PublishReport:
        with self._publishing:
            stopped = stopped or self._is_over.is_set
            return self._counted(self._parts.publisher.publish_all, stopped)

    def _publish_anew(self) -> None:
        """Publish what another program or configuration published before this start."""
        try:
            tell(self._publish_all())
        except AggregatorError as error:
            _log.error("not published", error=str(error))
            self._scheduler.once(REST_AFTER_FAILURE, self._publish_anew)

    def _counted(
        self,
        publish: Callable[[Callable[[], bool]], PublishReport],
        stopped: Callable[[], bool],
    ) -> PublishReport:
        began = time.monotonic()
        try:
            report = publish(stopped)
        except StoppedError:
            _log.info("publishing ends before its time; the next start publishes anew")
            return PublishReport()
        except AggregatorError:
            self._unpublished = True
            raise
        self._unpublished = bool(report.failed)
        self.metrics.published(report, time.monotonic() - began)
        self._pings.add(self.configuration.settings.publish.hubs, report.topics)
        return report

    def _watch(self) -> None:
        for _ in watch(self._folder, self._stopping):
            self.reload()

    def reload(self) -> None:
        """Read the configuration again: a right one is swapped in, a wrong one is not."""
        try:
            configuration = load(self._folder, os.environ)
            if configuration != self.configuration:
                self._adopt(configuration)
            self.configuration_faults = ()
        except ConfigurationError as error:
            self.configuration_faults = tuple(str(fault) for fault in error.faults)
            for fault in self.configuration_faults:
                _log.error("configuration not taken over, the old one stays", fault=fault)
        except AggregatorError as error:
            self.configuration_faults = (str(error),)
            _log.error("configuration not taken over, the old one stays", error=str(error))

    def _adopt(self, configuration: Configuration) -> None:
        for key in needs_restart(self.configuration, configuration):
            _log.warning("this change takes a restart", key=key)
        self._parts.adopt(configuration)
        tell(self._publish_all())
        _log.info("configuration taken over", sources=len(configuration.sources))
