"""Many sources at once: threads that each carry one source the whole way, and the tools they share.

A thread holds at most one document, so what is in memory is bounded by `fetch.threads`, whatever
the number of sources. The engine does not know when a source is due; that is `scheduling`.
"""

from __future__ import annotations

import contextlib
import queue
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING

import structlog
from pebble import ThreadPool

from aggregator.errors import StoreError
from aggregator.ingest.pipeline import ingest
from aggregator.ingest.stages import Stages
from aggregator.model.results import SourceStatus

if TYPE_CHECKING:
    from aggregator.ingest.recipe import Recipe
    from aggregator.model.pages import FetchState
    from aggregator.model.results import SourceResult

_log = structlog.get_logger("aggregator.ingest")


@dataclass(frozen=True)
class Unstored:
    """A source was read, but the database did not take what came of it; it stays due."""

    source_id: str
    error: str


Report = Callable[["SourceResult | Unstored"], None]


class Engine:
    """Ingests sources by id; each is under way at most once at a time."""

    def __init__(self, recipes: Mapping[str, Recipe], stages: Stages, threads: int) -> None:
        self._recipes = recipes
        self._stages = stages
        self._threads = threads
        # Daemon threads: a slow origin must not hold up the end of the process.
        self._pool = ThreadPool(max_workers=threads)
        self._under_way: set[str] = set()
        self._changed = threading.Condition()
        self._is_closed = False

    def adopt(self, recipes: Mapping[str, Recipe], stages: Stages) -> None:
        """Read from now on by these recipes; what is under way ends by the old ones."""
        with self._changed:
            self._recipes, self._stages = recipes, stages

    @property
    def under_way(self) -> frozenset[str]:
        """Sources that are being read at this moment, or wait for a thread."""
        with self._changed:
            return frozenset(self._under_way)

    @property
    def free(self) -> int:
        """How many more sources could start at once."""
        return max(0, self._threads - len(self.under_way))

    def submit(
        self,
        source_id: str,
        report: Report,
        alter: Callable[[Stages], Stages] | None = None,
        state: FetchState | None = None,
    ) -> bool:
        """Start a source, unless it is under way or all ends; `report` is called with how it ended.

        `alter` may put something in the place of a stage, for this visit; `state` is what is
        remembered of the source, where that was just read.
        """
        with self._changed:
            known = source_id in self._recipes and source_id not in self._under_way
            if self._is_closed or not known:
                return False
            recipe, stages = self._recipes[source_id], self._stages
            if alter is not None:
                stages = alter(stages)
            self._pool.schedule(self._carry, args=(recipe, stages, report, state))
            self._under_way.add(source_id)
        return True

    def submit_all(self, source_ids: Sequence[str], report: Report) -> int:
        """Start these sources, with one question for what is remembered; gives how many started."""
        states: Mapping[str, FetchState] = {}
        with contextlib.suppress(StoreError):  # then each asks for itself, and says what is wrong
            states = self._stages.store.fetch_states(source_ids)
        return sum(self.submit(each, report, state=states.get(each)) for each in source_ids)

    def ingest_all(self, source_ids: Iterable[str]) -> Iterator[SourceResult | Unstored]:
        """Ingest these sources now; gives each one's result as it comes in.

        Few wait for a thread at a time, so that what is remembered of them is not old by then.
        """
        results: queue.SimpleQueue[SourceResult | Unstored] = queue.SimpleQueue()
        waiting, under_way = iter(source_ids), 0
        while True:
            if under_way <= self._threads and (some := list(islice(waiting, self._threads))):
                under_way += self.submit_all(some, results.put)
            elif under_way:
                yield results.get()
                under_way -= 1
            else:
                return

    def close(self, patience: float) -> bool:
        """Take nothing new and wait `patience` seconds; True when nothing is under way any more."""
        with self._changed:  # a beat may be handing over sources at this moment
            self._is_closed = True
        self._pool.stop()  # type: ignore[no-untyped-call] # pebble types most but not this
        # Not pool.join(): that waits for every thread, however long its origin takes.
        with self._changed:
            return self._changed.wait_for(lambda: not self._under_way, patience)

    def _carry(
        self, recipe: Recipe, stages: Stages, report: Report, state: FetchState | None
    ) -> None:
        source_id = recipe.spec.id
        result: SourceResult | Unstored
        try:
            result = ingest(recipe, stages, state)
            _tell(result)
        except Exception as error:  # noqa: BLE001  # the last fence: one source never ends a thread
            result = Unstored(source_id, f"{type(error).__name__}: {error}")
            _log.error(
                "source not stored", source=source_id, reason="not_stored", error=result.error
            )
        try:
            report(result)
        finally:
            with self._changed:
                self._under_way.discard(source_id)
                self._changed.notify_all()


def _tell(result: SourceResult) -> None:
    """One line in the log for each fetch; failures stand out."""
    facts = {
        "source": result.source_id,
        "http_status": result.http_status or None,
        "seconds": round(result.duration.total_seconds(), 3),
    }
    facts = {key: value for key, value in facts.items() if value is not None}
    tally = result.tally
    if result.status is SourceStatus.FAILED:
        _log.warning(
            "source failed",
            reason=result.reason,
            error=result.error,
            failures=result.state.failures,
            **facts,
        )
    elif result.status is SourceStatus.NOT_MODIFIED:
        _log.debug("not modified", **facts)
    else:
        _log.info(
            "source read",
            new=tally.new,
            changed=tally.changed,
            duplicate=tally.duplicate,
            dropped=sum(tally.dropped.values()),
            **facts,
        )
    for warning in result.warnings:
        _log.warning("source is odd", source=result.source_id, warning=warning)
