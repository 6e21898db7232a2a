from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from aggregator.text.dates import LONGEST, parse_date

NOW = datetime(2026, 11, 23, 4, 0, tzinfo=UTC)  # a Monday; noon in Shanghai
SHANGHAI = ZoneInfo("Asia/Shanghai")

# What a source wrote, and the moment it means for a source in Shanghai.
READ = {
    # ISO 8601 and RFC 3339, and how people get them wrong
    "2021-06-30T09:37:28Z": "2021-06-30T09:37:28",
    "2021-06-30T09:37:28 Z": "2021-06-30T09:37:28",
    "2021-06-30t09:37:28z": "2021-06-30T09:37:28",
    "2021-06-30T17:37:28+08:00": "2021-06-30T09:37:28",
    "2021-06-30T17:37:28.5+0800": "2021-06-30T09:37:28.5",
    "2026-01-05T10:00:00,5Z": "2026-01-05T10:00:00.5",
    "2021-06-30T17:37": "2021-06-30T09:37",
    "2021-06-30 17:37:00": "2021-06-30T09:37",
    "2021-06-30 17:37:00 +0800": "2021-06-30T09:37",
    "2021-06-30 09:37:28 UTC": "2021-06-30T09:37:28",
    "2021-06-30T17:37:28+08:00[Asia/Shanghai]": "2021-06-30T09:37:28",
    "20210630T093728Z": "2021-06-30T09:37:28",
    "2021-06-30": "2021-06-29T16:00",
    "2021/6/30 5:07": "2021-06-29T21:07",
    "2021.06.30": "2021-06-29T16:00",
    "2021-06": "2021-05-31T16:00",
    "2021": "2020-12-31T16:00",
    "20210630": "2021-06-29T16:00",
    "20210630173700": "2021-06-30T09:37",
    "2016-12-31T23:59:60Z": "2016-12-31T23:59:59",
    "2026-01-05T24:00:00Z": "2026-01-06T00:00",
    "发布时间：2021-06-30 17:37": "2021-06-30T09:37",
    "2021-06-30 下午5:37": "2021-06-30T09:37",
    # RFC 822, 2822, and other English
    "Wed, 30 Jun 2021 09:37:28 GMT": "2021-06-30T09:37:28",
    "Wed, 30 Jun 2021 17:37:28 +0800": "2021-06-30T09:37:28",
    "30 Jun 2021 17:37": "2021-06-30T09:37",
    "30 June 2021": "2021-06-29T16:00",
    "Mon, 05 Jan 26 10:00:00 GMT": "2026-01-05T10:00",
    "Mon, 05 Jan 98 10:00:00 GMT": "1998-01-05T10:00",
    "Mon, 05 Jan 2026 24:00:00 GMT": "2026-01-06T00:00",
    "Mon, ٠٥ Jan 2026 10:00:00 GMT": "2026-01-05T10:00",
    "Mon, 05 Jan 2026 10:00:00 +0530": "2026-01-05T04:30",
    "Mon, 05 Jan 2026 10:00:00 +9999": "2026-01-05T02:00",
    "Mon, 05 Jan 2026 10:00:00 -0000": "2026-01-05T10:00",
    "Wed, 30 Jun 2021 09:37:28 EST": "2021-06-30T14:37:28",
    "Wed, 30 Jun 2021 09:37:28 XYZ": "2021-06-30T01:37:28",
    "Wednesday, 30-Jun-21 09:37:28 GMT": "2021-06-30T09:37:28",
    "Wed, 30 June 2021 at 9:37 am PST": "2021-06-30T17:37",
    "Wed Jun 30 09:37:28 2021": "2021-06-30T01:37:28",
    "Wed Jun 30 09:37:28 EST 2021": "2021-06-30T14:37:28",
    "Wed Jun 30 2021 17:37:28 GMT+0800 (China Standard Time)": "2021-06-30T09:37:28",
    "June 30th, 2021 5:37 PM": "2021-06-30T09:37",
    "Jun 30, 2021, 12:05 a.m.": "2021-06-29T16:05",
    # numbers since 1970
    "1625045820": "2021-06-30T09:37",
    "1625045820.5": "2021-06-30T09:37:00.5",
    "1625045820123": "2021-06-30T09:37:00.123",
    "100000000000": "1973-03-03T09:46:40",
    # East Asian
    "2021年06月30日 17:37": "2021-06-30T09:37",
    "2021年6月30日": "2021-06-29T16:00",
    "2021年6月30日星期三 下午5时37分": "2021-06-30T09:37",
    "２０２１年６月３０日 １７：３７": "2021-06-30T09:37",
    "发布于 2021年06月30日 17:37 来源：新浪": "2021-06-30T09:37",
    "民國110年6月30日": "2021-06-29T16:00",
    "令和3年6月30日 17時37分": "2021-06-30T09:37",
    "令和元年5月1日": "2019-04-30T16:00",
    "2021年6月30日（水） 17:37": "2021-06-30T09:37",
    "2021년 6월 30일 오후 5:37": "2021-06-30T09:37",
    "06-30 17:37": "2026-06-30T09:37",
    "6月30日": "2026-06-29T16:00",
    "12月30日": "2025-12-29T16:00",
    # relative to the fetch
    "刚刚": "2026-11-23T04:00",
    "3小时前": "2026-11-23T01:00",
    "3 小时前": "2026-11-23T01:00",
    "一小时前": "2026-11-23T03:00",
    "十二分钟前": "2026-11-23T03:48",
    "半小时前": "2026-11-23T03:30",
    "3時間前": "2026-11-23T01:00",
    "3시간 전": "2026-11-23T01:00",
    "2天前": "2026-11-21T04:00",
    "昨天12:30": "2026-11-22T04:30",
    "前天": "2026-11-20T16:00",
    "今天 08:00": "2026-11-23T00:00",
    "下午5:37": "2026-11-23T09:37",
    "星期三 17:37": "2026-11-18T09:37",
    "2 hours ago": "2026-11-23T02:00",
    "an hour ago": "2026-11-23T03:00",
    "yesterday at 5:00": "2026-11-21T21:00",
    # other languages
    "30. Juni 2021 17:37": "2021-06-30T09:37",
    "30 juin 2021": "2021-06-29T16:00",
    "30.06.2021 17:37": "2021-06-30T09:37",
    "Τετ, 30 Ιουν 2021 09:37:28 EEST": "2021-06-30T06:37:28",
}

NOT_READ = [
    "",
    "   ",
    "Invalid Date",
    "May",
    "12",
    "30 Jun",
    "5月",
    "2021-13-45",
    "2021-W26-3",
    "30 Feb 2021 10:00 GMT",
    "99999999999999999999",
    "9" * 150,
    "2021年13月40日",
    "9999年99月99日 99:99",
    "foo 2021 12",
    "0001-01-01T00:00:00+08:00",
    "Fri, 31 Dec 9999 23:59:59 -1200",
    "9999999999999天前",
    "2021-06-30T25:61:61Z",
    "\x00\ud800",
]


@pytest.mark.parametrize(("text", "moment"), READ.items(), ids=str)
def test_a_date_means_one_moment(text: str, moment: str) -> None:
    """Each form is read as people mean it, in the source's zone where it names none."""
    assert parse_date(text, NOW, SHANGHAI) == datetime.fromisoformat(moment).replace(tzinfo=UTC)


@pytest.mark.parametrize("text", NOT_READ, ids=repr)
def test_what_is_no_date_or_half_a_date_is_not_read(text: str) -> None:
    """Nonsense, impossible days and forms that could mean several things give nothing."""
    assert parse_date(text, NOW, SHANGHAI) is None


def test_a_date_is_given_in_utc() -> None:
    """Whatever zone the text names, the moment comes in UTC."""
    found = parse_date("2021-06-30T17:37:28+08:00", NOW, SHANGHAI)
    assert found is not None
    assert found.tzinfo is UTC


def test_central_time_is_chinese_in_china_only() -> None:
    """CST is America's Central time (RFC 822 §5), but China's for a source of that zone."""
    text = "Wed, 30 Jun 2021 09:37:28 CST"
    assert parse_date(text, NOW, SHANGHAI) == datetime(2021, 6, 30, 1, 37, 28, tzinfo=UTC)
    assert parse_date(text, NOW, ZoneInfo("Europe/Berlin")) == datetime(
        2021, 6, 30, 15, 37, 28, tzinfo=UTC
    )


def test_summer_time_counts_for_a_date_without_zone() -> None:
    """A wall clock is read with the offset that its zone had that day, also in a gap or fold."""
    berlin = ZoneInfo("Europe/Berlin")
    read = [
        parse_date(text, NOW, berlin)
        for text in ("2026-01-05 12:00", "2026-07-05 12:00", "2026-03-29 02:30", "2026-10-25 02:30")
    ]
    assert read == [
        datetime(2026, 1, 5, 11, 0, tzinfo=UTC),
        datetime(2026, 7, 5, 10, 0, tzinfo=UTC),
        datetime(2026, 3, 29, 1, 30, tzinfo=UTC),
        datetime(2026, 10, 25, 0, 30, tzinfo=UTC),
    ]


@pytest.mark.parametrize(("length", "is_read"), [(-1, True), (0, True), (1, False)])
def test_only_short_texts_are_searched(length: int, *, is_read: bool) -> None:
    """A text longer than any date is left alone."""
    text = "2021-06-30".ljust(LONGEST + length, "x")
    text = text[:10] + " " + text[11:]
    assert (parse_date(text, NOW, UTC) is not None) is is_read
