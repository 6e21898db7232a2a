"""What the corpora say should be read out of their documents, put to what we read.

Each corpus has its own words for the same things; here they become facts of a few kinds about an
entry (or the feed), and each kind knows how to look for itself in a `ParsedDocument`. Facts about
things that we do not keep (skipHours, rights, generator …) are no facts here.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from html import unescape
from pathlib import Path
from typing import Any
from urllib.parse import urljoin

from lxml import html

from aggregator.errors import ParseError
from aggregator.model.entries import ParsedDocument, RawEntry, RawText
from aggregator.model.pages import Page
from aggregator.sources.feed import KIND
from aggregator.text.dates import parse_date

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
URL = "http://127.0.0.1:8097/feed/"
FEED = -1

_HEADER = re.compile(rb"^Header:\s*([\w-]+):\s*(.+?)\s*$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Fact:
    """Something of a kind that a corpus says about an entry (by number) or the feed (-1)."""

    document: str
    corpus: str
    kind: str
    entry: int
    value: str


def read(path: Path) -> ParsedDocument | ParseError:
    """What the kind `feed` makes of a file; the corpus of feedparser writes headers into some."""
    body = path.read_bytes()
    headers = {k.decode().lower(): v.decode() for k, v in _HEADER.findall(body[:2000])}
    url = headers.pop("content-location", URL)
    page = Page(urljoin(URL, url), 200, headers, body, NOW)
    try:
        return KIND.parse(page, KIND.spec(id="corpus", url=URL))
    except ParseError as error:
        return error


def facts(corpus: Path) -> Iterator[Fact]:
    """Every fact that concerns what we keep, of every document of the corpus."""
    for document in json.loads((corpus / "index.json").read_bytes())["documents"]:
        reader = _READERS.get(document["source_repo"])
        if reader is None or document["kind"] not in {"unit", "real"}:
            continue
        expected = document.get("expected")
        if "expected_file" in document:
            expected = json.loads((corpus / document["expected_file"]).read_bytes())
        for kind, entry, value in reader(expected or {}, document["file"]):
            yield Fact(document["file"], document["source_repo"], kind, entry, value)


def holds(fact: Fact, found: ParsedDocument) -> bool:
    """Whether a fact is true of what was read."""
    if fact.entry == FEED:
        return _same_words(fact.value, _of_feed(fact.kind, found))
    if fact.entry >= len(found.entries):
        return False
    return _of_entry(fact.kind, fact.value, found.entries[fact.entry])


def _of_feed(kind: str, found: ParsedDocument) -> list[str]:
    return {
        "count": [str(len(found.entries))],
        "title": [found.origin.title],
        "link": [found.origin.link],
        "language": [found.language],
    }[kind]


def _of_entry(kind: str, value: str, entry: RawEntry) -> bool:
    if kind in {"published", "updated"}:
        words = [entry.published_text, entry.updated_text]
        moments = [parse_date(word, NOW, UTC) for word in words]
        return value in words or _moment(value) in [m and m.replace(microsecond=0) for m in moments]
    if kind in {"title", "text"}:
        texts = [entry.title] if kind == "title" else [entry.summary, entry.content]
        wanted = _seen(RawText(value), entry.base_url)
        return any(_plain(text.value) == _plain(value) for text in texts) or any(
            _seen(text, entry.base_url) == wanted for text in texts
        )
    if kind == "origin title":
        return _same_words(value, [entry.origin.title])
    held = {
        "link": [entry.link],
        "guid": [entry.guid],
        "author": list(entry.authors),
        "tag": list(entry.tags),
        "enclosure": [e.url for e in entry.enclosures] + [i.url for i in entry.images],
        "enclosure length": [str(e.length) for e in entry.enclosures],
        "enclosure type": [e.media_type for e in entry.enclosures],
        "image": [i.url for i in entry.images],
        "language": [entry.language],
        "origin link": [entry.origin.link, entry.origin.feed_url],
        "base": [entry.base_url],
    }[kind]
    return _shown(value) in map(_shown, held) or urljoin(URL, value) in held


def _moment(text: str) -> datetime | None:
    moment = parse_date(text, NOW, UTC)
    return moment.replace(microsecond=0) if moment else None


def _same_words(wanted: str, held: list[str]) -> bool:
    """Whether one of some texts reads as the wanted one does, markup taken off."""
    forms = {_shown(wanted).lower(), _seen(RawText(wanted), URL)[0].lower()}
    return any(_shown(text).lower() in forms for text in held)


def _plain(text: str) -> str:
    return " ".join(text.split())


def _shown(text: str) -> str:
    """A text as people see it: character references resolved, white space put in order."""
    return _plain(unescape(unescape(text)))


def _seen(text: RawText, base: str) -> tuple[str, list[str]]:
    """What a reader sees of a text, and where it leads: links made absolute as cleaning does."""
    try:
        tree = html.fragment_fromstring(text.value, create_parent="div")
        tree.make_links_absolute(base or URL, handle_failures="ignore")
    except (ValueError, html.etree.LxmlError):
        return _plain(text.value), []
    for dead in tree.xpath("//style | //script"):
        dead.drop_tree()
    return _shown(tree.text_content()), [link for *_, link, _ in tree.iterlinks()]


@dataclass(frozen=True, slots=True)
class Accepted:
    """Facts that do not hold here, and why that is right or of no consequence."""

    documents: str
    kinds: str
    reason: str

    def covers(self, fact: Fact) -> bool:
        """Whether a fact is one of these."""
        return bool(
            re.search(self.documents, fact.document) and re.fullmatch(self.kinds, fact.kind)
        )


ACCEPTED = (
    Accepted(
        r"feed-rs/rss[01]__", "guid", "their own hash for an item without guid; ours is empty"
    ),
    Accepted(r"rss_1.0_spec_2", "author", "the name, without the address after it"),
    Accepted(r"rss_2.0_ch9", "text", "the expectation was cut in the middle of a tag"),
    Accepted(r"rss-parser/uolNoticias", "title|text", "the expectation is mojibake; ours is right"),
    Accepted(
        r"rss-parser/feedburner",
        "link",
        "the article's own address, which feedburner:origLink names",
    ),
    Accepted(r"osm-pl", ".*", "the file ends inside its last item, which is left out"),
    Accepted(r"integration__osm.xml", "text", "text made of markup there, style sheet included"),
    Accepted(r"entities__rang", "title", "&rang; is U+27E9 since HTML 5, U+232A in HTML 4"),
    Accepted(r"entry_category_term", "tag", "a category's label is shown, not its term"),
    Accepted(r"entry_title_xml_base_inherit_4", "base", "one base an entry: that of its summary"),
    Accepted(r"http_relative_xml_base", "base", "one base an entry: that of its summary"),
    Accepted(
        r"http_entry_id_base_docuri", "guid", "an id stays as written: it outlives a moved feed"
    ),
    Accepted(r"entity_in_doctype", "guid", "no entity that a document declares is expanded"),
    Accepted(r"item_description_not_a_doctype", "text", "the same characters, escaped there"),
    Accepted(r"title_html_escaped|title_xhtml_escaped", ".*title", "ends in another element's tag"),
    Accepted(r"issue_275", "text", "bytes of a video; XML as text"),
    Accepted(r"rss_channel_item_description.json|item_description", "image", "found by `clean`"),
)


Found = Iterator[tuple[str, int, str]]


def _feedparser(expected: Any, document: str) -> Found:
    """Facts as paths into feedparser's result; those about its sanitizer are `clean`'s affair."""
    if "sanitize" in document:
        return
    for one in expected:
        path = [part for part in one.get("path", ()) if part != "value"]
        if one.get("op") != "eq" or not isinstance(one.get("value"), str):
            continue
        words = [part for part in path if isinstance(part, str)]
        key = ".".join(words)
        if key in _FEEDPARSER_FEED:
            yield _FEEDPARSER_FEED[key], FEED, one["value"]
        elif words[:1] == ["entries"] and (kind := _FEEDPARSER_ENTRY.get(".".join(words[1:]))):
            yield kind, path[1], one["value"]


_FEEDPARSER_FEED = {
    "feed.title": "title",
    "feed.title_detail": "title",
    "feed.link": "link",
    "feed.language": "language",
}
_FEEDPARSER_ENTRY = {
    "title": "title",
    "title_detail": "title",
    "description": "text",
    "summary": "text",
    "summary_detail": "text",
    "content": "text",
    "link": "link",
    "id": "guid",
    "guid": "guid",
    "authors.name": "author",
    "author_detail.name": "author",
    "tags.term": "tag",
    "category": "tag",
    "published": "published",
    "updated": "updated",
    "language": "language",
    "content.language": "language",
    "summary_detail.language": "language",
    "title_detail.language": "language",
    "content.base": "base",
    "summary_detail.base": "base",
    "title_detail.base": "base",
    "enclosures.url": "enclosure",
    "enclosures.href": "enclosure",
    "enclosures.length": "enclosure length",
    "enclosures.type": "enclosure type",
    "image.href": "image",
    "source.title": "origin title",
    "source.link": "origin link",
}


def _text(value: Any) -> str:
    """The text in a value, however a corpus wraps it."""
    if isinstance(value, dict):
        value = next((value[k] for k in ("value", "content", "body") if value.get(k)), "")
    return value if isinstance(value, str) else ""


def _model(expected: Any, document: str) -> Found:
    """Facts as the result models of gofeed, feedsmith, feed-rs, rss-parser and fastfeedparser."""
    feed = expected.get("feed", expected)
    items = expected.get("entries") or feed.get("entries") or feed.get("items") or []
    if not isinstance(items, list):
        return
    title, language = _text(feed.get("title")), _text(feed.get("language"))
    if title:
        yield "title", FEED, title
    if language and "dublincore" not in document:
        yield "language", FEED, language
    if items:
        yield "count", FEED, str(len(items))
    for number, item in enumerate(items):
        for kind, value in _item(item or {}):
            if value:
                yield kind, number, value


def _item(item: Any) -> Iterator[tuple[str, str]]:
    for key, kind in _MODEL.items():
        yield kind, _text(item.get(key))
    for author in item.get("authors") or []:
        name = author if isinstance(author, str) else author.get("name") or author.get("email")
        yield "author", name or ""
    for tag in [*(item.get("categories") or []), *(item.get("tags") or [])]:
        if isinstance(tag, dict):
            yield (
                "tag",
                tag.get("label") or tag.get("term") or tag.get("value") or tag.get("name", ""),
            )
        else:
            yield "tag", tag
    for file in item.get("enclosures") or []:
        yield "enclosure", file.get("url") or ""
    if isinstance(item.get("image"), dict):
        yield "image", item["image"].get("url", "")
    if isinstance(item.get("source"), dict):
        yield "origin title", _text(item["source"].get("title"))
        yield "origin link", _text(item["source"].get("url"))


_MODEL = {
    "title": "title",
    "link": "link",
    "summary": "text",
    "description": "text",
    "content": "text",
    "guid": "guid",
    "id": "guid",
    "published": "published",
    "pubDate": "published",
    "isoDate": "published",
    "updated": "updated",
}
_READERS = {
    "kurtmckee/feedparser": _feedparser,
    "mmcdole/gofeed": _model,
    "macieklamberski/feedsmith": _model,
    "feed-rs/feed-rs": _model,
    "rbren/rss-parser": _model,
    "kagisearch/fastfeedparser": _model,
}
