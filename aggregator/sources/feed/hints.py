"""What a feed says about when to come back: `ttl`, `skipHours`, `skipDays`, and RDF's syndication.

https://www.rssboard.org/rss-specification and http://purl.org/rss/1.0/modules/syndication/. Read
from the text, because feedparser keeps only half of it. `sy:updateBase` is left aside: it is a
phase, not a length, and the one that comes with the template would send everybody to all feeds of
the world in the same second.
"""

from __future__ import annotations

import re
from datetime import timedelta

from aggregator.model.schedule import Hints, QuietTimes

LONGEST_HEAD = 64 * 1024
"""Characters at the beginning of a feed in which hints are looked for."""

_FIRST_ENTRY = re.compile(r"<(?:[\w.-]{1,60}:)?(?:item|entry)[\s>]", re.IGNORECASE)
_PERIODS = {
    "hourly": timedelta(hours=1),
    "daily": timedelta(days=1),
    "weekly": timedelta(weeks=1),
    "monthly": timedelta(days=30),
    "yearly": timedelta(days=365),
}
_WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_HOURS_A_DAY = 24
_MOST_MINUTES = 10**6
_MOST_TIMES_A_PERIOD = 10**4


def _element(name: str) -> re.Pattern[str]:
    """An element that holds nothing but a word or a number."""
    return re.compile(
        rf"<(?:[\w.-]{{1,60}}:)?{name}(?:\s[^<>]{{0,200}})?>\s{{0,99}}(\w{{1,20}})\s{{0,99}}<",
        re.IGNORECASE,
    )


_TTL, _PERIOD, _FREQUENCY = map(_element, ("ttl", "updatePeriod", "updateFrequency"))
_HOUR, _DAY = _element("hour"), _element("day")


def head_of(text: str) -> str:
    """The head of a feed, above its first entry."""
    entry = _FIRST_ENTRY.search(text, 0, LONGEST_HEAD)
    return text[: entry.start() if entry else LONGEST_HEAD]


def read_hints(text: str) -> Hints:
    """The hints in the head of a feed."""
    head = head_of(text)
    asked = max(
        (_number(_TTL, head, _MOST_MINUTES) * timedelta(minutes=1), "ttl"),
        (_update_period(head), "sy:updatePeriod"),
    )
    return Hints(asked[0], asked[1] if asked[0] else "", QuietTimes(_hours(head), _days(head)))


def _number(element: re.Pattern[str], head: str, most: int) -> int:
    found = element.search(head)
    return min(int(found[1]), most) if found and found[1].isdecimal() else 0


def _update_period(head: str) -> timedelta:
    """Period divided by frequency; a frequency alone is one of the day, as the module says."""
    period, frequency = _PERIOD.search(head), _number(_FREQUENCY, head, _MOST_TIMES_A_PERIOD)
    if not period and not frequency:
        return timedelta(0)
    length = _PERIODS.get(period[1].lower() if period else "daily", timedelta(0))
    return length / max(frequency, 1)


def _hours(head: str) -> frozenset[int]:
    """Hours in GMT, 0 to 23; where RSS 0.91 writes 24, midnight is meant."""
    numbers = (int(found[1]) for found in _HOUR.finditer(head) if found[1].isdecimal())
    return frozenset(number % _HOURS_A_DAY for number in numbers if number <= _HOURS_A_DAY)


def _days(head: str) -> frozenset[int]:
    names = {found[1].lower() for found in _DAY.finditer(head)}
    return frozenset(number for number, name in enumerate(_WEEKDAYS) if name in names)
