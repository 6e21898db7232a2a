"""What is done at each beat: start what is due, publish what changed, tidy up.

Each job is small and leaves everything that matters in the database, so that a beat that fails or
never comes costs nothing but time. Which beats there are is `service`'s business.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Protocol

import structlog

from aggregator.contracts import Clock
from aggregator.errors import AggregatorError, DatabaseBusyError, StoreError
from aggregator.ingest.engine import Engine, Unstored
from aggregator.model.results import SourceResult
from aggregator.model.settings import Keep
from aggregator.publish.report import PublishReport
from aggregator.scheduling.clock import LONG_AGO, ClockWatch, rests

_log = structlog.get_logger("aggregator.scheduling")

PAUSE_AFTER_REFUSAL = timedelta(seconds=5)
"""Rest after the database refused a result: what cannot be stored is not worth fetching."""

REST_AFTER_FAILURE = timedelta(seconds=30)
"""Rest after something could not be published: it is tried again, but not at every beat."""


class DueSources(Protocol):
    """What the tick needs of the store."""

    def due_sources(
        self, now: datetime, limit: int, per_domain: int, under_way: Collection[str]
    ) -> list[str]:
        """Ids of active sources whose time has come, longest waiting first, fair by domain."""

    def shift_schedule(self, by: timedelta) -> None:
        """Move every moment to come, because the clock was set."""


class Lock(Protocol):
    """What staying alone needs of the lock on the database."""

    def renew(self) -> None:
        """Take it again where the database forgot it."""


class Housekeeping(Protocol):
    """What tidying up needs of the store."""

    def housekeeping(self, now: datetime, keep: Keep) -> Mapping[str, int]:
        """Let go what is older than is to be kept; gives how much of what went."""


class ChangedCategories(Protocol):
    """What the sweep needs of the store."""

    def changed_categories(self) -> Mapping[str, int]:
        """Categories that wait to be published."""


@dataclass
class Tick:
    """Starts the sources that are due, as many as there are free threads and turns of a domain.

    When the clock was set, the schedule is set with it: nothing is read twice or left out for that.
    `refusal` says why the database took nothing the last time; empty while it does.
    """

    store: DueSources
    engine: Engine
    clock: Clock
    watch: Callable[[SourceResult | Unstored], None]
    per_domain: Callable[[], int]
    clocks: ClockWatch
    refusal: str = ""
    _rest_until: datetime = LONG_AGO

    def __call__(self) -> None:
        """Ask the database what is due, and start it."""
        now = self.clock()
        free = self.engine.free
        jump = self.clocks.jump()
        if free == 0 or (not jump and rests(self._rest_until, PAUSE_AFTER_REFUSAL, now)):
            return
        try:
            if jump:
                seconds = jump.total_seconds()
                _log.warning("the clock was set; the schedule follows", seconds=seconds)
                self.store.shift_schedule(jump)
            self.clocks.agree()
            due = self.store.due_sources(now, free, self.per_domain(), self.engine.under_way)
        except AggregatorError as error:
            _log.error("the database does not answer", error=str(error))
            self._rest_until = now + PAUSE_AFTER_REFUSAL
            self.refusal = str(error)
            return
        self.engine.submit_all(due, self._ended)

    def _ended(self, result: SourceResult | Unstored) -> None:
        self.watch(result)
        if isinstance(result, Unstored):
            self._rest_until = self.clock() + PAUSE_AFTER_REFUSAL
            self.refusal = result.error
        else:
            self.refusal = ""


@dataclass
class Sweep:
    """Publishes what changed, once `settle` has passed since the first change that waits.

    A beat sees whatever waits, whoever stored it; who stores something here says so by `noticed`,
    and is published to the moment: `once` calls the sweep after so long.
    """

    store: ChangedCategories
    publish: Callable[[], PublishReport]
    settle: Callable[[], timedelta]
    clock: Clock
    once: Callable[[timedelta, Callable[[], None]], None]
    _waiting_since: datetime | None = None
    _not_before: datetime = LONG_AGO

    def noticed(self) -> None:
        """Something was stored just now: if nothing waits yet, it settles from now on."""
        if self._waiting_since is None:
            self._waiting_since = self.clock()
            self.once(self.settle(), self)

    def __call__(self) -> None:
        """Look whether anything waits, and publish it when it has waited long enough."""
        now = self.clock()
        try:
            if not self.store.changed_categories():
                self._waiting_since = None
                return
            if self._waiting_since is None or now < self._waiting_since:
                self._waiting_since = now  # seen just now, or before somebody set the clock back
            is_settled = now - self._waiting_since >= self.settle()
            if is_settled and not rests(self._not_before, REST_AFTER_FAILURE, now):
                self._waiting_since = None
                self._publish(now)
        except AggregatorError as error:
            _log.error("not published", error=str(error))

    def _publish(self, now: datetime) -> None:
        self._not_before = now + REST_AFTER_FAILURE
        try:
            report = self.publish()
        except StoreError:  # the folder may be well, so it is soon tried again
            self._not_before = now + PAUSE_AFTER_REFUSAL
            raise
        tell(report)
        if not report.failed:
            self._not_before = LONG_AGO


@dataclass
class Mend:
    """Writes what is missing on disk although nothing changed: it was deleted, or it failed."""

    publish: Callable[[], PublishReport]

    def __call__(self) -> None:
        """Publish what changed or is missing, without waiting for it to settle."""
        try:
            tell(self.publish())
        except AggregatorError as error:
            _log.error("not published", error=str(error))


@dataclass
class StayAlone:
    """Sees that this is still the only instance on its database, and says so once it is not."""

    lock: Lock
    lost: Callable[[DatabaseBusyError], None]

    def __call__(self) -> None:
        """Renew the lock; while the database is away nobody else can have it."""
        try:
            self.lock.renew()
        except DatabaseBusyError as error:
            self.lost(error)
        except AggregatorError as error:
            _log.warning("the lock on the database is not renewed", error=str(error))


def tell(report: PublishReport) -> None:
    """One line in the log for a run of publishing, and one for each thing that went wrong."""
    if report.written or report.removed:
        _log.info("published", written=len(report.written), removed=len(report.removed))
    for file, public_id, why in report.left_out:
        _log.warning("article left out", file=file, article=public_id, why=why)
    for path, why in sorted(report.failed.items()):
        _log.error("category not published", category=path or "(home page)", why=why)


@dataclass
class Tidy:
    """Housekeeping: what is older than the configuration wants leaves the database."""

    store: Housekeeping
    keep: Callable[[], Keep]
    clock: Clock

    def __call__(self) -> None:
        """Do it once."""
        try:
            self.store.housekeeping(self.clock(), self.keep())
        except AggregatorError as error:
            _log.error("not tidied up", error=str(error))
