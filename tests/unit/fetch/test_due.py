"""When a source is due again, as tables and for every state that may occur."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aggregator.errors import FetchError, FetchReason, ParseError, ParseReason
from aggregator.fetch.due import (
    LONGEST,
    OFFLINE_PATIENCE,
    PATIENCE,
    DuePlan,
    after_failure,
    after_success,
    first_times,
)
from aggregator.model.pages import FetchState, Validators
from aggregator.model.schedule import Hints, QuietTimes, Rhythm

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


def planned(
    rhythm: Rhythm = Rhythm(),
    hints: Hints = Hints(),
    plan: DuePlan = PLAN,
    lifetime: timedelta = timedelta(0),
    now: datetime = NOW,
) -> tuple[timedelta, str]:
    """How long a source that answered is left alone, and why."""
    state = after_success(replace(STATE, rhythm=rhythm, hints=hints), plan, now, lifetime)
    return state.next_due_at - now, state.why


@pytest.mark.parametrize(
    ("gap", "wait", "why"),
    [
        (None, 30 * MINUTE, "first guess"),
        (HOUR, 30 * MINUTE, "posts about every 1h"),
        (3 * HOUR, 90 * MINUTE, "posts about every 3h"),
        (10 * HOUR, 5 * HOUR, "posts about every 10h"),
        (49 * HOUR, 24 * HOUR, "posts about every 49h; shortened to fetch.every_at_most"),
        (MINUTE, 5 * MINUTE, "posts about every 1m; lengthened to fetch.every_at_least"),
        (timedelta(0), 5 * MINUTE, "posts about every 0s; lengthened to fetch.every_at_least"),
    ],
)
def test_a_source_is_read_twice_in_its_usual_gap(
    gap: timedelta | None, wait: timedelta, why: str
) -> None:
    """The learned interval counts in place of the first guess, inside the bounds."""
    assert planned(Rhythm((NOW,), gap)) == (wait, why)


@pytest.mark.parametrize(
    ("silence", "wait"),
    [
        (4 * HOUR - MINUTE, 30 * MINUTE),
        (4 * HOUR, 30 * MINUTE),
        (5 * HOUR, 5 * HOUR / 8),
        (timedelta(days=7), 21 * HOUR),
        (timedelta(days=3650), 24 * HOUR),
        (-HOUR, 30 * MINUTE),
    ],
)
def test_a_source_that_fell_silent_is_read_less(silence: timedelta, wait: timedelta) -> None:
    """From eight intervals of silence on, an eighth of it is the interval; up to a day."""
    assert planned(Rhythm((NOW - silence,), HOUR))[0] == wait
    assert planned(Rhythm(watched_since=NOW - silence))[0] == wait


def test_sleep_is_no_silence() -> None:
    """A source that posts on two evenings a week is looked for on them, as often as it posts then.

    Otherwise the days between would be a silence so long that the next evening is slept through.
    """
    quiet = QuietTimes(frozenset(range(24)) - {18, 19, 20}, frozenset({0, 1, 3, 4, 6}))
    saturday = datetime(2026, 11, 21, 20, 0, tzinfo=UTC)
    wednesday = datetime(2026, 11, 25, 18, 0, tzinfo=UTC)
    rhythm = Rhythm((saturday,), 20 * MINUTE, quiet)
    assert planned(rhythm, now=wednesday)[0] == 10 * MINUTE
    assert planned(replace(rhythm, quiet=QuietTimes()), now=wednesday)[0] > 11 * HOUR
    dead = replace(rhythm, times=(saturday - timedelta(days=700),))
    assert planned(dead, now=wednesday)[0] == 24 * HOUR


@pytest.mark.parametrize(
    ("asked", "lifetime", "wait", "why"),
    [
        (29 * MINUTE, timedelta(0), 30 * MINUTE, "first guess"),
        (45 * MINUTE, timedelta(0), 45 * MINUTE, "ttl asks for 45m"),
        (45 * MINUTE, HOUR, HOUR, "the HTTP cache asks for 1h"),
        (2 * HOUR, HOUR, 2 * HOUR, "ttl asks for 2h"),
        (9 * LONGEST, HOUR, 24 * HOUR, "ttl asks for 9d; shortened to fetch.every_at_most"),
    ],
)
def test_what_a_source_asks_for_makes_it_longer(
    asked: timedelta, lifetime: timedelta, wait: timedelta, why: str
) -> None:
    """The longest of all wishes counts, and none of them makes it shorter."""
    assert planned(hints=Hints(asked, "ttl"), lifetime=lifetime) == (wait, why)


def test_a_fixed_interval_is_kept_whatever_is_known() -> None:
    """`every` of a source is what a person wants: no wish and no rhythm changes it."""
    plan = replace(PLAN, fixed=True)
    rhythm = Rhythm((NOW - timedelta(days=99),), 9 * HOUR, QuietTimes(frozenset({12})))
    hints = Hints(9 * HOUR, "ttl", QuietTimes(days=frozenset({0})))
    assert planned(rhythm, hints, plan, 9 * HOUR) == (30 * MINUTE, "as configured")
    failed = after_failure(replace(STATE, interval=9 * HOUR), DOWN, plan, NOW, jitter=0)
    assert failed.next_due_at == NOW + 30 * MINUTE


@pytest.mark.parametrize("is_told", [True, False])
@pytest.mark.parametrize(
    ("quiet", "wait"),
    [
        (QuietTimes(frozenset({13})), 30 * MINUTE),
        (QuietTimes(frozenset({12})), 90 * MINUTE),
        (QuietTimes(frozenset({12, 13, 14})), 210 * MINUTE),
        (QuietTimes(days=frozenset({0})), 12 * HOUR + 30 * MINUTE),
        (QuietTimes(frozenset(range(24)) - {11}), 23 * HOUR + 30 * MINUTE),
        (QuietTimes(frozenset(range(24))), 24 * HOUR),
        (QuietTimes(days=frozenset({0, 1, 2})), 24 * HOUR),
    ],
)
def test_quiet_times_are_waited_out(quiet: QuietTimes, wait: timedelta, *, is_told: bool) -> None:
    """A visit that falls on quiet times moves by whole hours to their end, for a day at most."""
    rhythm = Rhythm((NOW,), HOUR, QuietTimes() if is_told else quiet)
    found, why = planned(rhythm, Hints(quiet=quiet) if is_told else Hints())
    assert found == wait
    assert why.endswith("; waits for the end of quiet times") is (wait != 30 * MINUTE)


@pytest.mark.parametrize(
    ("asked", "wait"),
    [
        (None, PATIENCE),
        (0.0, PATIENCE),
        (0.5, timedelta(seconds=1)),
        (90.0, 90 * MINUTE / 60),
        (1e9, LONGEST),
    ],
)
def test_a_source_that_was_not_asked_is_not_to_blame(asked: float | None, wait: timedelta) -> None:
    """Where its domain had no turn for it, a source is tried again soon and has not failed."""
    held_back = FetchError(FetchReason.RATE_LIMITED, "is left alone", retry_after=asked)
    before = replace(STATE, failures=2, last_error="timeout: x", moved_to="https://new.example/")
    state = after_failure(before, held_back, PLAN, NOW, jitter=0)
    assert state == replace(before, next_due_at=NOW + wait, why="waits for its domain")


@pytest.mark.parametrize(
    ("every", "wait"),
    [(5 * MINUTE, 5 * MINUTE), (HOUR, OFFLINE_PATIENCE), (24 * HOUR, OFFLINE_PATIENCE)],
)
def test_our_own_outage_is_nobodys_failure(every: timedelta, wait: timedelta) -> None:
    """When nobody could be reached, a source is tried again soon, however long that goes on."""
    alone = FetchError(FetchReason.OFFLINE, "nobody can be reached")
    before = replace(STATE, interval=every, failures=2, last_error="timeout: x")
    state = before
    for _ in range(20):
        state = after_failure(state, alone, PLAN, NOW, jitter=0)
    assert state == replace(before, next_due_at=NOW + wait, why="this machine was offline")


@pytest.mark.parametrize("hours", [2, 24])
def test_a_visit_before_its_time_breaks_no_promise(hours: int) -> None:
    """A person may want a source read sooner; when its domain says no, the old time holds on."""
    held_back = FetchError(FetchReason.RATE_LIMITED, "is left alone", retry_after=3600)
    promised = replace(STATE, next_due_at=NOW + hours * HOUR, why="asked to wait")
    assert after_failure(promised, held_back, PLAN, NOW) == promised
    wild = replace(STATE, next_due_at=NOW + 25 * HOUR)
    assert after_failure(wild, held_back, PLAN, NOW, jitter=0).next_due_at == NOW + HOUR


@given(plans, errors, moments, st.integers(0, 10**6), st.floats(0, 1))
def test_the_next_time_is_always_within_a_day(
    plan: DuePlan, error: FetchError | ParseError, now: datetime, failures: int, jitter: float
) -> None:
    """Whatever happened, a source is due after now and within 24 hours."""
    state = FetchState(now, PLAN.interval, failures=failures)
    for after in (after_success(state, plan, now), after_failure(state, error, plan, now, jitter)):
        assert now < after.next_due_at <= now + LONGEST


@given(st.dictionaries(st.text(), st.timedeltas(timedelta(0), timedelta(days=9999))), moments)
def test_a_first_time_is_within_a_day(within: dict[str, timedelta], now: datetime) -> None:
    """A fresh start has its moments, too, the same ones in whatever order the sources stand."""
    times = first_times(within, now)
    assert all(
        now < times[each] <= now + min(within[each], LONGEST) or not within[each] for each in within
    )
    assert times == first_times(dict(reversed(within.items())), now)


@given(st.integers(1, 60), st.integers(1, 1300), st.floats(0, 1))
def test_no_second_of_a_start_is_crowded(seconds: int, number: int, offset: float) -> None:
    """Whatever the number, and however seconds are cut, none gets over twice its share."""
    number = max(number, seconds)
    times = first_times({f"s{n}": timedelta(seconds=seconds) for n in range(number)}, NOW)
    assert busiest(times.values(), offset) <= 2 * number / seconds


def test_no_second_of_a_day_is_crowded() -> None:
    """12,000 sources that start together, and learn ten different gaps, never crowd a second."""
    number, plan = 12_000, replace(PLAN, every=HOUR)
    times = first_times({f"s{n}": plan.every for n in range(number)}, NOW)
    rhythms = [Rhythm(gap=minutes * MINUTE) for minutes in range(20, 220, 20)]
    visits: list[datetime] = []
    for place, moment in enumerate(times.values()):
        state, now = replace(STATE, rhythm=rhythms[place % len(rhythms)]), moment
        while now < NOW + 2 * HOUR:
            visits.append(now)
            state = after_success(state, plan, now)
            now = state.next_due_at
    last = [each for each in visits if each >= NOW + HOUR]
    assert busiest(times.values()) <= 2 * number / 3600
    assert busiest(last) <= 3 * len(last) / 3600


def busiest(times: Iterable[datetime], offset: float = 0.0) -> int:
    """Most moments in one second."""
    first = NOW - timedelta(seconds=offset)
    return max(Counter((each - first) // timedelta(seconds=1) for each in times).values())
