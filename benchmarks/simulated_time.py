"""A clock for simulations: it stands still while work is done, and is put forward in between."""

from __future__ import annotations

import threading
import time
from datetime import datetime, timedelta

from aggregator.fetch.budget import Steady

_LOOK = 0.002
"""Real seconds between two looks whether the simulated time has come."""


class SimulatedTime(Steady):
    """Both clocks of a service, the one that anybody can set and the one that nobody can."""

    def __init__(self, start: datetime) -> None:
        self._start = start
        self.seconds = 0.0
        self._waiting: dict[int, float] = {}

    def now(self) -> float:
        """Simulated seconds since the start."""
        return self.seconds

    def utc(self) -> datetime:
        """The simulated time of day."""
        return self._start + timedelta(seconds=self.seconds)

    def wait(self, change: threading.Condition, seconds: float) -> bool:
        """Wait until the simulation has gone on so far, or something changed."""
        end = self.seconds + seconds
        self._waiting[threading.get_ident()] = end
        try:
            while self.seconds < end:
                if change.wait(_LOOK):
                    return True
            return False
        finally:
            del self._waiting[threading.get_ident()]

    @property
    def waiting(self) -> list[float]:
        """Until when each of those waits who wait for time to pass; who is just waking does not."""
        return [end for end in list(self._waiting.values()) if end > self.seconds]


def pause() -> None:
    """Let the threads of the simulation work; real time, which nothing in it is measured by."""
    time.sleep(_LOOK)
