"""feedparser as it comes, for comparison: its own result, called by our names and not changed."""

from __future__ import annotations

import io
from typing import Any
from urllib.parse import urljoin

import feedparser

from aggregator.model.entries import (
    Enclosure,
    Image,
    Origin,
    ParsedDocument,
    RawEntry,
    RawText,
    TextType,
)


def read_plainly(body: bytes, headers: dict[str, str], url: str) -> ParsedDocument:
    """What feedparser makes of a document, with its defaults."""
    located = {**headers, "content-location": urljoin(url, headers.get("content-location", url))}
    found = feedparser.parse(io.BytesIO(body), response_headers=located)
    return ParsedDocument(
        entries=tuple(_entry(entry) for entry in found.entries),
        origin=Origin(_text(found.feed, "title"), _text(found.feed, "link")),
        language=_text(found.feed, "language"),
    )


def _entry(entry: Any) -> RawEntry:
    details = [*entry.get("content", ()), entry.get("summary_detail"), entry.get("title_detail")]
    contents = [_raw(detail) for detail in entry.get("content", ())]
    source = dict.get(entry, "source") or {}
    return RawEntry(
        guid=_text(entry, "id"),
        link=_text(entry, "link"),
        title=_raw(entry.get("title_detail")),
        summary=_raw(entry.get("summary_detail")),
        content=max(contents, key=lambda text: len(text.value), default=RawText("")),
        authors=tuple(_names(entry) or _names(source)),
        published_text=_text(entry, "published") or _text(entry, "created"),
        updated_text=_text(entry, "updated"),
        tags=tuple(_text(tag, key) for tag in entry.get("tags", ()) for key in ("term", "label")),
        images=tuple(Image(address) for address in _pictures(entry)),
        enclosures=tuple(
            Enclosure(_text(file, "href"), _text(file, "type"), _number(file))
            for file in entry.get("enclosures", ())
        ),
        language=_text(entry, "language") or _first(details, "language"),
        base_url=_first(details, "base"),
        origin=Origin(_text(source, "title"), _text(source, "link"), _text(source, "href")),
    )


def _text(element: Any, key: str) -> str:
    # Plain dict access: feedparser's own falls back from one key to another.
    return str(dict.get(element, key) or "")


def _raw(detail: Any) -> RawText:
    if not detail:
        return RawText("")
    kind = TextType.TEXT if _text(detail, "type") == "text/plain" else TextType.HTML
    return RawText(_text(detail, "value"), kind)


def _names(element: Any) -> list[str]:
    named = [_text(person, "name") for person in element.get("authors", ())]
    return list(filter(None, named)) or list(filter(None, [_text(element, "author")]))


def _pictures(entry: Any) -> list[str]:
    media = [*entry.get("media_content", ()), *entry.get("media_thumbnail", ())]
    own = entry.get("image") or {}
    return list(filter(None, [_text(own, "href"), *(_text(each, "url") for each in media)]))


def _number(file: Any) -> int | None:
    return int(text) if (text := _text(file, "length")).isdigit() else None


def _first(details: list[Any], key: str) -> str:
    return next((_text(detail, key) for detail in details if detail and _text(detail, key)), "")
