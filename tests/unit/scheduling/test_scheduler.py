from __future__ import annotations

import threading
from datetime import UTC, datetime, timedelta, tzinfo

import pytest
from apscheduler.schedulers import base

from aggregator.scheduling.clock import ClockWatch
from aggregator.scheduling.scheduler import Scheduler


def test_jobs_beat_at_once_and_go_on_after_an_error() -> None:
    """A job runs as soon as the scheduler starts, and again although it raised."""
    beats, enough = list[int](), threading.Event()

    def job() -> None:
        beats.append(1)
        if len(beats) == 3:
            enough.set()
        raise ValueError("one beat fails")

    scheduler = Scheduler()
    scheduler.every(timedelta(milliseconds=10), job)
    scheduler.start()
    assert scheduler.running
    assert enough.wait(10)
    scheduler.stop()
    assert not scheduler.running


def test_slow_job_never_runs_twice_at_once(caplog: pytest.LogCaptureFixture) -> None:
    """While a beat is under way, the next ones of the same job are made up for by one, in peace."""
    under_way, worst, enough = [0], [0], threading.Event()
    other_beats = [0]

    def slow() -> None:
        under_way[0] += 1
        worst[0] = max(worst[0], under_way[0])
        enough.wait(10)
        under_way[0] -= 1

    def other() -> None:
        other_beats[0] += 1
        if other_beats[0] == 5:
            enough.set()

    scheduler = Scheduler()
    scheduler.every(timedelta(milliseconds=5), slow)
    scheduler.every(timedelta(milliseconds=20), other)
    scheduler.start()
    assert enough.wait(10)
    scheduler.stop()
    assert worst[0] == 1
    assert caplog.messages == []


def test_a_job_for_once_runs_once_and_not_before_its_time() -> None:
    """What is due now runs while beats go on, what is due in an hour does not."""
    ran, beats, enough = list[str](), list[int](), threading.Event()

    def beat() -> None:
        beats.append(1)
        if ran and len(beats) > 5:
            enough.set()

    scheduler = Scheduler()
    scheduler.once(timedelta(hours=1), lambda: ran.append("late"))
    scheduler.every(timedelta(milliseconds=5), beat)
    scheduler.start()
    scheduler.once(timedelta(0), lambda: ran.append("soon"))
    assert enough.wait(10)
    scheduler.stop()
    assert ran == ["soon"]


def test_stopping_what_never_started_is_fine() -> None:
    """A scheduler can be stopped before it was started."""
    Scheduler().stop()


def test_a_clock_that_is_set_back_stops_no_beat(monkeypatch: pytest.MonkeyPatch) -> None:
    """APScheduler goes by the wall clock; set back by a day, the beats go on all the same."""
    set_by, before, after = [timedelta(0)], threading.Event(), threading.Event()

    class Wall(datetime):
        """The wall clock of this machine, and how far somebody set it."""

        @classmethod
        def now(cls, tz: tzinfo | None = None) -> datetime:  # type: ignore[override] # no subclass
            """What it shows."""
            return datetime.now(tz) + set_by[0]

    monkeypatch.setattr(base, "datetime", Wall)

    def beat() -> None:
        (after if set_by[0] else before).set()

    scheduler = Scheduler(ClockWatch(lambda: Wall.now(UTC)))
    scheduler.every(timedelta(milliseconds=10), beat)
    scheduler.start()
    assert before.wait(10)
    set_by[0] = -timedelta(days=1)
    assert after.wait(10)
    scheduler.stop()
