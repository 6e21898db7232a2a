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
    date: str
    clock: str


def moment(time: datetime, timezone: str, language: str) -> Moment:
    """A time in a zone (IANA name), in Chinese for `zh`, else in English."""
    local = time.astimezone(ZoneInfo(timezone))
    if language.lower().startswith("zh"):
        date = f"{local.year}年{local.month}月{local.day}日"
        day = f"{date} 星期{_CHINESE_DAYS[local.weekday()]}"
    else:
        date = f"{local.day} {_MONTHS[local.month - 1]} {local.year}"
        day = f"{_DAYS[local.weekday()]}, {date}"
    seconds = local.replace(microsecond=0)
    return Moment(
        machine=seconds.isoformat(),
        full=f"{day} {seconds:%H:%M:%S} ({timezone}, UTC{seconds:%z})",
        day=day,
        date=date,
        clock=f"{local:%H:%M}",
    )
