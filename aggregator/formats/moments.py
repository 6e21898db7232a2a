"""Times as people of a zone and a language write them; never by the locale of the machine."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

_MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)
_DAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_CHINESE_DAYS = "一二三四五六日"


@dataclass(frozen=True, slots=True)
class Moment:
    """A time in the words of a page: `machine` for `datetime=`, `full` for the title on hover."""

    machine: str
    full: str
    day: str
    date_and_clock: str
    clock: str


def moment(time: datetime, timezone: str, language: str) -> Moment:
    """A time in a zone (IANA name), in Chinese for `zh`, else in English."""
    local = time.astimezone(ZoneInfo(timezone)).replace(microsecond=0)
    clock = f"{local:%H:%M}"
    if language.lower().startswith("zh"):
        date = f"{local.year}年{local.month}月{local.day}日"
        day, date_and_clock = f"{date} 星期{_CHINESE_DAYS[local.weekday()]}", f"{date} {clock}"
    else:
        date = f"{local.day} {_MONTHS[local.month - 1]} {local.year}"
        day, date_and_clock = f"{_DAYS[local.weekday()]}, {date}", f"{date}, {clock}"
    return Moment(
        machine=local.isoformat(),
        full=f"{day} {local:%H:%M:%S} ({timezone}, UTC{local:%z})",
        day=day,
        date_and_clock=date_and_clock,
        clock=clock,
    )
