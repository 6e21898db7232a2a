"""Whom a search for feeds asks, and what it takes for an answer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime

import pytest

from aggregator.errors import FetchError, FetchReason
from aggregator.ingest.discover import checked, discover
from aggregator.ingest.further import Asker
from aggregator.ingest.workers import InlineWorkers
from aggregator.model.pages import Page, Request, Validators
from tests.support.feeds import Item, rss

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
FEED = rss([Item("a"), Item("b", when=datetime(2026, 5, 6, tzinfo=UTC))], "Title").decode()
NAMES_BOTH = '<html><link rel=feed href="/a"><link rel=feed href="/b"></html>'


@dataclass
class Web:
    """Documents by their address; what is not there is an error. `moved` leads for good."""

    documents: Mapping[str, str]
    moved: Mapping[str, str] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)

    def fetch(self, request: Request, validators: Validators, now: datetime) -> Page:
        """The document at an address."""
        assert validators == Validators()
        self.asked.append(request.url)
        url = self.moved.get(request.url, request.url)
        if url not in self.documents:
            raise FetchError(FetchReason.HTTP_ERROR, "HTTP 404", status=404)
        body = self.documents[url].encode()
        return Page(url, 200, {}, body, now, moved_to=url if url != request.url else "")


def asker(web: Web) -> Asker:
    return Asker(web, web, InlineWorkers(), NOW)


def test_feed_is_summed_up() -> None:
    """What a person must know to choose: title, format, number of entries, newest date."""
    web = Web({"https://a.example/": FEED})
    (feed,) = discover("https://a.example/", asker(web)).feeds
    assert (feed.title, feed.format, feed.entries) == ("Title", "RSS", 2)
    assert feed.newest_at == datetime(2026, 5, 6, tzinfo=UTC)
    assert feed.site_link == "https://wire.example/"


def test_feed_that_moved_for_good_is_found_where_it_is() -> None:
    """After permanent redirects the new address is the one to subscribe to."""
    web = Web({"https://a.example/new": FEED}, {"https://a.example/old": "https://a.example/new"})
    (feed,) = discover("https://a.example/old", asker(web)).feeds
    assert feed.url == "https://a.example/new"


def test_links_that_lead_to_one_feed_are_one() -> None:
    """Two links that moved to the same place are shown once."""
    moved = {"https://a.example/b": "https://a.example/a"}
    web = Web({"https://a.example/": NAMES_BOTH, "https://a.example/a": FEED}, moved)
    assert [feed.url for feed in discover("https://a.example/", asker(web)).feeds] == [
        "https://a.example/a"
    ]


def test_link_that_fails_is_told_beside_one_that_does_not() -> None:
    """One broken link does not hide the other feed, and no usual place is asked."""
    web = Web({"https://a.example/": NAMES_BOTH, "https://a.example/b": FEED})
    found = discover("https://a.example/", asker(web))
    assert [feed.url for feed in found.feeds] == ["https://a.example/b"]
    assert [url for url, _ in found.failed] == ["https://a.example/a"]
    assert len(web.asked) == 3


def test_usual_places_are_asked_until_one_answers() -> None:
    """A page without links is searched at the usual places, and no further than the first feed."""
    web = Web({"https://a.example/": "<html></html>", "https://a.example/rss": FEED})
    (feed,) = discover("https://a.example/", asker(web)).feeds
    assert feed.url == "https://a.example/rss"
    assert web.asked == ["https://a.example/", "https://a.example/feed", "https://a.example/rss"]


def test_address_that_does_not_answer_is_an_error() -> None:
    """Where the address itself fails, nothing is guessed."""
    web = Web({})
    with pytest.raises(FetchError, match="404"):
        discover("https://a.example/", asker(web))
    assert web.asked == ["https://a.example/"]


@pytest.mark.parametrize(
    ("typed", "address"),
    [("a.example/x", "https://a.example/x"), ("http://a.example", "http://a.example")],
)
def test_address_as_people_type_it(typed: str, address: str) -> None:
    """Without a scheme, https is meant."""
    assert checked(typed) == address


@pytest.mark.parametrize("typed", ["", "ftp://a.example/", "file:///etc/passwd", "a b"])
def test_what_is_no_address_is_refused(typed: str) -> None:
    """Other schemes, spaces and nothing at all are refused before anything is asked."""
    with pytest.raises(ValueError, match="address"):
        checked(typed)
