"""Dates in Chinese, Japanese and Korean, with their eras, and relative dates there and in English.

A date without a year is the latest such day that is not more than a day ahead. Expects text in
NFKC (full-width digits made plain).
"""

from __future__ import annotations

import re
from datetime import datetime, timedelta, tzinfo

from aggregator.text.moments import full_year, in_utc, wall_time

_ERAS = {
    "令和": 2018,
    "平成": 1988,
    "昭和": 1925,
    **dict.fromkeys(("民國", "民国", "中華民國", "中华民国", "민국"), 1911),
}
_AFTERNOON = ("下午", "午後", "午后", "오후", "晚上", "傍晚", "晚", "pm")
_MORNING = ("上午", "午前", "오전", "凌晨", "早上", "清晨", "am")
_NUMERALS = {c: n for n, c in enumerate("一二三四五六七八九十", start=1)} | {"两": 2, "兩": 2}
_UNITS = {
    **dict.fromkeys(("秒", "秒钟", "秒鐘", "초", "second", "sec", "s"), timedelta(seconds=1)),
    **dict.fromkeys(("分钟", "分鐘", "分", "분", "minute", "min", "m"), timedelta(minutes=1)),
    **dict.fromkeys(
        ("小时", "小時", "时", "時間", "个小时", "個小時", "시간", "hour", "hr", "h"),
        timedelta(hours=1),
    ),
    **dict.fromkeys(("天", "日", "일", "day", "d"), timedelta(days=1)),
    **dict.fromkeys(("周", "週", "星期", "週間", "个星期", "주", "week", "w"), timedelta(days=7)),
    **dict.fromkeys(("个月", "個月", "月", "か月", "ヶ月", "개월", "month"), timedelta(days=30)),
    **dict.fromkeys(("年", "년", "year", "yr", "y"), timedelta(days=365)),
}
_DAYS = {
    **dict.fromkeys(("今天", "今日", "오늘", "today"), 0),
    **dict.fromkeys(("昨天", "昨日", "어제", "yesterday"), 1),
    **dict.fromkeys(("前天", "一昨日", "おととい", "그저께"), 2),
}
_WEEKDAYS = {c: n for n, c in enumerate("一二三四五六日")} | {"天": 6}
_WEEKDAYS |= {c: n for n, c in enumerate("月火水木金土")}
_NOW = re.compile(
    r"\s*(?:刚刚|剛剛|刚才|剛才|たった今|방금(?: 전)?|just now|now)\s*", re.IGNORECASE
)


def _any(words: dict[str, object] | dict[str, int] | dict[str, timedelta]) -> str:
    return "|".join(re.escape(word) for word in sorted(words, key=len, reverse=True))


_HALF = "|".join((*_AFTERNOON, "中午", *_MORNING))
_CLOCK = (
    rf"\s*(?P<half>{_HALF})?\s*(?P<hour>\d{{1,2}})\s*(?:[:时時点點시]\s*(?P<minute>\d{{1,2}})?)"
    r"\s*(?:[:分분]\s*(?:(?P<second>\d{1,2})\s*[秒초]?)?)?"
)
_WEEKDAY_NOTE = (
    r"\s*(?:\(?(?:星期|周|週|礼拜)?[一二三四五六日天月火水木金土월화수목금토일](?:曜日?|요일)?\)?"
    r"(?=[\s\d上下午오]|$))?"
)
_DATE = re.compile(
    rf"(?:(?:(?P<era>{_any(_ERAS)})\s*(?P<reign>\d{{1,3}}|元)|(?P<year>\d{{4}}|\d{{2}}))\s*[年년]\s*)?"
    rf"(?<!\d)(?P<month>\d{{1,2}})\s*[月월]\s*(?P<day>\d{{1,2}})\s*[日号號일]?(?!\d)"
    rf"{_WEEKDAY_NOTE}(?:{_CLOCK})?"
)
_SHORT_DATE = re.compile(rf"\s*(?P<month>\d{{1,2}})-(?P<day>\d{{1,2}})\s+{_CLOCK}\s*")
_AGO = re.compile(
    rf"(?<![\d.])(?P<count>\d{{1,4}}|[一二两兩三四五六七八九十]{{1,3}}|半|an?\b|one\b)\s*"
    rf"(?P<unit>{_any(_UNITS)})s?\s*(?:之前|以前|前|전|ago\b)",
    re.IGNORECASE,
)
_CLOCK_ONLY = re.compile(rf"(?=\s*(?:{_HALF}))\s*{_CLOCK}\s*", re.IGNORECASE)
_NAMED_DAY = re.compile(rf"(?P<named>{_any(_DAYS)})(?:,?\s*(?:at\s+)?{_CLOCK})?\s*$", re.IGNORECASE)
_WEEKDAY = re.compile(
    rf"\s*(?:(?:星期|周|週|礼拜)(?P<cn>[一二三四五六日天])|(?P<jp>[月火水木金土日])曜日?){_CLOCK}\s*"
)


def read_east_asian(text: str, now: datetime, zone: tzinfo) -> datetime | None:
    """Read such a date; `now` is what relative dates start from. None where there is none."""
    if _NOW.fullmatch(text):
        return now
    if match := _AGO.search(text):
        return _ago(match, now)
    today = now.astimezone(zone).replace(tzinfo=None)
    if match := _DATE.search(text) or _SHORT_DATE.fullmatch(text):
        return in_utc(_dated(match, today), zone)
    if match := _NAMED_DAY.search(text):
        return in_utc(_at(match, today - timedelta(days=_DAYS[match["named"].lower()])), zone)
    return in_utc(_this_week(text, today), zone)


def _this_week(text: str, today: datetime) -> datetime | None:
    """A clock of today, a day by its distance ("yesterday"), or the latest such weekday."""
    if match := _CLOCK_ONLY.fullmatch(text):
        return _at(match, today)
    if match := _NAMED_DAY.search(text):
        return _at(match, today - timedelta(days=_DAYS[match["named"].lower()]))
    if match := _WEEKDAY.fullmatch(text):
        back = (today.weekday() - _WEEKDAYS[match["cn"] or match["jp"]]) % 7
        return _at(match, today - timedelta(days=back))
    return None


def _ago(match: re.Match[str], now: datetime) -> datetime | None:
    try:
        return now - _count(match["count"].lower()) * _UNITS[match["unit"].lower()]
    except OverflowError:
        return None


def _count(word: str) -> float:
    if word == "半":
        return 0.5
    if word.isdecimal():
        return int(word)
    tens, ten, ones = word.rpartition("十")
    if not ten:
        return _NUMERALS.get(word, 1)
    return _NUMERALS.get(tens, 1) * 10 + _NUMERALS.get(ones, 0)


def _dated(match: re.Match[str], today: datetime) -> datetime | None:
    """A date whose year is given, counted in an era, or the latest that fits."""
    named = match.groupdict()
    month, day = int(named["month"]), int(named["day"])
    if named.get("era"):
        reign = 1 if named["reign"] == "元" else int(named["reign"])
        return _at(match, wall_time((_ERAS[named["era"]] + reign, month, day)))
    if named.get("year"):
        return _at(match, wall_time((full_year(named["year"]), month, day)))
    this_year = _at(match, wall_time((today.year, month, day)))
    if this_year and this_year <= today + timedelta(days=1):
        return this_year
    return _at(match, wall_time((today.year - 1, month, day)))


def _at(match: re.Match[str], day: datetime | None) -> datetime | None:
    """The same day at the clock that was found, else at its beginning."""
    if day is None:
        return None
    hour, minute, second = (int(match[part] or 0) for part in ("hour", "minute", "second"))
    word = (match["half"] or "").lower()
    half = "pm" if word in _AFTERNOON else "am" if word in _MORNING else ""
    return wall_time((day.year, day.month, day.day), (hour, minute, second), half=half)
