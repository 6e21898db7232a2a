"""Which hub a feed announces, in its head or in the answer that it came in."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from aggregator.model.pages import Page
from aggregator.sources.feed.documents import read_feed
from aggregator.sources.feed.hubs import LONGEST_ADDRESS, announced

BASE = "https://wire.example/feed"
HUB, SELF = "https://hub.example/", "https://wire.example/self"
RSS = (
    '<rss version="2.0" xmlns:atom="http://www.w3.org/2005/Atom"><channel><title>T</title>'
    '<atom:link rel="self" href="https://wire.example/self?a=1&amp;b=2"/>'
    "<atom:link href='https://hub.example/' rel='hub' />{}</channel></rss>"
)
JSON = (
    '{"version": "https://jsonfeed.org/version/1.1", "title": "T", "feed_url": "' + SELF + '", '
    '"hubs": [{"type": 1}, {"type": "WebSub", "url": "%s"}], '
    '"items": [{"id": "1", "content_text": "x"}]}'
)
ITEM = '<item><title>I</title><atom:link rel="hub" href="https://item.example/"/></item>'


@pytest.mark.parametrize(
    ("header", "found"),
    [
        (f'<{HUB}>; rel="hub", <{SELF}>; rel="self"', (HUB, SELF)),
        (f'<{SELF}>; rel=self,<{HUB}>; title="a; b, c"; rel=hub', (HUB, SELF)),
        (f'<{HUB}>; rel="other HUB"', (HUB, BASE)),
        (f'<{HUB}>; rel="hub", <https://second.example/>; rel="hub"', (HUB, BASE)),
        ('</hub>; rel="hub", </me>; rel="self"', ("https://wire.example/hub", "https://wire.example/me")),
        (f'<{SELF}>; rel="self"', ("", "")),
        (f'<{HUB}>; rel="hubs"', ("", "")),
        ('<ftp://hub.example/>; rel="hub"', ("", "")),
        ('<javascript:alert(1)>; rel="hub"', ("", "")),
        ('<https://[>; rel="hub"', ("", "")),
        ("", ("", "")),
    ],
)  # fmt: skip
def test_links_of_an_answer(header: str, found: tuple[str, str]) -> None:
    """The first hub counts; without `self` the feed is known by its own address."""
    assert announced(header, "", BASE) == found


@pytest.mark.parametrize("length", [LONGEST_ADDRESS, LONGEST_ADDRESS + 1])
def test_an_address_has_a_longest_length(length: int) -> None:
    """What is longer is no hub."""
    hub = HUB + "x" * (length - len(HUB))
    text = f'<feed><link rel="hub" href="{hub}"/>'
    assert (announced("", text, BASE)[0] == hub) is (length == LONGEST_ADDRESS)


def read(body: str, link: str = "") -> tuple[str, str]:
    """What a document says, read as a feed."""
    headers = {"content-type": "application/xml", "link": link}
    page = Page(BASE, 200, headers, body.encode(), datetime(2026, 1, 31, tzinfo=UTC))
    hints = read_feed(page).hints
    return hints.hub, hints.topic


def test_links_in_the_head_of_a_feed() -> None:
    """RSS and Atom tell it above their entries; a link of an entry is none of the feed."""
    assert read(RSS.format(ITEM)) == (HUB, "https://wire.example/self?a=1&b=2")
    atom = (
        '<feed xmlns="http://www.w3.org/2005/Atom"><title>T</title><id>i</id>'
        f'<link rel="hub" href="{HUB}"/><entry><id>1</id><title>1</title></entry></feed>'
    )
    assert read(atom) == (HUB, BASE)
    bare = RSS.replace("rel='hub'", "rel='next'")
    assert read(bare.format(ITEM)) == ("", "")


def test_the_answer_goes_before_the_document() -> None:
    """Where both name a hub, the header counts."""
    link = '<https://header.example/>; rel="hub"'
    assert read(RSS.format(ITEM), link) == ("https://header.example/", BASE)
    assert read(JSON % HUB, link) == ("https://header.example/", BASE)
    assert read(JSON % "", link) == ("https://header.example/", BASE)


def test_a_json_feed_lists_its_hubs() -> None:
    """The first one for WebSub counts, and its own address is the topic; others are none."""
    assert read(JSON % HUB) == (HUB, SELF)
    assert read(JSON % "/hub") == ("https://wire.example/hub", SELF)
    assert read(JSON % "ftp://hub.example/") == ("", "")
    assert read((JSON % HUB).replace("WebSub", "rssCloud")) == ("", "")
    assert read((JSON % HUB).replace(SELF, "")) == (HUB, BASE)
    assert read((JSON % HUB).replace('[{"type": 1}, ', "[1, ")) == (HUB, SELF)
