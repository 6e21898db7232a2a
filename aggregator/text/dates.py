"""Dates as strangers write them, into moments in UTC.

Two standard forms (RFC 3339/ISO 8601, RFC 822/2822) make up nearly all feeds and take some
microseconds; then come numbers since 1970, East Asian and relative forms, and last, for short texts
only, dateparser. A form that could mean several things is not read: `May`, `12`.

A zone named in the text counts, else `zone`. `CST` is America's (RFC 822 §5), but China's where
`zone` itself is eight hours ahead. An impossible offset (+9999) counts as none. Whether a date is
believable (not in the future, not of year 1) is not judged here.
"""

from __future__ import annotations

import re
import unicodedata
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Any

from aggregator.text.east_asian_dates import read_east_asian
from aggregator.text.moments import full_year, in_utc, wall_time

if TYPE_CHECKING:
    from dateparser.date import DateDataParser

LONGEST = 200
LONGEST_UNUSUAL = 64

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTH = (
    r"(?P<name>jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?"
    r"|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)"
)
# Hours east of Greenwich, for the names that mean one zone in practice.
_ZONES = {
    name: float(hours)
    for names, hours in (
        ("z ut utc gmt wet", 0),
        ("nst", -3.5),
        ("ndt", -2.5),
        ("adt brt", -3),
        ("ast edt", -4),
        ("est cdt", -5),
        ("cst mdt", -6),
        ("mst pdt", -7),
        ("pst akdt", -8),
        ("akst", -9),
        ("hst", -10),
        ("bst west cet mez met", 1),
        ("cest mesz mest eet sast", 2),
        ("eest msk", 3),
        ("ist", 5.5),
        ("wib ict", 7),
        ("hkt sgt pht awst", 8),
        ("jst kst", 9),
        ("acst", 9.5),
        ("aest", 10),
        ("acdt", 10.5),
        ("aedt", 11),
        ("nzst", 12),
        ("nzdt", 13),
    )
    for name in names.split()
}
_CHINA = timedelta(hours=8)
_FARTHEST = timedelta(hours=15)
_OFFSET = re.compile(r"([+-])(\d{1,2}):?(\d{2})?")

_CLOCK = (
    r"(?P<hour>\d{1,2})(?::(?P<minute>\d{2})(?::(?P<second>\d{2})(?:[.,](?P<fraction>\d+))?)?)"
    r"(?:\s?(?P<half>[ap])\.?m\b\.?)?"
)
_ZONE = r"(?:\s*(?:(?:gmt|utc)\s?(?=[+-]))?(?P<zone>[+-]\d{1,2}(?::?\d{2})?(?!\d)|[a-z]{1,5}\b))?"
_ISO = re.compile(
    r"(?<![\d./-])(?P<year>\d{4})([-/.]?)(?P<month>\d{1,2})\2(?P<day>\d{1,2})(?![\d/.-]\d|\d)"
    rf"(?:,?(?:\s*t\s*|\s+(?:at\s+)?)(?:{_CLOCK}|(?P<packed>\d{{4}}(?:\d{{2}})?)(?!\d)))?{_ZONE}",
    re.IGNORECASE,
)
_WEEKDAY = r"^(?:[a-z]{2,9}[.,]{0,2}\s*)?"
_TIME = rf"(?:,?\s*(?:at\s+|t)?{_CLOCK}{_ZONE})?"
_DAY_FIRST = re.compile(
    rf"{_WEEKDAY}(?<![a-z])(?P<day>\d{{1,2}})(?:st|nd|rd|th)?[\s.-]*{_MONTH}[.,]{{0,2}}[\s-]*"
    rf"(?P<year>\d{{4}}|\d{{2}})(?!\d){_TIME}",
    re.IGNORECASE,
)
_MONTH_FIRST = re.compile(
    rf"{_WEEKDAY}\b{_MONTH}\.?\s+(?P<day>\d{{1,2}})(?:st|nd|rd|th)?,?\s+(?P<year>\d{{4}})(?!\d){_TIME}",
    re.IGNORECASE,
)
_ASCTIME = re.compile(
    rf"{_WEEKDAY}\b{_MONTH}\s+(?P<day>\d{{1,2}})\s+{_CLOCK}{_ZONE}\s+(?P<year>\d{{4}})(?!\d)",
    re.IGNORECASE,
)
_FORMS = (_ISO, _DAY_FIRST, _MONTH_FIRST, _ASCTIME)
_MONTH_ONLY = re.compile(r"(?P<year>\d{4})(?:-(?P<month>\d{2}))?")
_NUMBER = re.compile(r"(?P<whole>\d{8,19})(?:\.\d{1,9})?")
_PACKED = re.compile(
    r"(?P<year>(?:19|20)\d{2})(?P<month>\d{2})(?P<day>\d{2})"
    r"(?:(?P<hour>\d{2})(?P<minute>\d{2})(?P<second>\d{2})?)?"
)
_AFTERNOON = ("下午", "午後", "오후")
_HALF_FIRST = re.compile(
    rf"(\d{{4}}([-/.])\d{{1,2}}\2\d{{1,2}})\s*(上午|午前|오전|{'|'.join(_AFTERNOON)})"
    r"\s*(\d{1,2}:\d{2}(?::\d{2})?)"
)
_DIGITS_PER_SECOND = {9: 0, 10: 0, 12: 3, 13: 3, 16: 6, 19: 9}
_IS_WHOLE = re.compile(
    r"(?=.*(?<!\d)\d{4}(?!\d))(?=.*(?:[^\W\d_]{3}|\d{1,2}([./-])\d{1,2}\1\d{4}))"
)
_LETTERS = re.compile(r"[^\W\d_]+")


def parse_date(text: str, now: datetime, zone: tzinfo) -> datetime | None:
    """Read a date; None where the text holds none that can be understood. Never raises.

    Args:
        text: the words of the source.
        now: what relative dates ("3小时前") start from, aware.
        zone: the zone of a date that names none.
    """
    text = text.strip()
    if not text or len(text) > LONGEST:
        return None
    if not text.isascii():
        text = _plain(text)
    for form in _FORMS:
        if match := form.search(text):
            return _from_form(match.groupdict(), zone)
    if text[0].isdecimal() and (moment := _from_number(text, zone)):
        return moment
    return read_east_asian(text, now.astimezone(UTC), zone) or _unusual(text, zone)


def _plain(text: str) -> str:
    """Full-width forms made plain, the digits of every script made ASCII, 下午5:37 made 5:37 pm."""
    text = unicodedata.normalize("NFKC", text)
    text = "".join(str(unicodedata.digit(c)) if c.isdecimal() else c for c in text)
    return _HALF_FIRST.sub(lambda m: f"{m[1]} {m[4]} {'pm' if m[3] in _AFTERNOON else 'am'}", text)


def _from_form(found: dict[str, Any], zone: tzinfo) -> datetime | None:
    name, packed = found.get("name"), found.get("packed")
    if packed:
        found |= {"hour": packed[:2], "minute": packed[2:4], "second": packed[4:]}
    month = _MONTHS.index(name[:3].lower()) + 1 if name else int(found["month"])
    wall = wall_time(
        (full_year(found["year"]), month, int(found["day"])),
        (int(found["hour"] or 0), int(found["minute"] or 0), int(found["second"] or 0)),
        found["fraction"] or "",
        f"{found['half'].lower()}m" if found["half"] else "",
    )
    return in_utc(wall, _zone(found["zone"] or "", zone))


def _zone(named: str, zone: tzinfo) -> tzinfo:
    """The zone that a text names, else the one given."""
    if offset := _OFFSET.fullmatch(named):
        sign = -1 if offset[1] == "-" else 1
        distance = timedelta(hours=int(offset[2]), minutes=int(offset[3] or 0))
        return timezone(sign * distance) if distance < _FARTHEST else zone
    hours = _ZONES.get(named.lower())
    if hours is None or (named.lower() == "cst" and _is_chinese(zone)):
        return zone
    return timezone(timedelta(hours=hours))


@lru_cache(maxsize=64)
def _is_chinese(zone: tzinfo) -> bool:
    """Whether a zone has been eight hours ahead of Greenwich; these have no summer time."""
    return zone.utcoffset(datetime(2020, 1, 1)) == _CHINA  # noqa: DTZ001 - asks the zone itself


def _from_number(text: str, zone: tzinfo) -> datetime | None:
    """Digits only: a packed date, a month, or seconds (milli-, micro-, nano-) since 1970."""
    if packed := _PACKED.fullmatch(text):
        year, month, day, hour, minute, second = (int(part or 0) for part in packed.groups())
        if moment := in_utc(wall_time((year, month, day), (hour, minute, second)), zone):
            return moment
    if number := _NUMBER.fullmatch(text):
        digits = _DIGITS_PER_SECOND.get(len(number["whole"]))
        return None if digits is None else _since_1970(float(text) / 10**digits)
    if month_only := _MONTH_ONLY.fullmatch(text):
        return in_utc(wall_time((int(month_only[1]), int(month_only[2] or 1), 1)), zone)
    return None


def _since_1970(seconds: float) -> datetime | None:
    try:
        return datetime.fromtimestamp(seconds, UTC)
    except (ValueError, OverflowError, OSError):
        return None


def _unusual(text: str, zone: tzinfo) -> datetime | None:
    """Ask dateparser, which guesses well only where a day, a whole year and a month are named."""
    if len(text) > LONGEST_UNUSUAL or not _IS_WHOLE.search(text):
        return None
    words = tuple(word.lower() for word in _LETTERS.findall(text))
    if words in _NOT_UNDERSTOOD:
        return None
    try:
        wall = _library().get_date_data(text).date_obj
    except Exception:  # noqa: BLE001 - a library that guesses; whatever it trips over is no date
        wall = None
    if wall is None:
        if len(_NOT_UNDERSTOOD) >= _REMEMBERED:
            _NOT_UNDERSTOOD.clear()
        _NOT_UNDERSTOOD.add(words)
        return None
    return in_utc(wall, zone) if wall.tzinfo is None else wall.astimezone(UTC)


# A miss costs milliseconds, and a source writes all its dates with the same few words.
_NOT_UNDERSTOOD: set[tuple[str, ...]] = set()
_REMEMBERED = 1_000
_LANGUAGES = (
    "en de fr es it pt nl pl tr sv da nb fi cs hu ro id vi ru uk bg el ar fa he th hi ko ja zh"
)


@cache
def _library() -> DateDataParser:
    from dateparser.date import DateDataParser

    settings = {"REQUIRE_PARTS": ["day", "month", "year"]}
    return DateDataParser(languages=_LANGUAGES.split(), settings=settings)
