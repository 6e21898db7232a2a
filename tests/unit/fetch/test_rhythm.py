"""What is learned from the times of articles: the usual gap, and hours and days without any."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aggregator.fetch.rhythm import EXACT_TIMES, MOST_TIMES, learn
from aggregator.model.schedule import QuietTimes, Rhythm

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)  # a Monday
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


def every(gap: timedelta, count: int) -> list[datetime]:
    return [NOW - gap * n for n in range(count)]


def office_hours(days: int, zone: str = "UTC") -> Iterator[datetime]:
    """Each hour from 8 to 18, Monday to Friday, at local time."""
    for n in range(1, days + 1):
        day = (NOW - DAY * n).astimezone(ZoneInfo(zone))
        if day.weekday() < 5:
            local = (day.replace(hour=hour, minute=30) for hour in range(8, 19))
            yield from (moment.astimezone(UTC) for moment in local)


@pytest.mark.parametrize(("count", "gap"), [(4, None), (5, HOUR), (500, HOUR)])
def test_the_usual_gap_takes_five_articles(count: int, gap: timedelta | None) -> None:
    """Four gaps are enough to know one, three are not."""
    assert learn(Rhythm(), every(HOUR, count), NOW).gap == gap


def test_one_long_gap_is_not_usual() -> None:
    """The middle one counts, so that holidays change nothing."""
    times = [*every(HOUR, 6), NOW - 30 * DAY]
    assert learn(Rhythm(), times, NOW).gap == HOUR


def test_dates_in_the_future_teach_nothing() -> None:
    """Only what was posted already says when a source posts."""
    assert learn(Rhythm(), [NOW + MINUTE * n for n in range(1, 9)], NOW) == Rhythm()


def test_learning_bit_by_bit_comes_to_the_same() -> None:
    """Articles may come one at a time or all at once, and twice."""
    times = every(HOUR, EXACT_TIMES)
    rhythm = Rhythm()
    for moment in [*times[::2], *times[1::2], *times]:
        rhythm = learn(rhythm, [moment], NOW)
    assert rhythm == learn(Rhythm(), times, NOW)


def test_few_times_are_kept() -> None:
    """Of a source that posts every minute the newest times stay, and one for each hour before."""
    times = learn(Rhythm(), every(MINUTE, 100_000), NOW).times
    assert times[:EXACT_TIMES] == tuple(every(MINUTE, EXACT_TIMES))
    assert len(times) == MOST_TIMES
    assert all(later - earlier >= 59 * MINUTE for later, earlier in pairwise(times[EXACT_TIMES:-1]))


def test_quiet_hours_are_found() -> None:
    """A source that posts from 8 to 18 sleeps at night; an hour on both sides stays open."""
    rhythm = learn(Rhythm(), office_hours(7), NOW)
    assert rhythm.quiet.hours == frozenset()  # five dates are not enough
    rhythm = learn(Rhythm(), office_hours(12), NOW)
    assert rhythm.quiet == QuietTimes(frozenset({20, 21, 22, 23, 0, 1, 2, 3, 4, 5, 6}))
    assert rhythm.gap == HOUR


def test_a_change_of_the_clocks_stays_inside_the_margin() -> None:
    """Posts at 8:30 in Berlin are not missed in the week after the clocks went back or forward."""
    for change in (datetime(2026, 10, 25, 12, tzinfo=UTC), datetime(2026, 3, 29, 12, tzinfo=UTC)):
        times = [t for t in office_hours(300, "Europe/Berlin") if change - 20 * DAY < t < change]
        quiet = learn(Rhythm(), times, change).quiet
        assert quiet.hours
        berlin = ZoneInfo("Europe/Berlin")
        after = [(change + DAY * n).astimezone(berlin).replace(hour=8) for n in range(1, 6)]
        assert not any(moment.astimezone(UTC) in quiet for moment in after)


def test_quiet_days_are_found() -> None:
    """A blog that posts each weekday for weeks is not expected to at weekends."""
    days = [NOW - DAY * n for n in range(7 * 9) if (NOW - DAY * n).weekday() < 5]
    assert learn(Rhythm(), days[:39], NOW).quiet.days == frozenset()
    rhythm = learn(Rhythm(), days, NOW)
    assert rhythm.quiet.days == frozenset({5, 6})


def test_gaps_leave_quiet_hours_out() -> None:
    """A daily post is one in the few hours that are awake: it is looked for then, and often."""
    rhythm = learn(Rhythm(), every(DAY, 30), NOW)
    assert rhythm.quiet.hours == frozenset(range(24)) - {11, 12, 13}
    assert rhythm.gap == 3 * HOUR


@given(st.lists(st.datetimes(datetime(1990, 1, 1), datetime(2100, 1, 1), timezones=st.just(UTC))))  # noqa: DTZ001 - hypothesis adds the zone
def test_any_times_teach_something_sane(times: list[datetime]) -> None:
    """Whatever dates strangers write, the rhythm is bounded, and some hour stays open."""
    rhythm = learn(Rhythm(), times, NOW)
    assert len(rhythm.times) <= MOST_TIMES
    assert list(rhythm.times) == sorted(set(rhythm.times), reverse=True)
    assert rhythm.gap is None or rhythm.gap >= timedelta(0)
    assert len(rhythm.quiet.hours) < 24
    assert len(rhythm.quiet.days) < 7
