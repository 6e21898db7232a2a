from __future__ import annotations

import gzip
from datetime import UTC, datetime

import pytest

from aggregator.errors import ParseError, ParseReason
from aggregator.model.entries import Image, Origin, ParsedDocument
from aggregator.model.pages import Page, Request
from aggregator.sources.found import MOST_ENTRIES
from aggregator.sources.sitemap import KIND, LARGEST, SitemapSpec

URL = "https://www.example.org/sitemap.xml"
SPEC = SitemapSpec(id="x", kind="sitemap", url=URL)
NEWS = b"""<?xml version="1.0" encoding="UTF-8"?>
<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"
  xmlns:news="http://www.google.com/schemas/sitemap-news/0.9"
  xmlns:image="http://www.google.com/schemas/sitemap-image/1.1">
 <!-- made by hand -->
 <url><loc> https://www.example.org/old </loc><lastmod>2020-01-01</lastmod></url>
 <url><loc>https://www.example.org/new</loc>
  <news:news>
   <news:publication><news:name>Example</news:name><news:language>en</news:language></news:publication>
   <news:publication_date>2021-06-30T17:37:28+08:00</news:publication_date>
   <news:title>A &amp; B merge</news:title><news:keywords>business, mergers</news:keywords>
  </news:news>
  <image:image><image:loc>https://www.example.org/1.jpg</image:loc></image:image></url>
 <url><priority>1</priority></url>
</urlset>"""


def parse(body: bytes) -> ParsedDocument:
    return KIND.parse(Page(URL, 200, {}, body, datetime(2026, 11, 23, tzinfo=UTC)), SPEC)


def test_a_news_sitemap_is_read() -> None:
    """Title, date, language, tags and picture come along; the newest page stands first."""
    new, old = parse(NEWS).entries
    assert (new.guid, new.link) == ("https://www.example.org/new", "https://www.example.org/new")
    assert (new.title.value, new.language) == ("A & B merge", "en")
    assert (new.published_text, new.updated_text) == ("2021-06-30T17:37:28+08:00", "")
    assert new.tags == ("business", "mergers")
    assert new.images == (Image("https://www.example.org/1.jpg"),)
    assert (old.link, old.published_text, old.updated_text) == (
        "https://www.example.org/old", "", "2020-01-01",
    )  # fmt: skip
    assert (new.position, old.position) == (0, 1)
    assert parse(NEWS).origin == Origin("Example", "https://www.example.org/")


def test_a_packed_sitemap_is_unpacked() -> None:
    """A sitemap.xml.gz is a gzip file of its own."""
    assert parse(gzip.compress(NEWS, mtime=0)) == parse(NEWS)


@pytest.mark.parametrize(
    ("body", "reason", "words"),
    [
        (b"", ParseReason.EMPTY, "empty"),
        (b"plain text", ParseReason.MALFORMED, "not well-formed"),
        (b"<html><body/></html>", ParseReason.NOT_A_FEED, "<html> came instead"),
        (b"<sitemapindex><sitemap/></sitemapindex>", ParseReason.NO_ITEMS, "no <sitemap> with"),
        (gzip.compress(NEWS, mtime=0)[:-20], ParseReason.MALFORMED, "cut off"),
        (gzip.compress(NEWS, mtime=0)[:10] + b"nonsense", ParseReason.MALFORMED, "damaged"),
        (gzip.compress(b" " * (LARGEST + 1)), ParseReason.TOO_EXPENSIVE, "more than 50 MB"),
        (gzip.compress(b" " * LARGEST, mtime=0), ParseReason.EMPTY, "empty"),
    ],
)
def test_what_is_no_sitemap_is_named(body: bytes, reason: ParseReason, words: str) -> None:
    """Each refusal says what came and what to do; a bomb is stopped at the limit."""
    with pytest.raises(ParseError) as caught:
        parse(body)
    assert caught.value.reason is reason
    assert words in caught.value.detail


@pytest.mark.parametrize("count", [MOST_ENTRIES, MOST_ENTRIES + 1])
def test_only_the_newest_pages_are_read(count: int) -> None:
    """Of a large sitemap the newest pages are read, wherever they stand in it."""
    urls = "".join(
        f"<url><loc>u{n:05}</loc><lastmod>{1000 + n}</lastmod></url>" for n in range(count)
    )
    found = parse(f"<urlset>{urls}</urlset>".encode())
    assert len(found.entries) == MOST_ENTRIES
    assert found.entries[0].link == f"https://www.example.org/u{count - 1:05}"
    assert bool(found.broken) is (count > MOST_ENTRIES)


def index(*sitemaps: tuple[str, str]) -> bytes:
    named = "".join(
        f"<sitemap><lastmod>{date}</lastmod><loc>{link}</loc></sitemap>" for link, date in sitemaps
    )
    return f"<sitemapindex><!-- made -->{named}<sitemap/></sitemapindex>".encode()


def test_an_index_says_where_the_list_goes_on() -> None:
    """The newest sitemaps come first, links are made absolute; dates of days cover nothing."""
    found = parse(
        index(("/a", "2026-01-01"), ("b", "2026-03-01"), ("/c", ""), ("/d", "2026-02-01"))
    )
    assert found.entries == ()
    assert found.next_links == tuple(f"https://www.example.org/{name}" for name in "bda")
    assert (found.next_may_change, found.broken) == (True, "")


@pytest.mark.parametrize(("count", "is_told"), [(2, False), (3, False), (4, True)])
def test_an_index_without_dates_is_read_from_the_top(count: int, *, is_told: bool) -> None:
    """Where nobody can tell which sitemaps are new and not all are read, the document says so."""
    found = parse(index(*((f"/{n}", "") for n in range(count))))
    assert found.next_links == tuple(f"https://www.example.org/{n}" for n in range(min(count, 3)))
    assert ("without dates, of which the first 3 are read" in found.broken) is is_told


def test_times_of_an_index_cover_its_sitemaps() -> None:
    """With the time of day of each, an unchanged index means unchanged sitemaps."""
    assert not parse(index(("/a", "2026-01-01T10:00Z"))).next_may_change


def test_no_entity_is_expanded() -> None:
    """Entities of a document type stay unread, internal and external."""
    head = b'<!DOCTYPE urlset [<!ENTITY f SYSTEM "file:///etc/hostname"><!ENTITY a "AAAA">]>'
    body = head + b"<urlset><url><loc>https://a.example/&f;&a;</loc></url></urlset>"
    assert [entry.link for entry in parse(body).entries] == ["https://a.example/"]


def test_the_sitemap_is_asked_for() -> None:
    """The request is the address of the source."""
    assert KIND.locate(SPEC, "/srv") == Request(URL)
