"""When a source is read next: a pure policy over what is remembered about it.

- After a success, and when nothing changed: one interval later.
- After failures: the interval, doubled with each further one, up to a day, and some jitter on top
  so that sources that failed together do not come back together. One success ends it.
- Where the origin said when (`Retry-After`): then, but not before the interval and within a day.
- After 410 Gone the source rests: it is asked once a day, in case it comes back.
- At a fresh start: spread evenly, each source at a moment that depends on its id alone.

Whatever happened, the next time lies after now and within a day. The clock is passed in; learning
an interval from how often a source posts is not done here.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from aggregator.errors import FetchError, FetchReason, ParseError
from aggregator.model.pages import FetchState
from aggregator.text.hashing import fingerprint

LONGEST = timedelta(hours=24)
SHORTEST = timedelta(seconds=1)
_JITTER = 0.1
_MOST_DOUBLINGS = 20  # a day is 86,400 times the shortest interval: more would change nothing
_HASH_DIGITS = 13
_HASHES = 1 << 4 * _HASH_DIGITS


@dataclass(frozen=True, slots=True)
class DuePlan:
    """How often a source shall be read, and the bounds that hold for all sources."""

    every: timedelta
    at_least: timedelta
    at_most: timedelta

    @property
    def interval(self) -> timedelta:
        """`every` inside the bounds, and inside those of the policy."""
        wanted = min(max(self.every, self.at_least), self.at_most)
        return min(max(wanted, SHORTEST), LONGEST)


def first_due(source_id: str, within: timedelta, now: datetime) -> datetime:
    """When a source that was never read is due: somewhere inside that time, always the same."""
    share = (int(fingerprint(source_id)[:_HASH_DIGITS], 16) + 1) / _HASHES
    return now + max(min(within, LONGEST) * share, timedelta(microseconds=1))


def after_success(state: FetchState, plan: DuePlan, now: datetime) -> FetchState:
    """The source answered, with something new or with nothing new."""
    return replace(
        state,
        next_due_at=now + plan.interval,
        interval=plan.interval,
        failures=0,
        last_ok_at=now,
        last_error="",
        gone=False,
    )


def after_failure(
    state: FetchState,
    error: FetchError | ParseError,
    plan: DuePlan,
    now: datetime,
    jitter: float = 0.5,
) -> FetchState:
    """The source could not be read; `jitter` is a random number from 0 to 1."""
    failures = state.failures + 1
    return replace(
        state,
        next_due_at=now + _wait(error, plan.interval, failures, jitter),
        interval=plan.interval,
        failures=failures,
        last_error=str(error),
        gone=error.reason is FetchReason.GONE,
    )


def _wait(
    error: FetchError | ParseError, interval: timedelta, failures: int, jitter: float
) -> timedelta:
    """How long to leave a source alone after so many failures in a row."""
    if error.reason is FetchReason.GONE:
        return LONGEST
    asked = error.retry_after if isinstance(error, FetchError) else None
    if asked is not None:
        wait = max(interval, timedelta(seconds=min(asked, LONGEST.total_seconds())))
    else:
        wait = interval * (1 << min(failures - 1, _MOST_DOUBLINGS))
    return min(wait * (1 + _JITTER * jitter), LONGEST)
