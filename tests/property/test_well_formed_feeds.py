"""The short way to read a feed gives what feedparser gives, or gives way to it."""

from __future__ import annotations

from pathlib import Path
from xml.sax.saxutils import escape, quoteattr

import pytest
from feedparser.mixin import _FeedParserMixin
from hypothesis import example, given, settings
from hypothesis import strategies as st

from aggregator.sources.feed import well_formed
from aggregator.sources.feed.markup import find_root, prepare
from aggregator.sources.feed.syndication import read_markup, read_well_formed
from aggregator.sources.feed.well_formed.elements import READERS
from aggregator.sources.feed.well_formed.vocabulary import HARMLESS, NAMESPACES, RESERVED, THREAD
from aggregator.text.encodings import decode
from aggregator.text.policy import words
from tests.support.facts import URL, headers_in
from tests.support.shared import shared

_DECLARED = (
    'xmlns:a="{atom}" xmlns:dc="http://purl.org/dc/elements/1.1/"'
    ' xmlns:content="http://purl.org/rss/1.0/modules/content/"'
    ' xmlns:media="http://search.yahoo.com/mrss/" xmlns:x="urn:x" xmlns:thr="http://purl.org/syndication/thread/1.0"'
    ' xmlns:wfw="http://wellformedweb.org/CommentAPI/"'
    ' xmlns:itunes="http://www.itunes.com/dtds/podcast-1.0.dtd"'
    ' xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"'
    ' xmlns:feedburner="http://rssnamespace.org/feedburner/ext/1.0"'
)
_WRAPS = (
    ('<rss version="2.0" {}><channel>', "", "</channel></rss>", "item"),
    ('<feed xmlns="http://www.w3.org/2005/Atom" {}>', "", "</feed>", "entry"),
    ('<rdf:RDF xmlns="http://purl.org/rss/1.0/" {}><channel>', "</channel>", "</rdf:RDF>", "item"),
)
_NAMES = sorted(
    words(
        "title link description summary content guid id pubDate published updated author category"
        " enclosure source language comments image textInput contributor rights subtitle name body"
        " date dc:creator dc:date dc:subject dc:title dc:description dc:language dc:publisher"
        " dc:contributor"
        " content:encoded media:content media:group media:thumbnail media:title media:description"
        " media:keywords media:category media:credit itunes:author itunes:summary itunes:image"
        " itunes:category itunes:keywords itunes:owner itunes:subtitle itunes:duration"
        " itunes:explicit itunes:season copyright a:link a:id a:title"
        " a:updated feedburner:origLink x:thing thr:total thr:in-reply-to wfw:commentRss item"
    )
)
_ATTRIBUTES = sorted(
    words(
        "type rel href url uri isPermaLink term label scheme domain length width height medium"
        " xml:lang xml:base lang text mode src ref"
    )
)
_VALUES = sorted(
    words(
        "html text xhtml text/plain text/html image/png alternate self enclosure true false en"
        " via replies related"
        " zh_CN https://example.org/a?b=c&d=e /relative me@example.org base64 12"
    )
)
TEXT = st.one_of(
    st.sampled_from(
        [
            *(
                "word",
                "yes",
                "",
                " two words ",
                "<b>bold</b> &amp; more",
                "R&D;",
                "me@example.org (Me)",
            ),
            *(
                "https://example.org/x?a=1&b=2",
                "caf\u00e9",
                "caf\u00c3\u00a9",
                "\u0093quoted\u0094",
            ),
            *("\u65b0\u95fb", "a, b ,c", "http:///odd", "Tue, 03 Nov 2026 09:00:00 GMT", "<![if]>"),
        ]
    ),
    st.text(st.characters(exclude_categories=["Cc", "Cs"]), max_size=12),
)


def _markup(name: str, attributes: dict[str, str], inside: str) -> str:
    written = "".join(f" {key}={quoteattr(value)}" for key, value in attributes.items())
    return f"<{name}{written}>{inside}</{name}>"


_attributes: st.SearchStrategy[dict[str, str]] = st.one_of(
    st.just({}),
    st.just({}),
    st.dictionaries(st.sampled_from(_ATTRIBUTES), st.sampled_from(_VALUES), max_size=2),
)
_leaf = st.builds(_markup, st.sampled_from(_NAMES), _attributes, TEXT.map(escape))
_element = st.one_of(
    _leaf,
    _leaf,
    _leaf,
    st.builds(
        _markup, st.sampled_from(_NAMES), _attributes, st.lists(_leaf, max_size=3).map("".join)
    ),
)
_inside = st.lists(_element, max_size=5).map("".join)


@st.composite
def documents(draw: st.DrawFn) -> str:
    """A well-formed document of one of the three formats, with whatever in it."""
    begin, between, end, entry = draw(st.sampled_from(_WRAPS))
    entries = draw(
        st.lists(st.builds(_markup, st.just(entry), _attributes, _inside), min_size=1, max_size=2)
    )
    return _begun(begin) + draw(_inside) + between + "".join(entries) + end


def _begun(begin: str) -> str:
    """A root element; RSS 1.0 with Atom in it would be left to feedparser at once."""
    atom = "urn:a" if "RDF" in begin else "http://www.w3.org/2005/Atom"
    return begin.format(_DECLARED.format(atom=atom))


def agree(text: str, language: str = "") -> bool:
    """Whether a document was read the short way; it must give what feedparser gives then."""
    found = read_well_formed(text, URL, language)
    if found is not None:
        assert found == read_markup(prepare(text).text, URL, language)
    return found is not None


MARKUP_IN_SUMMARY = (
    '<rdf:RDF xmlns="http://purl.org/rss/1.0/"'
    ' xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:a="urn:a">'
    "<channel><summary><body>word</body></summary></channel>"
    "<item><a:id><summary>word</summary></a:id></item></rdf:RDF>"
)
"""What stands in a summary of the feed decides how feedparser takes those of its entries."""


_PODCASTS = 'xmlns:itunes="http://www.itunes.com/dtds/podcast-1.0.dtd"'
_OWNER = "<itunes:owner><itunes:name>word</itunes:name></itunes:owner>"
OWNER_OF_AN_ENTRY = f'<rss version="2.0" {_PODCASTS}><channel><item>{_OWNER}</item></channel></rss>'
OWNER_OF_AN_ATOM_FEED = (
    f'<feed xmlns="http://www.w3.org/2005/Atom" {_PODCASTS}>{_OWNER}'
    "<entry><title>word</title></entry></feed>"
)
"""feedparser takes owners for authors."""
COMMENTS_WITH_ATTRIBUTES = (
    '<rss version="2.0"><channel><item><comments domain="a">word</comments></item></channel></rss>'
)


@example(MARKUP_IN_SUMMARY, "")
@example(COMMENTS_WITH_ATTRIBUTES, "")
@example(OWNER_OF_AN_ENTRY, "")
@example(OWNER_OF_AN_ATOM_FEED, "")
@settings(max_examples=150, deadline=None)
@given(documents(), st.sampled_from(["", "de", "zh-CN"]))
def test_whatever_is_read_the_short_way_is_what_feedparser_reads(text: str, language: str) -> None:
    """No document gives other entries, another origin or another language the short way."""
    agree(text, language)


@pytest.mark.parametrize(
    "said", ["<item>word</item>", '<p xml:base="http://a.example/">word</p>', "<x:entry/>"]
)
def test_what_a_text_says_counts_for_nothing(said: str) -> None:
    """Markup inside of a text is no entry and no base, so the document takes the short way."""
    text = f'<rss version="2.0"><channel><item><description><![CDATA[{said}]]></description>'
    assert agree(f"{text}</item></channel></rss>")


def test_every_document_of_the_corpora_is_read_alike() -> None:
    """Real feeds, units and the validator's cases; most of the real ones take the short way."""
    short, count = 0, 0
    for file in _files("real", "unit", "validator"):
        headers = headers_in(file.read_bytes())
        text = decode(file.read_bytes(), headers)
        start = find_root(text)
        if start >= 0:
            read_short = agree(text[start:], headers.get("content-language", ""))
            count += file.parts[-3] == "real"
            short += read_short and file.parts[-3] == "real"
    assert short > 0.7 * count


def test_what_was_mended_is_read_alike() -> None:
    """A document whose faults were mended may take the short way, and is read no other for it."""
    short = 0
    for file in _files("real", "unit", "validator", "hostile"):
        text = decode(file.read_bytes(), headers_in(file.read_bytes()))
        start = find_root(text)
        markup = prepare(text[start:]) if start >= 0 else None
        found = read_well_formed(markup.text, URL, "") if markup and markup.broken else None
        if markup and found:
            assert found == read_markup(markup.text, URL, "")
            short += 1
    assert short


def test_the_benchmark_formats_take_the_short_way() -> None:
    """The plainest document of each format needs no feedparser."""
    for begin, between, end, entry in _WRAPS:
        inside = f"<{entry}><title>A title</title><link>https://example.org/1</link></{entry}>"
        assert agree(_begun(begin) + between + inside + end)


def test_no_entity_is_ever_expanded() -> None:
    """What declares or uses an entity is left to the way that mends it."""
    entry = "<item><title>&xxe;</title></item>"
    declared = '<!DOCTYPE rss [<!ENTITY xxe "x">]>'
    assert well_formed.read(f"<rss><channel>{entry}</channel></rss>", "") is None
    text = f"{declared}<rss><channel>{entry}</channel></rss>"
    assert well_formed.read(text[find_root(text) :], "") is None


def test_every_name_of_feedparser_is_accounted_for() -> None:
    """What feedparser gives a meaning to is read, passed over or left to it."""
    meant = {name[7:] for name in dir(_FeedParserMixin) if name.startswith("_start_")}
    known = READERS.keys() | HARMLESS | RESERVED
    assert {name for name in meant if name.islower()} <= known
    ends = {name[5:] for name in dir(_FeedParserMixin) if name.startswith("_end_")}
    assert {name for name in ends if name.islower()} <= known


def test_namespaces_are_those_of_feedparser() -> None:
    """A namespace means here what it means there, but for RFC 4685, which it does not know."""
    theirs = {uri.lower(): name.lower() for uri, name in _FeedParserMixin.namespaces.items()}
    assert theirs | {THREAD: "thr"} == NAMESPACES


def _files(*kinds: str) -> list[Path]:
    found = [file for kind in kinds for file in shared(f"corpus/{kind}").rglob("*")]
    return sorted(file for file in found if file.is_file() and file.suffix != ".json")
