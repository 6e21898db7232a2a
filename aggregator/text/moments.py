"""From the numbers of a date and its clock to a moment in UTC; never an exception.

Finding the numbers in a text is `dates`'; whether a moment is believable is judged by its users.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, tzinfo

_CENTURY_TURNS = 69  # two-digit years, as POSIX and email.utils read them
_NOON, _MIDNIGHT, _LEAP_SECOND = 12, 24, 60


def full_year(digits: str) -> int:
    """A year of four digits as it is, of two by the turn of the century: 68 → 2068, 69 → 1969."""
    year = int(digits)
    if len(digits) > 2:  # noqa: PLR2004 - two digits are what this is about
        return year
    return year + (2000 if year < _CENTURY_TURNS else 1900)


def wall_time(
    day: tuple[int, int, int],
    clock: tuple[int, int, int] = (0, 0, 0),
    fraction: str = "",
    half: str = "",
) -> datetime | None:
    """Put a date (year, month, day) and a clock (hour, minute, second) together, without a zone.

    `half` is "am", "pm" or "". Hour 24 is the end of the day (ISO 8601), second 60 a leap second.
    None where no such day or time exists.
    """
    hour, minute, second = clock
    if half == "pm" and hour < _NOON:
        hour += _NOON
    elif half == "am" and hour == _NOON:
        hour = 0
    micro = int(fraction[:6].ljust(6, "0")) if fraction else 0
    ends_day = (hour, minute, second) == (_MIDNIGHT, 0, 0)
    try:
        wall = datetime(  # noqa: DTZ001 - a wall clock; `in_utc` gives it its zone
            *day, 0 if ends_day else hour, minute, 59 if second == _LEAP_SECOND else second, micro
        )
        return wall + timedelta(days=1) if ends_day else wall
    except (ValueError, OverflowError):
        return None


def in_utc(wall: datetime | None, zone: tzinfo) -> datetime | None:
    """The moment at which a wall clock in a zone shows this; None at the ends of the calendar."""
    if wall is None:
        return None
    try:
        return wall.replace(tzinfo=zone).astimezone(UTC)
    except (ValueError, OverflowError):
        return None
