"""When the editions of a digest close: a pure calendar of local times.

A day that a zone's clocks make shorter or longer is one period all the same. A local time that they
leave out is taken as if they had not been changed yet; of one that comes twice, the first counts.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from aggregator.model.feeds import WEEKDAYS, DigestSpec

_DAY = timedelta(days=1)


def last_closing(spec: DigestSpec, zone: ZoneInfo, now: datetime) -> datetime:
    """The latest closing that is not after `now`."""
    return next(closings_back(spec, zone, now))


def closings_back(spec: DigestSpec, zone: ZoneInfo, now: datetime) -> Iterator[datetime]:
    """Every closing that is not after `now`, the latest first, without end."""
    day = now.astimezone(zone).date() + _DAY
    before = now + timedelta(microseconds=1)
    while True:
        moment = _moment(day, spec, zone)
        # A day that a zone left out would close at the same moment as the next one.
        if _closes(day, spec) and moment < before:
            yield moment
            before = moment
        day -= _DAY


def days_of(opened: datetime, closed: datetime, zone: ZoneInfo) -> tuple[date, date]:
    """The first and the last day of a period, as people of the zone call them."""
    last = (closed - timedelta(microseconds=1)).astimezone(zone).date()
    return min(opened.astimezone(zone).date(), last), last


def _closes(day: date, spec: DigestSpec) -> bool:
    return spec.every == "day" or day.weekday() == WEEKDAYS.index(spec.on)


def _moment(day: date, spec: DigestSpec, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, time.fromisoformat(spec.at), zone).astimezone(UTC)
