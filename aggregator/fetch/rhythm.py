"""Learns how often a source posts, and at which hours and weekdays it never does.

Pure: from the times of articles to a `Rhythm`. What follows from it for the next visit is `due`'s
business. Works in UTC, so that no change of the clocks moves anything; the hour by which a source
moves in spring and autumn is inside the margin of its quiet hours.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from statistics import median_low

from aggregator.model.schedule import QuietTimes, Rhythm

EXACT_TIMES = 24
"""Newest times that are kept as they are: what the usual gap is taken from."""
MOST_TIMES = 120
"""Times that are kept at all; of the older ones the first of each hour."""
FEWEST_GAPS = 4
"""Below this many gaps nothing is known about how often a source posts."""

FEWEST_FOR_HOURS, FEWEST_DATES = 20, 7
FEWEST_FOR_DAYS, FEWEST_WEEKS = 40, 4
SHORTEST_QUIET = 8
"""Hours in a row without a post that make a quiet time; with 20 posts, chance in 1 case of 100."""

_HOUR = timedelta(hours=1)
_HOURS_A_DAY, _DAYS_A_WEEK = 24, 7
_HOURS_A_WEEK = _HOURS_A_DAY * _DAYS_A_WEEK


def learn(rhythm: Rhythm, posted: Iterable[datetime], now: datetime) -> Rhythm:
    """The rhythm after more articles; those that are dated in the future count for nothing."""
    past = {each.replace(microsecond=0) for each in posted if each <= now}
    times = tuple(_thinned(sorted({*rhythm.times, *past}, reverse=True)))
    quiet = QuietTimes(_quiet_hours(times), _quiet_days(times))
    gaps = [awake(earlier, later, quiet) for later, earlier in pairwise(times[:EXACT_TIMES])]
    gap = median_low(gaps) if len(gaps) >= FEWEST_GAPS else None
    return replace(rhythm, times=times, gap=gap, quiet=quiet)


def _thinned(times: Sequence[datetime]) -> Iterator[datetime]:
    """The newest times as they are, then one an hour."""
    yield from times[:EXACT_TIMES]
    hours = {_hour(each): each for each in times[EXACT_TIMES:]}
    yield from list(hours.values())[: MOST_TIMES - EXACT_TIMES]


def _hour(moment: datetime) -> datetime:
    return moment.replace(minute=0, second=0, microsecond=0)


def _quiet_hours(times: Sequence[datetime]) -> frozenset[int]:
    """The longest stretch of the day in which nothing is posted, less an hour at both ends."""
    hours = {_hour(each) for each in times}
    dates = {each.date() for each in hours}
    busy = sorted({each.hour for each in hours})
    if len(hours) < FEWEST_FOR_HOURS or len(dates) < FEWEST_DATES:
        return frozenset()
    around = pairwise([*busy, busy[0] + _HOURS_A_DAY])
    before, after = max(around, key=lambda pair: pair[1] - pair[0])
    if after - before - 1 < SHORTEST_QUIET:
        return frozenset()
    return frozenset(hour % _HOURS_A_DAY for hour in range(before + 2, after - 1))


def _quiet_days(times: Sequence[datetime]) -> frozenset[int]:
    """Weekdays on which nothing was posted for weeks, while much was on the others."""
    hours = {_hour(each) for each in times}
    if len(hours) < FEWEST_FOR_DAYS or max(hours) - min(hours) < timedelta(weeks=FEWEST_WEEKS):
        return frozenset()
    return frozenset(range(_DAYS_A_WEEK)) - {each.weekday() for each in hours}


def awake(earlier: datetime, later: datetime, quiet: QuietTimes) -> timedelta:
    """The time between two moments without the quiet hours in between."""
    if quiet == QuietTimes():
        return later - earlier
    weeks, hours = divmod(int((later - earlier) / _HOUR), _HOURS_A_WEEK)
    start = _hour(earlier).astimezone(UTC)
    asleep = sum(start + _HOUR * n in quiet for n in range(1, hours + 1))
    if weeks:
        asleep += weeks * sum(start + _HOUR * n in quiet for n in range(_HOURS_A_WEEK))
    return later - earlier - _HOUR * asleep
