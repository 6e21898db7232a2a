"""Moments in the life of the running program, at which a test can end or disturb it.

A moment is a name for "before" or "after" some function of the program, or for one of the calls
with which it writes. `Moments` patches these functions in its own process, so the program knows
nothing of it, and calls `reach(moment)` each time one is reached.
"""

from __future__ import annotations

import functools
import importlib
import os
import signal
import threading
from collections import Counter
from collections.abc import Callable, Mapping
from typing import Any

from sqlalchemy import Engine, event

FUNCTIONS: Mapping[str, str] = {
    "source": "aggregator.ingest.engine:Engine._carry",
    "exchange": "aggregator.fetch.http:HttpFetcher.fetch",
    "body": "aggregator.fetch.http:read_body",
    "digest": "aggregator.ingest.workers:InlineWorkers.run",
    "record": "aggregator.store.store:Store.record",
    "mark": "aggregator.store.store:Store.mark_published",
    "migration": "aggregator.store.opening:_upgrade",
    "reload": "aggregator.service.service:Service.reload",
    "adopt": "aggregator.service.assembly:Assembly.adopt",
    "housekeeping": "aggregator.store.store:Store.housekeeping",
    "open": "aggregator.publish.folder:_OsCalls.open",
    "write": "aggregator.publish.folder:_OsCalls.write",
    "fsync": "aggregator.publish.folder:_OsCalls.fsync",
    "rename": "aggregator.publish.folder:_OsCalls.replace",
}
STATEMENT = "statement"
COMMIT = "commit"
HALF = "half a file"

Reach = Callable[[str], None]


class Moments:
    """Tells `reach` of every moment, in the process that made this."""

    def __init__(self, reach: Reach) -> None:
        self._reach = reach
        for name, target in FUNCTIONS.items():
            self._around(name, target)
        event.listen(Engine, "before_cursor_execute", lambda *_: reach(f"before {STATEMENT}"))
        event.listen(Engine, "after_cursor_execute", lambda *_: reach(f"after {STATEMENT}"))
        event.listen(Engine, "commit", lambda *_: reach(f"before {COMMIT}"))

    def _around(self, name: str, target: str) -> None:
        module, _, path = target.partition(":")
        owner: Any = importlib.import_module(module)
        *parents, last = path.split(".")
        for parent in parents:
            owner = getattr(owner, parent)
        before = owner.__dict__[last]
        original = before.__func__ if isinstance(before, staticmethod) else before
        if name == "write":
            original = self._in_halves(original)

        @functools.wraps(original)
        def around(*args: Any, **kwargs: Any) -> Any:
            self._reach(f"before {name}")
            result = original(*args, **kwargs)
            self._reach(f"after {name}")
            return result

        setattr(owner, last, staticmethod(around) if isinstance(before, staticmethod) else around)

    def _in_halves(self, write: Callable[[int, memoryview], int]) -> Callable[..., int]:
        """Half of the bytes are written, and then comes a moment."""

        def in_halves(descriptor: int, data: memoryview) -> int:
            written = write(descriptor, data[: max(1, len(data) // 2)])
            self._reach(HALF)
            return written

        return in_halves


class Killer:
    """Counts moments, and ends the process without a word when one comes for the n-th time."""

    def __init__(self, moment: str = "", call: int = 0) -> None:
        self.counts: Counter[str] = Counter()
        self._moment, self._call = moment, call
        self._lock = threading.Lock()

    def __call__(self, moment: str) -> None:
        """A moment is reached."""
        with self._lock:
            self.counts[moment] += 1
            if moment == self._moment and self.counts[moment] == self._call:
                os.kill(os.getpid(), signal.SIGKILL)
