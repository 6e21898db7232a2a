"""From the bytes of a response to a feed document: which format it is, and what it is if none."""

from __future__ import annotations

import re
from dataclasses import replace
from html import unescape
from typing import TYPE_CHECKING

from aggregator.errors import ParseError, ParseReason
from aggregator.sources.feed.hints import read_hints
from aggregator.sources.feed.hubs import announced
from aggregator.sources.feed.markup import find_root, holds_entry, prepare
from aggregator.sources.packed import unpacked
from aggregator.text.encodings import decode

if TYPE_CHECKING:
    from aggregator.model.entries import ParsedDocument
    from aggregator.model.pages import Page

_HTML = re.compile(r"<(?:html|head|body)[\s>]", re.IGNORECASE)
_HTML_TITLE = re.compile(r"<title[^>]{0,200}>([^<]{1,200})", re.IGNORECASE)
_OPML = re.compile(r"<opml[\s>]", re.IGNORECASE)
_ANY_TAG = re.compile(r"<([A-Za-z][\w.:-]{0,60})")
_MAGIC = (
    (b"\x89PNG", "a PNG picture"),
    (b"\xff\xd8\xff", "a JPEG picture"),
    (b"GIF8", "a GIF picture"),
    (b"%PDF", "a PDF document"),
    (b"PK\x03\x04", "a ZIP archive"),
)
LARGEST = 15 * 1024 * 1024
"""Bytes of a feed that comes as a gzip file."""


def read_feed(page: Page) -> ParsedDocument:
    """Read the entries of a feed of any format.

    Raises:
        ParseError: the document is not a feed; the detail says what came instead.
    """
    body = unpacked(page.body, LARGEST)
    for magic, what in _MAGIC:
        if body.startswith(magic):
            raise ParseError(ParseReason.NOT_A_FEED, f"{what} came instead of a feed")
    text = decode(body, page.headers).lstrip("\ufeff\x00 \t\r\n")
    if not text:
        raise ParseError(ParseReason.EMPTY, "the document is empty")
    if text.startswith(("{", "[")):
        return _with_hub(_read_json(text, page), "", page)
    return _with_hub(_read_markup(text, page), text, page)


def _with_hub(document: ParsedDocument, text: str, page: Page) -> ParsedDocument:
    """The document with the hub that its head, or the answer that it came in, announces."""
    hub, topic = announced(page.headers.get("link", ""), text, page.final_url)
    if not hub:
        return document  # a JSON feed has told its own already
    return replace(document, hints=replace(document.hints, hub=hub, topic=topic))


def _read_json(text: str, page: Page) -> ParsedDocument:
    from aggregator.sources.feed.json_feed import read_json_feed

    return read_json_feed(text, page.final_url)


def _read_markup(text: str, page: Page) -> ParsedDocument:
    from aggregator.sources.feed.syndication import read_markup, read_well_formed

    root = find_root(text)
    if root < 0:
        raise ParseError(ParseReason.NOT_A_FEED, f"{_describe(text)} came instead of a feed")
    language = page.headers.get("content-language", "")
    if document := read_well_formed(text[root:], page.final_url, language):
        return replace(document, hints=read_hints(text[root:]))
    markup = prepare(text[root:])
    document = (
        read_well_formed(markup.text, page.final_url, language) if markup.broken else None
    ) or read_markup(markup.text, page.final_url, language)
    if not document.entries and _HTML.search(text, 0, root):
        raise ParseError(ParseReason.NOT_A_FEED, f"{_describe(text)} came instead of a feed")
    broken = "; ".join(filter(None, (*markup.broken, document.broken)))
    if not document.entries and holds_entry(markup.text):
        raise ParseError(ParseReason.MALFORMED, f"none of its entries can be read: {broken}")
    return replace(document, broken=broken, hints=read_hints(markup.text))


def _describe(text: str) -> str:
    """Say for people what a document is that is not a feed."""
    if _OPML.search(text, 0, 5_000):
        return "a list of feeds (OPML, which `aggregator import` takes in)"
    if _HTML.search(text, 0, 5_000):
        title = _HTML_TITLE.search(text, 0, 50_000)
        name = " ".join(unescape(title[1]).split()) if title else ""
        return f"an HTML page titled “{name}”" if name else "an HTML page"
    if "\x00" in text[:1_000]:
        return "binary data"
    tag = _ANY_TAG.search(text, 0, 5_000)
    if text.startswith("<") and tag:
        return f"a document of <{tag[1]}>"
    return f"text that begins with “{' '.join(text[:60].split())}”"
