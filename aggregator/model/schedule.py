"""When a source may have something new: what it says itself, and what was learned from it.

Values only; `aggregator.fetch.rhythm` learns, `aggregator.fetch.due` decides.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta


@dataclass(frozen=True, slots=True)
class QuietTimes:
    """Hours (0 to 23) and weekdays (0 is Monday), in UTC, at which nothing new is expected."""

    hours: frozenset[int] = frozenset()
    days: frozenset[int] = frozenset()

    def __contains__(self, moment: datetime) -> bool:
        return moment.hour in self.hours or moment.weekday() in self.days

    def __or__(self, other: QuietTimes) -> QuietTimes:
        return QuietTimes(self.hours | other.hours, self.days | other.days)


@dataclass(frozen=True, slots=True)
class Hints:
    """When a source asks to be read again: not before `at_least`, and not at its `quiet` times.

    `said_by` names where it says `at_least`: ttl, sy:updatePeriod, Cache-Control. `hub` is the
    WebSub hub that tells of changes of the `topic`, both "" where there is none.
    """

    at_least: timedelta = timedelta(0)
    said_by: str = ""
    quiet: QuietTimes = QuietTimes()
    hub: str = ""
    topic: str = ""


@dataclass(frozen=True, slots=True)
class Rhythm:
    """How a source posts, as far as it was watched.

    `times` are those of its newest articles, newest first: the latest exactly, of older ones the
    first of each hour. `gap` is the usual time between two of them, quiet times not counted; None
    while too few are known. `watched_since` is the first time that it could be read.
    """

    times: tuple[datetime, ...] = ()
    gap: timedelta | None = None
    quiet: QuietTimes = QuietTimes()
    watched_since: datetime | None = None


@dataclass(frozen=True, slots=True)
class DomainPace:
    """How slowly a domain has to be asked, because it said that it is asked too often.

    `pause` is the time from one request to the next; until `rest_until` nothing is asked at all.
    """

    domain: str
    pause: timedelta
    rest_until: datetime
