"""When an entry was published and updated, or the first-seen time where nobody can tell."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo

from aggregator.model.entries import RawEntry

ParseDate = Callable[[str, datetime, tzinfo], datetime | None]

EARLIEST = datetime(1990, 1, 1, tzinfo=UTC)
"""Before there were feeds or pages: a date from earlier is a mistake (often 1970 or year 1)."""
FURTHEST_AHEAD = timedelta(days=1)
_LAST_MICROSECOND = 999_999


@dataclass(frozen=True, slots=True)
class Times:
    """The times of an article, aware and in UTC."""

    published_at: datetime
    date_is_known: bool
    updated_at: datetime


def times(raw: RawEntry, now: datetime, zone: tzinfo, parse: ParseDate) -> Times:
    """The times of an entry.

    An entry that only says when it was updated (Atom asks for no more) counts as published then.
    """
    updated = _believable(raw.updated_text, now, zone, parse)
    is_same = raw.published_text == raw.updated_text
    published = updated if is_same else _believable(raw.published_text, now, zone, parse)
    if published is None and not raw.published_text.strip():
        published = updated
    if published is None:
        first_seen = _first_seen(now, raw.position)
        return Times(first_seen, date_is_known=False, updated_at=first_seen)
    return Times(published, date_is_known=True, updated_at=max(published, updated or published))


def _believable(text: str, now: datetime, zone: tzinfo, parse: ParseDate) -> datetime | None:
    moment = parse(text, now, zone) if text.strip() else None
    if moment is None or not EARLIEST <= moment <= now + FURTHEST_AHEAD:
        return None
    return moment


def _first_seen(now: datetime, position: int) -> datetime:
    """The present second, entries further up in the document a little later than those below."""
    step = max(0, _LAST_MICROSECOND - max(0, position))
    return now.replace(microsecond=step)
