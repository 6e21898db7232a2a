"""When a source is due again, as tables and for every state that may occur."""

from __future__ import annotations

from collections import Counter
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aggregator.errors import FetchError, FetchReason, ParseError, ParseReason
from aggregator.fetch.due import LONGEST, DuePlan, after_failure, after_success, first_due
from aggregator.model.pages import FetchState, Validators
from aggregator.model.schedule import Rhythm

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
PLAN = DuePlan(every=30 * MINUTE, at_least=5 * MINUTE, at_most=24 * HOUR)
STATE = FetchState(NOW, 30 * MINUTE, Validators('"1"'))
DOWN = FetchError(FetchReason.TIMEOUT, "too slow")

plans = st.builds(
    DuePlan,
    *[st.timedeltas(timedelta(0), timedelta(days=36500))] * 3,
)
errors = st.one_of(
    st.builds(
        FetchError,
        st.sampled_from(FetchReason),
        st.just("x"),
        retry_after=st.none() | st.floats(min_value=0, allow_nan=False),
    ),
    st.builds(ParseError, st.sampled_from(ParseReason), st.just("x")),
)
moments = st.datetimes(datetime(1990, 1, 1), datetime(2200, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001 - hypothesis adds the zone


@pytest.mark.parametrize(
    ("every", "interval"),
    [
        (4 * MINUTE, 5 * MINUTE),
        (5 * MINUTE, 5 * MINUTE),
        (6 * MINUTE, 6 * MINUTE),
        (24 * HOUR, 24 * HOUR),
        (25 * HOUR, 24 * HOUR),
    ],
)
def test_the_interval_stays_inside_the_bounds(every: timedelta, interval: timedelta) -> None:
    """What a source asks for is bounded by the settings, and a day is the longest of all."""
    assert DuePlan(every, 5 * MINUTE, 24 * HOUR).interval == interval
    assert DuePlan(every, 5 * MINUTE, timedelta(days=30)).interval == interval


def test_success_starts_afresh() -> None:
    """One success ends every back-off; what else is remembered stays."""
    failed = after_failure(STATE, DOWN, PLAN, NOW)
    state = after_success(failed, PLAN, NOW)
    assert state == FetchState(
        NOW + 30 * MINUTE,
        30 * MINUTE,
        Validators('"1"'),
        last_ok_at=NOW,
        why="first guess",
        rhythm=Rhythm(watched_since=NOW),
    )


@pytest.mark.parametrize(
    ("failures", "minutes"), [(1, 30), (2, 60), (3, 120), (6, 960), (7, 1440), (99_999, 1440)]
)
def test_failures_back_off(failures: int, minutes: int) -> None:
    """The wait begins with the interval and doubles up to a day."""
    before = FetchState(NOW, PLAN.interval, failures=failures - 1, last_ok_at=NOW)
    state = after_failure(before, DOWN, PLAN, NOW, jitter=0)
    assert state.next_due_at == NOW + minutes * MINUTE
    assert (state.failures, state.last_error) == (failures, "timeout: too slow")
    assert state.last_ok_at == NOW


@pytest.mark.parametrize(("jitter", "minutes"), [(0.0, 30.0), (0.5, 31.5), (1.0, 33.0)])
def test_jitter_comes_on_top(jitter: float, minutes: float) -> None:
    """Jitter is a tenth of the wait at most, and never makes it shorter."""
    state = after_failure(STATE, DOWN, PLAN, NOW, jitter)
    assert state.next_due_at == NOW + minutes * MINUTE


@pytest.mark.parametrize(
    ("asked", "wait"),
    [
        (0.0, 30 * MINUTE),
        (1799.0, 30 * MINUTE),
        (1801.0, 30 * MINUTE + timedelta(seconds=1)),
        (7200.0, 2 * HOUR),
        (86400.0, 24 * HOUR),
        (86401.0, 24 * HOUR),
        (float("inf"), 24 * HOUR),
    ],
)
def test_retry_after_is_obeyed(asked: float, wait: timedelta) -> None:
    """What the origin asks for counts instead of back-off, from the interval up to a day."""
    error = FetchError(FetchReason.RATE_LIMITED, "slow down", status=429, retry_after=asked)
    before = FetchState(NOW, PLAN.interval, failures=9)
    assert after_failure(before, error, PLAN, NOW, jitter=0).next_due_at == NOW + wait


def test_a_source_that_is_gone_rests() -> None:
    """After 410 a source is marked and asked once a day; when it answers again, it is back."""
    gone = after_failure(STATE, FetchError(FetchReason.GONE, "gone", status=410), PLAN, NOW)
    assert gone.gone
    assert gone.next_due_at == NOW + LONGEST
    assert not after_success(gone, PLAN, NOW).gone
    assert not after_failure(gone, DOWN, PLAN, NOW).gone


def test_a_document_that_cannot_be_read_backs_off_too() -> None:
    """A parse error counts like a failed exchange."""
    error = ParseError(ParseReason.NOT_A_FEED, "a login page")
    state = after_failure(STATE, error, PLAN, NOW, jitter=0)
    assert state.next_due_at == NOW + 30 * MINUTE
    assert state.last_error == "not_a_feed: a login page"


@given(plans, errors, moments, st.integers(0, 10**6), st.floats(0, 1))
def test_the_next_time_is_always_within_a_day(
    plan: DuePlan, error: FetchError | ParseError, now: datetime, failures: int, jitter: float
) -> None:
    """Whatever happened, a source is due after now and within 24 hours."""
    state = FetchState(now, PLAN.interval, failures=failures)
    for after in (after_success(state, plan, now), after_failure(state, error, plan, now, jitter)):
        assert now < after.next_due_at <= now + LONGEST


@given(st.text(), st.timedeltas(timedelta(0), timedelta(days=9999)), moments)
def test_a_first_time_is_within_a_day(source_id: str, within: timedelta, now: datetime) -> None:
    """A fresh start has its moment, too, the same one at every try."""
    moment = first_due(source_id, within, now)
    assert now < moment <= now + LONGEST
    assert moment == first_due(source_id, within, now)


def test_a_fresh_start_is_spread_evenly() -> None:
    """Of 36,500 sources that start together, no second gets more than three times the mean."""
    moments = [first_due(f"source-{n}", 30 * MINUTE, NOW) for n in range(36_500)]
    per_second = Counter(moment.replace(microsecond=0) for moment in moments)
    assert max(per_second.values()) <= 3 * 36_500 / 1800
