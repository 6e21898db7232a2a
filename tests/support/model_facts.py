"""Facts written as the result models of gofeed, feedsmith, feed-rs, rss-parser, fastfeedparser."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

FEED = -1
"""The number of the entry of facts about the feed."""


def _text(value: Any) -> str:
    """The text in a value, however a corpus wraps it."""
    if isinstance(value, dict):
        value = next((value[k] for k in ("value", "content", "body") if value.get(k)), "")
    return value if isinstance(value, str) else ""


def model_facts(expected: Any, document: str) -> Iterator[tuple[str, int, str]]:
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
