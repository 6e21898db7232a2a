from __future__ import annotations

import gzip
import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from aggregator.errors import ParseError, ParseReason
from aggregator.model.entries import Enclosure, ParsedDocument, Related, Relation
from aggregator.model.pages import Page
from aggregator.sources.feed import KIND
from aggregator.sources.feed.documents import LARGEST
from aggregator.sources.feed.episodes import seconds
from aggregator.sources.feed.markup import LONGEST_ADDRESS
from aggregator.sources.found import MOST_ENTRIES
from tests.support.cases import documents, summary
from tests.support.facts import read

URL = "https://feeds.example/main.xml"
NOW = datetime(2026, 11, 23, tzinfo=UTC)


def parse(body: bytes | str, **headers: str) -> ParsedDocument:
    data = body.encode() if isinstance(body, str) else body
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return KIND.parse(Page(URL, 200, named, data, NOW), KIND.spec(id="x", url=URL))


def rss(items: str, channel: str = "<title>T</title>") -> str:
    return f'<rss version="2.0"><channel>{channel}{items}</channel></rss>'


@pytest.mark.parametrize("path", documents("feed"), ids=lambda path: path.name)
def test_a_feed_is_read_as_its_case_says(path: Path) -> None:
    """Every format gives the same parts of an entry, as the source wrote them."""
    found = read(path)
    assert isinstance(found, ParsedDocument)
    expected = path.with_name(f"{path.name}.expected.json")
    assert summary(found) == json.loads(expected.read_bytes())


@pytest.mark.parametrize("end", ["</feed>", ""])
@pytest.mark.parametrize("prefix", ["thr", "t"])
def test_what_an_entry_answers_is_read_under_any_prefix(prefix: str, end: str) -> None:
    """RFC 4685 is known by its address, also in a document that breaks off."""
    entry = (
        f'<feed xmlns="http://www.w3.org/2005/Atom" xmlns:{prefix}="http://purl.org/syndication/'
        f'thread/1.0"><entry><id>urn:2</id><title>b</title><{prefix}:in-reply-to ref=" urn:1 " '
        f'href="/1" type="text/html"/></entry>{end}'
    )
    (found,) = parse(entry).entries
    answered = Related(Relation.IN_REPLY_TO, "https://feeds.example/1", "", "urn:1")
    assert found.related == (answered,)


@pytest.mark.parametrize(
    ("body", "reason", "words"),
    [
        (b"", ParseReason.EMPTY, "empty"),
        (b" \n\t \x00", ParseReason.EMPTY, "empty"),
        (b"\xef\xbb\xbf", ParseReason.EMPTY, "empty"),
        (b"\x89PNG\r\n\x1a\n", ParseReason.NOT_A_FEED, "a PNG picture"),
        (b"\x1f\x8bnonsense", ParseReason.MALFORMED, "damaged gzip file"),
        (
            b"<rss><channel><x:item><x:title y=z>a</x:title></x:item></channel></rss>",
            ParseReason.MALFORMED,
            "none of its entries can be read: not well-formed XML",
        ),
        (b"%PDF-1.7", ParseReason.NOT_A_FEED, "a PDF document"),
        (b"<!doctype html><title> Log\n in </title><body>", ParseReason.NOT_A_FEED, "“Log in”"),
        (b'{"error": "no such feed"}', ParseReason.NOT_A_FEED, "not a JSON Feed"),
        (b'{"items": [', ParseReason.MALFORMED, "not well-formed JSON"),
        (b"[" * 100_000, ParseReason.MALFORMED, "not well-formed JSON"),
        (b"<catalog><book/></catalog>", ParseReason.NOT_A_FEED, "<catalog>"),
        (b"http://127.0.0.1:1/canary", ParseReason.NOT_A_FEED, "text that begins with"),
        (b"/etc/hostname", ParseReason.NOT_A_FEED, "text that begins with"),
        (b"<!-- <rss> --> nothing", ParseReason.NOT_A_FEED, "came instead"),
        (b"<opml version='2.0'><head/><body/></opml>", ParseReason.NOT_A_FEED, "a list of feeds"),
        (b"\x01\x00\x02\x00" * 99, ParseReason.NOT_A_FEED, "binary data"),
    ],
)
def test_what_is_no_feed_is_named(body: bytes, reason: ParseReason, words: str) -> None:
    """A document in place of a feed is refused, and the error says what came."""
    with pytest.raises(ParseError) as caught:
        parse(body)
    assert caught.value.reason is reason
    assert words in caught.value.detail


@pytest.mark.parametrize("spare", [-1, 0, 1])
def test_a_feed_may_be_a_gzip_file(spare: int) -> None:
    """A feed that lies packed at its origin is unpacked, up to a limit."""
    whole = rss("<item><title>a</title></item>")
    body = whole + " " * (LARGEST + spare - len(whole))
    packed = gzip.compress(body.encode(), compresslevel=1, mtime=0)
    if spare <= 0:
        assert [entry.title.value for entry in parse(packed).entries] == ["a"]
        return
    with pytest.raises(ParseError) as caught:
        parse(packed)
    assert caught.value.reason is ParseReason.TOO_EXPENSIVE


def test_rss_in_json_is_a_feed() -> None:
    """RSS written as JSON is read as the RSS that it is; what stands once may be a list or not."""
    guid = {"isPermaLink": "true", "#value": "https://a.example/1"}
    first = {"title": "A", "guid": guid, "description": "<b>x</b>", "category": "c"}
    second = {
        "link": "/2",
        "guid": "2",
        "pubDate": "Wed, 30 Jun 2021 09:37:28 GMT",
        "enclosure": {"url": "/2.mp3", "type": "audio/mpeg", "length": 7},
    }
    for items in ([first, second], first):
        found = parse(json.dumps({"rss": {"channel": {"title": "T", "item": items}}}))
        one = found.entries[0]
        assert (found.origin.title, one.title.value, one.tags) == ("T", "A", ("c",))
        assert (one.guid, one.link, one.content.value) == (
            guid["#value"],
            guid["#value"],
            "<b>x</b>",
        )
    two = parse(json.dumps({"rss": {"channel": {"item": [first, second]}}})).entries[1]
    assert (two.link, two.published_text) == ("https://feeds.example/2", second["pubDate"])
    assert two.enclosures == (Enclosure("https://feeds.example/2.mp3", "audio/mpeg", 7),)


def test_an_empty_feed_is_a_feed() -> None:
    """A feed without entries is not an error."""
    assert parse(rss("")).entries == ()


def test_a_page_around_a_feed_does_not_hide_it() -> None:
    """Warnings and markup before the root element are passed over."""
    noise = "<br /><b>Warning</b>: mysql\n<!-- <rss> -->\n<?xml version='1.0'?>"
    assert parse(noise + rss("<item><title>a</title></item>")).entries[0].title.value == "a"


@pytest.mark.parametrize("count", [MOST_ENTRIES - 1, MOST_ENTRIES, MOST_ENTRIES + 1])
def test_only_so_many_entries_are_read(count: int) -> None:
    """Entries beyond the limit are left out, from the end, and the document says so."""
    found = parse(rss("<item><title>a</title></item>" * count, "<title>T</title>"))
    assert len(found.entries) == min(count, MOST_ENTRIES)
    assert bool(found.broken) is (count > MOST_ENTRIES)
    assert found.origin.title == "T"


@pytest.mark.parametrize("count", [MOST_ENTRIES, MOST_ENTRIES + 1])
def test_the_limit_holds_for_json_feeds(count: int) -> None:
    """JSON Feed has the same limit."""
    found = parse(json.dumps({"title": "T", "items": [{"id": str(n)} for n in range(count)]}))
    assert len(found.entries) == MOST_ENTRIES
    assert bool(found.broken) is (count > MOST_ENTRIES)


@pytest.mark.parametrize("length", [LONGEST_ADDRESS - 1, LONGEST_ADDRESS, LONGEST_ADDRESS + 1])
def test_endless_words_in_names_are_cut(length: int) -> None:
    """A word in a person's name is kept up to the longest address there can be."""
    found = parse(rss(f"<item><title>a</title><author>{'a' * length}</author></item>"))
    assert len(found.entries[0].authors[0]) == min(length, LONGEST_ADDRESS)


def test_relative_links_start_from_the_site_when_another_host_serves_the_feed() -> None:
    """A feed at FeedBurner has the relative links of its site, one of its own host its own."""
    item = "<item><title>a</title><link>/1</link></item>"
    elsewhere = parse(rss(item, "<link>https://site.example/blog/</link>"))
    own = parse(rss(item, "<link>https://feeds.example/blog/</link>"))
    assert elsewhere.entries[0].link == "https://site.example/1"
    assert own.entries[0].link == "https://feeds.example/1"


def test_an_id_is_a_link_only_where_it_is_an_address() -> None:
    """A guid that is no address never becomes a link, and is kept as written."""
    found = parse(
        rss("<item><guid>12345</guid></item><item><guid>https://a.example/1</guid></item>")
    )
    assert [(entry.guid, entry.link) for entry in found.entries] == [
        ("12345", ""),
        ("https://a.example/1", "https://a.example/1"),
    ]


def test_a_podcast_keeps_its_notes() -> None:
    """itunes:summary beside a fuller description does not replace it."""
    found = parse(
        '<rss version="2.0" xmlns:itunes="http://www.itunes.com/dtds/podcast-1.0.dtd"><channel>'
        "<item><title>a</title><description>&lt;p&gt;long show notes&lt;/p&gt;</description>"
        "<itunes:summary>short</itunes:summary></item></channel></rss>"
    )
    assert found.entries[0].summary.value == "<p>long show notes</p>"
    assert found.entries[0].content.value == ""


@pytest.mark.parametrize("charset", ["gb2312", "gb18030", "big5", "shift_jis", "utf-16", "utf-8"])
def test_titles_survive_every_encoding(charset: str) -> None:
    """East Asian encodings and UTF-16 give the title that was written."""
    body = rss("<item><title>大事中文</title></item>").encode(charset)
    found = parse(body, content_type=f"text/xml; charset={charset}")
    assert found.entries[0].title.value == "大事中文"


def test_no_entity_is_expanded_or_read() -> None:
    """Entities that a document declares stay the words they are, internal and external."""
    head = '<!DOCTYPE rss [<!ENTITY a "b"><!ENTITY f SYSTEM "file:///etc/hostname">]>'
    found = parse(head + rss("<item><title>&a;&f;</title></item>"))
    assert found.entries[0].title.value == "&a;&f;"


def test_forbidden_characters_are_gone_from_every_field() -> None:
    """What XML cannot carry is in no field, raw or written as a reference."""
    bad = "x\x00\x0b&#11;&#x1F;y"
    found = parse(
        rss(
            f"<item><title>{bad}</title><guid>{bad}</guid><author>{bad}</author>"
            f"<category>{bad}</category><description>{bad}</description></item>"
        )
    )
    entry = found.entries[0]
    assert (entry.title.value, entry.guid, entry.authors, entry.tags, entry.summary.value) == (
        "xy", "xy", ("xy",), ("xy",), "xy",
    )  # fmt: skip


@pytest.mark.parametrize(
    ("said", "seconds_"),
    [("3723", 3723), ("62:03", 3723), ("1:02:03", 3723), ("01:02:03.5", 3723), ("0:00", 0),
     ("", None), (None, None), ("an hour", None), ("1:2:3:4", None), ("-5", None)],
)  # fmt: skip
def test_length_of_an_episode(said: str | None, seconds_: int | None) -> None:
    """Seconds, minutes and hours as podcasts write them; what is none of these is unknown."""
    assert seconds(said) == seconds_
