"""A clock that somebody set is noticed, and the schedule goes with it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from aggregator.scheduling.clock import TOLERANCE, ClockWatch

NOON = datetime(2026, 10, 24, 12, tzinfo=UTC)
SECOND = timedelta(seconds=1)


class Clocks:
    """Two clocks that go together until one of them is set."""

    def __init__(self) -> None:
        self.wall, self.steady = NOON, 1000.0

    def go(self, by: timedelta) -> None:
        self.wall += by
        self.steady += by.total_seconds()

    def watch(self) -> ClockWatch:
        return ClockWatch(lambda: self.wall, lambda: self.steady)


@pytest.mark.parametrize("by", [SECOND, timedelta(hours=30), timedelta(days=400)])
def test_time_that_passes_is_no_jump(by: timedelta) -> None:
    """However long nobody looked, and over every change to winter time: both clocks went along."""
    clocks = Clocks()
    watch = clocks.watch()
    clocks.go(by)
    assert not watch.jump()


@pytest.mark.parametrize(
    ("by", "noticed"),
    [
        (TOLERANCE - SECOND, False),
        (TOLERANCE, False),
        (TOLERANCE + SECOND, True),
        (-TOLERANCE, False),
        (-TOLERANCE - SECOND, True),
        (timedelta(hours=1), True),
        (timedelta(days=-3650), True),
    ],
)
def test_a_clock_that_is_set_is_noticed(by: timedelta, *, noticed: bool) -> None:
    """A jump is told as it is, once, in either direction; a small one is let pass."""
    clocks = Clocks()
    watch = clocks.watch()
    clocks.go(5 * SECOND)
    clocks.wall += by
    assert watch.jump() == (by if noticed else timedelta(0))
    assert bool(watch.jump()) is noticed
    watch.agree()
    assert not watch.jump()
