"""When a source is read next: a pure policy over what is remembered about it.

- A source whose configuration says `every` is read as often as that, whatever else is known.
- Else twice in the usual gap between two of its articles; `fetch.every` while that is unknown. A
  source that fell silent is read less and less: after an eighth of its silence.
- What the source asks for (`ttl`, `sy:updatePeriod`, `Cache-Control`, `Expires`) makes that longer,
  never shorter. Both are held inside `fetch.every_at_least` and `fetch.every_at_most`.
- A time on quiet hours or days, told (`skipHours`, `skipDays`) or learned, moves to their end, by
  whole hours, so that sources that wait for the same hour do not come in the same second.
- After failures: the interval, doubled with each further one, up to a day, and some jitter on top
  so that sources that failed together do not come back together. One success ends it.
- Where the origin said when (`Retry-After`): then, but not before the interval and within a day.
- Where nobody at all could be reached, it has not failed: it is tried again within a quarter of an
  hour, so that an outage of our own network is over when it is over.
- After 410 Gone the source rests: it is asked once a day, in case it comes back.
- At a fresh start: one after the other at equal distances, in an order that the ids decide.

Whatever happened, the next time lies after now and within a day. The clock is passed in. How a
source posts is found out by `rhythm`; with pictures: docs/scheduling.md.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from aggregator.errors import FetchError, FetchReason, ParseError
from aggregator.fetch.rhythm import awake
from aggregator.model.pages import FetchState, Validators
from aggregator.model.quantities import format_duration
from aggregator.model.schedule import Hints, QuietTimes, Rhythm
from aggregator.text.hashing import fingerprint

LONGEST = timedelta(hours=24)
SHORTEST = timedelta(seconds=1)
PATIENCE = timedelta(minutes=1)
"""How long a source waits that could not be asked, because its domain had no place free."""
OFFLINE_PATIENCE = timedelta(minutes=15)
"""How long a source waits at most that could not be reached when nobody could."""
FAILURES_ELSEWHERE = 3
"""After so many failures in a row where it moved to, a source is asked at its own address again."""

_VISITS_A_GAP = 2
_SHARE_OF_SILENCE = 8
_JITTER = 0.1
_MOST_DOUBLINGS = 20  # a day is 86,400 times the shortest interval: more would change nothing
_HASH_DIGITS = 13
_HASHES = 1 << 4 * _HASH_DIGITS
_HOUR = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class DuePlan:
    """How often a source shall be read, and the bounds that hold for all sources.

    `fixed` says that `every` is the source's own, and no first guess.
    """

    every: timedelta
    at_least: timedelta
    at_most: timedelta
    fixed: bool = False

    @property
    def interval(self) -> timedelta:
        """`every` inside the bounds."""
        return self.bounded(self.every)

    def bounded(self, wanted: timedelta) -> timedelta:
        """An interval inside the bounds, and inside those of the policy."""
        wanted = min(max(wanted, self.at_least), self.at_most)
        return min(max(wanted, SHORTEST), LONGEST)


def first_times(within: Mapping[str, timedelta], now: datetime) -> Mapping[str, datetime]:
    """When sources that were never read are due: each inside its time, at equal distances.

    Neighbours in the configuration, which are often of one domain, do not come one after the other.
    """
    together: dict[timedelta, list[str]] = {}
    for source_id in sorted(within, key=share):
        together.setdefault(min(within[source_id], LONGEST), []).append(source_id)
    return {
        source_id: now + max(length * ((place + 0.5) / len(ids)), timedelta(microseconds=1))
        for length, ids in together.items()
        for place, source_id in enumerate(ids)
    }


def share(name: str) -> float:
    """A number above 0, up to 1, that looks random and is always the same for a name."""
    return (int(fingerprint(name)[:_HASH_DIGITS], 16) + 1) / _HASHES


def after_success(
    state: FetchState, plan: DuePlan, now: datetime, lifetime: timedelta = timedelta(0)
) -> FetchState:
    """The source answered, with something new or with nothing new.

    What the document said and how the source posts is in the state already; `lifetime` is how long
    the answer stays fresh by its headers.
    """
    rhythm = state.rhythm
    if rhythm.watched_since is None:
        rhythm = replace(rhythm, watched_since=now)
    state = replace(state, rhythm=rhythm, failures=0, last_ok_at=now, last_error="", gone=False)
    if plan.fixed:
        interval, why = plan.interval, "as configured"
        return replace(state, next_due_at=now + interval, interval=interval, why=why)
    asked = [state.hints, Hints(lifetime, "the HTTP cache")]
    wanted, why = _lengthened(*_learned(rhythm, plan, now), asked)
    interval = plan.bounded(wanted)
    why += "; shortened to fetch.every_at_most" if interval < wanted else ""
    why += "; lengthened to fetch.every_at_least" if interval > wanted else ""
    moment = _awake(now + interval, state.hints.quiet | rhythm.quiet, now + plan.bounded(LONGEST))
    why += "; waits for the end of quiet times" if moment > now + interval else ""
    return replace(state, next_due_at=moment, interval=interval, why=why)


def _learned(rhythm: Rhythm, plan: DuePlan, now: datetime) -> tuple[timedelta, str]:
    """The interval that a source's articles suggest, and why."""
    interval, why = plan.every, "first guess"
    if rhythm.gap is not None:
        interval, why = rhythm.gap / _VISITS_A_GAP, f"posts about every {_rough(rhythm.gap)}"
    newest = rhythm.times[0] if rhythm.times else rhythm.watched_since or now
    silence = awake(newest, now, rhythm.quiet) if newest < now else timedelta(0)
    if silence / _SHARE_OF_SILENCE > interval:
        return silence / _SHARE_OF_SILENCE, f"nothing new for {_rough(silence)}"
    return interval, why


def _lengthened(interval: timedelta, why: str, asked: list[Hints]) -> tuple[timedelta, str]:
    """The longest of what is wanted and what is asked for."""
    for hints in asked:
        if hints.at_least > interval:
            interval = hints.at_least
            why = f"{hints.said_by} asks for {_rough(interval)}"
    return interval, why


def _awake(moment: datetime, quiet: QuietTimes, latest: datetime) -> datetime:
    """The moment, or so many whole hours later as it takes to be outside quiet times."""
    while moment in quiet and moment < latest:
        moment += _HOUR
    return min(moment, latest)


def after_failure(
    state: FetchState,
    error: FetchError | ParseError,
    plan: DuePlan,
    now: datetime,
    jitter: float = 0.5,
) -> FetchState:
    """The source could not be read; `jitter` is a number from 0 to 1, another one each time."""
    interval = plan.interval if plan.fixed else plan.bounded(state.interval)
    if _was_not_asked(error):
        wait = min(_asked_wait(error) or PATIENCE, LONGEST) * (1 + _JITTER * jitter)
        moment = now + min(max(wait, SHORTEST), LONGEST)
        if moment < state.next_due_at <= now + LONGEST:
            return state  # a person wanted it read before its time, which holds on
        return replace(state, next_due_at=moment, why="waits for its domain")
    if error.reason is FetchReason.OFFLINE:
        wait = min(interval, OFFLINE_PATIENCE) * (1 + _JITTER * jitter)
        return replace(state, next_due_at=now + wait, why="this machine was offline")
    failures = state.failures + 1
    if failures >= FAILURES_ELSEWHERE and state.moved_to:
        # What was remembered is of the other address, and says nothing about the one asked next.
        state = replace(state, moved_to="", validators=Validators(), was_read=False)
    return replace(
        state,
        next_due_at=now + _wait(error, interval, failures, jitter),
        interval=interval,
        failures=failures,
        last_error=str(error),
        gone=error.reason is FetchReason.GONE,
        why=_why_it_waits(error, failures),
    )


def _was_not_asked(error: FetchError | ParseError) -> bool:
    """Whether we held the request back ourselves: nothing is known about the source then."""
    return error.reason is FetchReason.RATE_LIMITED and not getattr(error, "status", 0)


def _asked_wait(error: FetchError | ParseError) -> timedelta | None:
    seconds = error.retry_after if isinstance(error, FetchError) else None
    return None if seconds is None else timedelta(seconds=min(seconds, LONGEST.total_seconds()))


def _wait(
    error: FetchError | ParseError, interval: timedelta, failures: int, jitter: float
) -> timedelta:
    """How long to leave a source alone after so many failures in a row."""
    if error.reason is FetchReason.GONE:
        return LONGEST
    asked = _asked_wait(error)
    backed_off = interval * (1 << min(failures - 1, _MOST_DOUBLINGS))
    wait = backed_off if asked is None else max(interval, asked)
    return min(wait * (1 + _JITTER * jitter), LONGEST)


def _why_it_waits(error: FetchError | ParseError, failures: int) -> str:
    if error.reason is FetchReason.GONE:
        return "gone: asked once a day, in case it comes back"
    if asked := _asked_wait(error):
        return f"the origin asked us to wait {_rough(asked)}"
    return "failed once" if failures == 1 else f"failed {failures} times in a row"


def _rough(length: timedelta) -> str:
    """A length of time in whole units of the largest that it has at least three of: `26h`, `3d`."""
    for unit in (timedelta(days=1), _HOUR, timedelta(minutes=1)):
        if length >= 3 * unit:
            return format_duration(round(length / unit) * unit)
    return format_duration(timedelta(seconds=round(length.total_seconds())))
