"""Notices that somebody set the clock, by a second one that nobody can set.

Only jumps count: what a time server corrects bit by bit is far below the tolerance at every look.
A machine that slept has jumped as well.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from aggregator.contracts import Clock

LONG_AGO = datetime.min.replace(tzinfo=UTC)
"""A moment of which all clocks say that it is over."""
TOLERANCE = timedelta(seconds=30)
"""A smaller jump is left alone: a source that is read so much sooner or later harms nobody."""


class ClockWatch:
    """Compares how far two clocks went from look to look."""

    def __init__(self, clock: Clock, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._monotonic = monotonic
        self._seen = clock(), monotonic()

    def jump(self) -> timedelta:
        """How far the clock was set since the last `agree`: forward, backward, or not (zero)."""
        wall, steady = self._seen
        went = timedelta(seconds=self._monotonic() - steady)
        jump = self._clock() - wall - went
        return jump if abs(jump) > TOLERANCE else timedelta(0)

    def agree(self) -> None:
        """Take the clock as it is now."""
        self._seen = self._clock(), self._monotonic()


def rests(until: datetime, longest: timedelta, now: datetime) -> bool:
    """Whether a rest holds on; one longer than was ever taken came of a clock that was set back."""
    return now < until <= now + longest
