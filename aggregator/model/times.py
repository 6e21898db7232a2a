"""The one promise about times: inside this program every time is aware and in UTC.

Reading times out of foreign text is `aggregator.text.dates`; the clock is read by the floors that
run things, and passed down.
"""

from __future__ import annotations

from datetime import UTC, datetime


def require_utc(moment: datetime) -> datetime:
    """Give the same moment back; refuse a naive time or one of another zone at the door.

    Raises:
        ValueError: the time has no zone, or its zone is not UTC.
    """
    if moment.tzinfo is None or moment.utcoffset() != UTC.utcoffset(moment):
        raise ValueError(f"a time must be aware and in UTC, this one is not: {moment!r}")
    return moment
