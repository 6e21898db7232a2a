"""Which addresses of a page are feeds, and where feeds usually are."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from aggregator.model.pages import Page
from aggregator.sources.discovery import MOST_LINKS, feed_links, format_of, usual_places

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)
URL = "https://site.example/blog/"


def page(body: str) -> Page:
    return Page(URL, 200, {"content-type": "text/html; charset=utf-8"}, body.encode(), NOW)


def links(markup: str) -> list[str]:
    return [each.url for each in feed_links(page(f"<html><head>{markup}</head></html>"))]


@pytest.mark.parametrize(
    ("markup", "found"),
    [
        ('<link rel=alternate type="application/rss+xml" href="/rss">', ["https://site.example/rss"]),
        ('<LINK REL="ALTERNATE" TYPE="Application/Atom+XML; x=y" HREF="a">', [f"{URL}a"]),
        ('<link rel="home alternate" type=application/feed+json href=//j.example/f>',
         ["https://j.example/f"]),
        ('<link rel="feed" href="f">', [f"{URL}f"]),
        ('<base href="https://b.example/x/"><link rel=feed href="f">', ["https://b.example/x/f"]),
        ('<link rel=feed href="f"><link rel=feed href="./f#top">', [f"{URL}f"]),
        ('<link rel="alternate stylesheet" type="text/xml" href="s">', []),
        ('<link rel=alternate hreflang=de href="/de">', []),
        ('<link rel=stylesheet type="application/rss+xml" href="s">', []),
        ('<link rel=feed href="javascript:alert(1)"><link rel=feed href="http://[x">', []),
        ('<link rel=feed href="mailto:a@b.example"><link rel=feed>', []),
    ],
)  # fmt: skip
def test_links_of_a_page(markup: str, found: list[str]) -> None:
    """Links are feeds by relation and type, absolute, each once; no other scheme is taken."""
    assert links(markup) == found


@pytest.mark.parametrize("number", [MOST_LINKS - 1, MOST_LINKS, MOST_LINKS + 1])
def test_number_of_links_is_bounded(number: int) -> None:
    """A page cannot send us to more than so many addresses."""
    markup = "".join(f'<link rel=feed href="{n}">' for n in range(number))
    assert len(links(markup)) == min(number, MOST_LINKS)


@pytest.mark.parametrize("body", ["", "\x00\x01", "{}", "<", "not a page"])
def test_what_is_no_page_has_no_links(body: str) -> None:
    """Anything at all can come instead of a page."""
    assert feed_links(page(body)) == ()


def test_usual_places_are_below_the_page_and_below_the_site() -> None:
    """First below the page's own folder, then below the site, each once and on the same host."""
    places = usual_places("https://site.example/blog/post?x=1")
    assert places[0] == "https://site.example/blog/feed"
    assert "https://site.example/feeds/posts/default" in places
    assert len(set(places)) == len(places)
    assert all(place.startswith("https://site.example/") for place in places)
    assert len(usual_places("https://site.example")) < len(places)


@pytest.mark.parametrize(
    ("body", "name"),
    [
        ('<?xml version="1.0"?><rss version="2.0">', "RSS"),
        ('<rdf:RDF xmlns="http://purl.org/rss/1.0/">', "RSS 1.0"),
        ('<!-- rss --><feed xmlns="http://www.w3.org/2005/Atom">', "Atom"),
        ('\ufeff {"version": "https://jsonfeed.org/version/1"}', "JSON Feed"),
        ("something else", ""),
    ],
)
def test_format_is_named_as_people_call_it(body: str, name: str) -> None:
    """Each format is told by how its document begins."""
    assert format_of(page(body)) == name
