"""One thread that writes: what many sources bring at the same time is stored in one transaction.

A caller hands in an outcome and waits until the transaction that holds it is committed, so that
nobody runs ahead of the database and the waiting line is never longer than there are callers.

A transaction costs as much as storing some sources, so one that would follow another at once waits
for more to go with it, as long as enough callers are left to bring more (docs/decisions/500).
"""

from __future__ import annotations

import contextlib
import queue
import threading
import time
from collections.abc import Sequence
from concurrent.futures import Future
from datetime import datetime
from typing import Protocol

from aggregator.contracts import Clock, Decide
from aggregator.errors import StoreError
from aggregator.model.results import Outcome, Tally

BATCH = 50
"""Outcomes that are written in one transaction at the most."""
PACE = 0.2
"""Seconds after a transaction for which the next one waits for more."""

_Entry = tuple[Outcome, "Future[Tally]"]


class Recorder(Protocol):
    """What the writer needs of the store; see `contracts.IngestStore`."""

    def record(
        self, outcomes: Sequence[Outcome], decide: Decide, now: datetime
    ) -> tuple[Tally, ...]:
        """Store some outcomes in one transaction."""


class Writer:
    """Stores outcomes in the order in which they come, several at once where several wait.

    `decide` may be exchanged at any time; it holds from the next transaction on. Of `callers` at
    most a third has to wait for others.
    """

    def __init__(
        self,
        store: Recorder,
        decide: Decide,
        clock: Clock,
        callers: int = 1,
        pace: float = PACE,
    ) -> None:
        self._store = store
        self.decide = decide
        self._clock = clock
        self._enough = min(BATCH, max(1, callers // 3))
        self._pace = pace
        self._waiting: queue.SimpleQueue[_Entry | None] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._work, name="writer", daemon=True)
        self._thread.start()

    def record(self, outcome: Outcome) -> Tally:
        """Store an outcome; returns what became of its articles once that is committed.

        Raises:
            StoreError: nothing of it was stored.
        """
        future: Future[Tally] = Future()
        self._waiting.put((outcome, future))
        return future.result()

    def close(self) -> None:
        """Write what waits, then end the thread."""
        self._waiting.put(None)
        self._thread.join()

    def _work(self) -> None:
        until = 0.0
        while (first := self._waiting.get()) is not None:
            batch, last = self._gather(first, until)
            self._write(batch)
            until = time.monotonic() + self._pace
            if last:
                break

    def _gather(self, first: _Entry, until: float) -> tuple[list[_Entry], bool]:
        """The first entry and what waits behind it, or comes soon; True when the end was met."""
        batch = [first]
        with contextlib.suppress(queue.Empty):
            while len(batch) < BATCH:
                left = until - time.monotonic() if len(batch) < self._enough else 0.0
                entry = self._waiting.get(timeout=max(0.0, left))
                if entry is None:
                    return batch, True
                batch.append(entry)
        return batch, False

    def _write(self, batch: list[_Entry]) -> None:
        """Store a batch; if the database refuses it, find out which outcome is to blame."""
        try:
            self._store_together(batch)
        except StoreError as error:
            if len(batch) == 1:
                batch[0][1].set_exception(error)
                return
            for entry in batch:
                self._write([entry])
        except Exception as error:  # noqa: BLE001  # the callers wait: each must be told
            for _, future in batch:
                future.set_exception(error)

    def _store_together(self, batch: list[_Entry]) -> None:
        outcomes = [outcome for outcome, _ in batch]
        tallies = self._store.record(outcomes, self.decide, self._clock())
        for (_, future), tally in zip(batch, tallies, strict=True):
            future.set_result(tally)
