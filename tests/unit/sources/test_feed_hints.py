"""What feeds say about when to come back, format by format, and what is no hint."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aggregator.model.pages import Page
from aggregator.model.schedule import Hints, QuietTimes
from aggregator.sources.feed import KIND
from aggregator.sources.feed.hints import LONGEST_HEAD, read_hints

NOW = datetime(2026, 11, 23, tzinfo=UTC)
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
NOTHING = Hints()


def rss(channel: str, items: str = "<item><title>a</title></item>") -> str:
    return (
        '<rss version="2.0" xmlns:sy="http://purl.org/rss/1.0/modules/syndication/">'
        f"<channel><title>T</title>{channel}{items}</channel></rss>"
    )


@pytest.mark.parametrize(
    ("channel", "hints"),
    [
        ("", NOTHING),
        ("<ttl>60</ttl>", Hints(HOUR, "ttl")),
        ("<ttl> 60\n</ttl>", Hints(HOUR, "ttl")),
        ('<TTL x="y">60</TTL>', Hints(HOUR, "ttl")),
        ("<ttl>0</ttl>", NOTHING),
        ("<ttl>-60</ttl>", NOTHING),
        ("<ttl>an hour</ttl>", NOTHING),
        ("<ttl>99999999999999999999</ttl>", Hints(10**6 * MINUTE, "ttl")),
        ("<ttl/>", NOTHING),
        (
            "<sy:updatePeriod>hourly</sy:updatePeriod><sy:updateFrequency>2</sy:updateFrequency>",
            Hints(30 * MINUTE, "sy:updatePeriod"),
        ),
        ("<sy:updatePeriod>\n\tdaily\t</sy:updatePeriod>", Hints(DAY, "sy:updatePeriod")),
        ("<sy:updatePeriod>weekly</sy:updatePeriod>", Hints(7 * DAY, "sy:updatePeriod")),
        ("<sy:updatePeriod>always</sy:updatePeriod>", NOTHING),
        ("<sy:updateFrequency>4</sy:updateFrequency>", Hints(6 * HOUR, "sy:updatePeriod")),
        (
            "<sy:updatePeriod>hourly</sy:updatePeriod><sy:updateFrequency>0</sy:updateFrequency>",
            Hints(HOUR, "sy:updatePeriod"),
        ),
        (
            "<sy:updatePeriod>hourly</sy:updatePeriod><ttl>120</ttl>",
            Hints(2 * HOUR, "ttl"),
        ),
        (
            "<skipHours><hour>0</hour><hour>23</hour><hour>24</hour><hour>25</hour></skipHours>",
            Hints(quiet=QuietTimes(hours=frozenset({0, 23}))),
        ),
        (
            "<skipDays><day>Saturday</day><day> sunday </day><day>Caturday</day></skipDays>",
            Hints(quiet=QuietTimes(days=frozenset({5, 6}))),
        ),
    ],
)
def test_the_head_of_a_feed_says_when(channel: str, hints: Hints) -> None:
    """Minutes, periods and quiet times are read; what is no number or no name says nothing."""
    assert read_hints(rss(channel)) == hints


def test_entries_give_no_hints() -> None:
    """What stands in an article, or after the first one, is not the feed's wish."""
    assert read_hints(rss("", "<item><ttl>60</ttl></item>")) == NOTHING
    assert read_hints(rss("", "<atom:entry><ttl>60</ttl></atom:entry>")) == NOTHING


@pytest.mark.parametrize(("before", "found"), [(0, True), (LONGEST_HEAD, False)])
def test_hints_stand_near_the_top(before: int, *, found: bool) -> None:
    """A head is read up to a limit."""
    text = rss(" " * before + "<ttl>60</ttl>")
    assert (read_hints(text) != NOTHING) is found


def test_hints_come_with_the_document() -> None:
    """The feed kind hands them on."""
    page = Page("https://x.example/f", 200, {}, rss("<ttl>60</ttl>").encode(), NOW)
    spec = KIND.spec(id="x", url="https://x.example/f")
    assert KIND.parse(page, spec).hints == Hints(HOUR, "ttl")


@given(st.text())
def test_any_text_gives_hints(text: str) -> None:
    """Whatever stands in the head, what is asked for is a length that can be counted with."""
    hints = read_hints(f"<ttl>{text}</ttl><hour>{text}</hour><sy:updateFrequency>{text}</x>")
    assert timedelta(0) <= hints.at_least <= 10**6 * MINUTE
    assert hints.quiet.hours <= frozenset(range(24))
