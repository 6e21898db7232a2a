"""What the corpora say should be read out of their documents, put to what we read.

Each corpus has its own words for the same things; here they become facts of a few kinds about an
entry (or the feed), and each kind knows how to look for itself in a `ParsedDocument`. Facts about
things that we do not keep (skipHours, rights, generator …) are no facts here.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from html import unescape
from pathlib import Path
from typing import Any
from urllib.parse import urljoin

from lxml import html

from aggregator.clean.body import clean_body
from aggregator.clean.cleaning import Cleaning
from aggregator.clean.fields import clean_title
from aggregator.errors import ParseError
from aggregator.model.entries import ParsedDocument, RawEntry, RawText, TextType
from aggregator.model.pages import Page
from aggregator.sources.feed import KIND
from aggregator.text.dates import parse_date
from tests.support.feedparser_facts import feedparser_facts
from tests.support.model_facts import FEED, model_facts

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
URL = "http://127.0.0.1:8097/feed/"

_NAME_ONLY = re.compile(r"\s*[(<]\S+@\S+[)>]$")
_HEADER = re.compile(rb"^Header:\s*([\w-]+):\s*(.+?)\s*$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Fact:
    """Something of a kind that a corpus says about an entry (by number) or the feed (-1)."""

    document: str
    corpus: str
    kind: str
    entry: int
    value: str


def headers_in(body: bytes) -> dict[str, str]:
    """The headers that the corpus of feedparser writes into comments."""
    return {k.decode().lower(): v.decode() for k, v in _HEADER.findall(body[:2000])}


def read(path: Path) -> ParsedDocument | ParseError:
    """What the kind `feed` makes of a file, with the headers that are written into it."""
    body = path.read_bytes()
    headers = headers_in(body)
    url = headers.pop("content-location", URL)
    page = Page(urljoin(URL, url), 200, headers, body, NOW)
    try:
        return KIND.parse(page, KIND.spec(id="corpus", url=URL))
    except ParseError as error:
        return error


def facts(corpus: Path) -> Iterator[Fact]:
    """Every fact that concerns what we keep, of every document of the corpus."""
    for document in json.loads((corpus / "index.json").read_bytes())["documents"]:
        words = _VOCABULARIES.get(document["source_repo"])
        if words is None or document["kind"] not in {"unit", "real"}:
            continue
        expected = document.get("expected")
        if "expected_file" in document:
            expected = json.loads((corpus / document["expected_file"]).read_bytes())
        for kind, entry, value in words(expected or {}, document["file"]):
            yield Fact(document["file"], document["source_repo"], kind, entry, value)


_VOCABULARIES: dict[str, Callable[[Any, str], Iterable[tuple[str, int, str]]]] = {
    "kurtmckee/feedparser": feedparser_facts,
    "mmcdole/gofeed": model_facts,
    "macieklamberski/feedsmith": model_facts,
    "feed-rs/feed-rs": model_facts,
    "rbren/rss-parser": model_facts,
    "kagisearch/fastfeedparser": model_facts,
}


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
    bodies = [entry.summary, entry.content]
    judges: dict[str, Callable[[], bool]] = {
        "published": lambda: _same_moment(value, entry),
        "updated": lambda: _same_moment(value, entry),
        "title": lambda: _same_text(value, [entry.title], entry.base_url),
        "text": lambda: _same_text(value, bodies, entry.base_url),
        "shown title": lambda: _words(value) == clean_title(entry.title),
        "shown text": lambda: _words(value) in map(_after_cleaning, bodies),
        "origin title": lambda: _same_words(value, [entry.origin.title]),
        "author": lambda: _NAME_ONLY.sub("", _shown(value)) in map(_shown, entry.authors),
    }
    if judge := judges.get(kind):
        return judge()
    held = _held(kind, entry)
    return _shown(value) in map(_shown, held) or urljoin(URL, value) in held


def _held(kind: str, entry: RawEntry) -> list[str]:
    """What an entry has of a kind that is compared as it stands."""
    return {
        "link": [entry.link],
        "guid": [entry.guid],
        "title type": _types([entry.title]),
        "text type": _types([entry.summary, entry.content]),
        "tag": list(entry.tags),
        "enclosure": [e.url for e in entry.enclosures] + [i.url for i in entry.images],
        "enclosure length": [str(e.length) for e in entry.enclosures],
        "enclosure type": [e.media_type for e in entry.enclosures],
        "image": [i.url for i in entry.images],
        "language": [entry.language],
        "origin link": [entry.origin.link, entry.origin.feed_url],
        "base": [entry.base_url],
    }[kind]


def _same_moment(value: str, entry: RawEntry) -> bool:
    """Whether one of the dates of an entry is this one; which of the two, formats disagree on."""
    words = [entry.published_text, entry.updated_text]
    return value in words or _moment(value) in map(_moment, filter(None, words))


def _same_text(value: str, texts: list[RawText], base: str) -> bool:
    wanted = _seen(RawText(value), base)
    return any(
        _plain(text.value) == _plain(value)
        or _seen(text, base) == wanted
        or (text.type is TextType.TEXT and _shown(text.value) == _shown(value))
        for text in texts
    )


def _words(value: str) -> str:
    return _seen(RawText(value), URL)[0]


def _types(texts: list[RawText]) -> list[str]:
    """The media types under which feedparser's corpus knows texts."""
    kinds = {text.type for text in texts if text.value}
    html_types = ["text/html", "application/xhtml+xml"] if TextType.HTML in kinds else []
    return [*html_types, *(["text/plain"] if TextType.TEXT in kinds else [])]


def _after_cleaning(text: RawText) -> str:
    """The words that a reader of our feeds sees of a text."""
    return _shown(clean_body(text, URL, (), Cleaning("corpus")).text)


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
