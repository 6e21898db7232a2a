"""How long an answer stays fresh by its own headers (RFC 9111 §4.2).

Only said to the schedule, as a wish not to be asked sooner: nothing is cached here.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

LONGEST_LIFETIME = timedelta(days=1)
"""No answer delays the next question longer, whatever it says."""

_MAX_AGE = re.compile(r"(?:^|[\s,])max-age\s*=\s*\"?([0-9]{1,20})")
_NOT_KEPT = re.compile(r"(?:^|[\s,])(?:no-cache|no-store)(?:$|[\s,])")
_SECONDS = re.compile(r"[0-9]{1,20}")


def lifetime(headers: Mapping[str, str], now: datetime) -> timedelta:
    """Time for which the answer is still fresh, zero where it does not say.

    `max-age` counts before `Expires`; time that it spent in caches on the way (`Age`) is taken off.
    """
    control = headers.get("cache-control", "").lower()
    if _NOT_KEPT.search(control):
        return timedelta(0)
    if found := _MAX_AGE.search(control):
        age = headers.get("age", "")
        spent = int(age) if _SECONDS.fullmatch(age) else 0
        return _bounded(int(found[1]) - spent)
    expires = http_date(headers.get("expires", ""))
    if expires is None:
        return timedelta(0)
    return _bounded((expires - (http_date(headers.get("date", "")) or now)).total_seconds())


def _bounded(seconds: float) -> timedelta:
    return timedelta(seconds=min(max(seconds, 0), LONGEST_LIFETIME.total_seconds()))


def http_date(text: str) -> datetime | None:
    """A moment in any of HTTP's three forms; None for what else stands there, such as `0`."""
    try:
        moment = parsedate_to_datetime(text)
        return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    except (ValueError, OverflowError):
        return None
