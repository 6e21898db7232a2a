"""When digests close: by local clocks, whatever these do."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from itertools import islice, pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aggregator.model.feeds import DigestSpec
from aggregator.publish.periods import closings_back, days_of, last_closing

SHANGHAI, BERLIN = ZoneInfo("Asia/Shanghai"), ZoneInfo("Europe/Berlin")
MORNING = DigestSpec(at="07:00")


def utc(text: str) -> datetime:
    """A moment in UTC."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("now", "closed"),
    [
        ("2026-01-30 22:59:59", "2026-01-29 23:00"),
        ("2026-01-30 23:00", "2026-01-30 23:00"),
        ("2026-01-31 22:59:59.999999", "2026-01-30 23:00"),
    ],
)
def test_a_day_closes_at_its_local_time(now: str, closed: str) -> None:
    """Seven in Shanghai is 23:00 UTC of the day before: from that moment on it has closed."""
    assert last_closing(MORNING, SHANGHAI, utc(now)) == utc(closed)


@pytest.mark.parametrize(
    ("now", "closed"),
    [
        ("2026-01-25 22:59", "2026-01-18 23:00"),
        ("2026-01-25 23:00", "2026-01-25 23:00"),
        ("2026-01-31 12:00", "2026-01-25 23:00"),
    ],
)
def test_a_week_closes_on_its_day(now: str, closed: str) -> None:
    """Monday at seven in Shanghai is Sunday evening in UTC."""
    weekly = DigestSpec(every="week", on="monday", at="07:00")
    assert last_closing(weekly, SHANGHAI, utc(now)) == utc(closed)


@pytest.mark.parametrize(
    ("at", "now", "hours"),
    [
        ("07:00", "2026-03-29 12:00", 23),
        ("07:00", "2026-10-25 12:00", 25),
        ("02:30", "2026-03-29 12:00", 24),  # left out: as by the clocks of before, 03:30
        ("02:30", "2026-03-30 12:00", 23),
        ("02:30", "2026-10-25 12:00", 24),  # comes twice: the first counts
        ("02:30", "2026-10-26 12:00", 25),
        ("00:00", "2026-03-30 12:00", 23),
    ],
)
def test_days_are_longer_or_shorter_when_clocks_change(at: str, now: str, hours: int) -> None:
    """In Berlin the clocks go on at the end of March and back at the end of October."""
    last, before = islice(closings_back(DigestSpec(at=at), BERLIN, utc(now)), 2)
    assert last - before == timedelta(hours=hours)


def test_a_day_that_a_zone_left_out_is_no_period() -> None:
    """Samoa went from 29 to 31 December 2011: no period without length comes of it."""
    moments = [*islice(closings_back(MORNING, ZoneInfo("Pacific/Apia"), utc("2012-01-02")), 4)]
    assert all(later - earlier >= timedelta(hours=23) for later, earlier in pairwise(moments))


@given(
    st.integers(0, 50 * 365 * 24 * 60),
    st.sampled_from(["00:00", "01:59", "02:30", "23:59"]),
    st.sampled_from(["day", "week"]),
    st.sampled_from(["Europe/Berlin", "America/St_Johns", "Australia/Lord_Howe", "Pacific/Apia"]),
)
def test_periods_follow_one_another(minute: int, at: str, every: str, zone: str) -> None:
    """Closings go back without end, each before the last, the first not after now."""
    spec = DigestSpec.model_validate({"at": at, "every": every})
    moment = utc("1990-01-01") + timedelta(minutes=minute)
    found = [*islice(closings_back(spec, ZoneInfo(zone), moment), 5)]
    assert found[0] <= moment
    assert all(later > earlier for later, earlier in pairwise(found))
    days = 1 if every == "day" else 7
    slack = timedelta(days=1, hours=2)  # a whole day is left out where the date line moved
    assert all(b - a <= timedelta(days=days) + slack for a, b in pairwise(reversed(found)))


@pytest.mark.parametrize(
    ("opened", "closed", "days"),
    [
        ("2026-01-30 16:00", "2026-01-31 16:00", ("2026-01-31", "2026-01-31")),  # 00:00
        ("2026-01-29 23:00", "2026-01-30 23:00", ("2026-01-30", "2026-01-31")),  # 07:00
        ("2026-01-18 16:00", "2026-01-25 16:00", ("2026-01-19", "2026-01-25")),  # a week
    ],
)
def test_a_period_covers_the_days_that_people_call_it(
    opened: str, closed: str, days: tuple[str, str]
) -> None:
    """What closes at midnight belongs to the day that ended."""
    expected = tuple(map(date.fromisoformat, days))
    assert days_of(utc(opened), utc(closed), SHANGHAI) == expected
