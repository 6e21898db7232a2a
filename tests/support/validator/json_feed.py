"""JSON Feed 1.1, by its specification (https://www.jsonfeed.org/version/1.1/)."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from tests.support.validator import common
from tests.support.validator.common import Finding

_FEED = {
    "version": str, "title": str, "home_page_url": str, "feed_url": str, "description": str,
    "user_comment": str, "next_url": str, "icon": str, "favicon": str, "authors": list,
    "language": str, "expired": bool, "hubs": list, "items": list,
}  # fmt: skip
_ITEM = {
    "id": str, "url": str, "external_url": str, "title": str, "content_html": str,
    "content_text": str, "summary": str, "image": str, "banner_image": str, "date_published": str,
    "date_modified": str, "authors": list, "tags": list, "language": str, "attachments": list,
}  # fmt: skip
_ATTACHMENT = {
    "url": str, "mime_type": str, "title": str, "size_in_bytes": (int, float),
    "duration_in_seconds": (int, float),
}  # fmt: skip


def judge(body: bytes) -> list[Finding]:
    """What is wrong with a feed."""
    try:
        feed = json.loads(body)
    except ValueError as error:
        return [Finding("NotJson", str(error))]
    if not isinstance(feed, dict):
        return [Finding("NotJson", "not an object")]
    return list(_feed(feed))


def _feed(feed: dict[str, Any]) -> Iterator[Finding]:
    yield from _keys(feed, _FEED, ("version", "title", "items"), "feed")
    if feed.get("version") != "https://jsonfeed.org/version/1.1":
        yield Finding("WrongVersion", str(feed.get("version")))
    for key in ("home_page_url", "feed_url", "next_url"):
        if key in feed:
            yield from common.address(feed[key], key)
    yield from common.language(feed.get("language"), "feed")
    yield from _authors(feed)
    for hub in feed.get("hubs", ()):
        yield from _keys(hub, {"type": str, "url": str}, ("type", "url"), "hub")
    items = feed.get("items", ())
    yield from common.unique([str(item.get("id")) for item in items], "DuplicateEntries")
    for item in items:
        yield from _item(item)


def _item(item: dict[str, Any]) -> Iterator[Finding]:
    where = str(item.get("id"))
    yield from _keys(item, _ITEM, ("id",), where)
    if not item.get("id"):
        yield Finding("NotBlank", "id")
    if "content_html" not in item and "content_text" not in item:
        yield Finding("MissingContent", where)
    yield from common.body(item.get("content_html"), where)
    for key in ("url", "external_url", "image", "banner_image"):
        if key in item:
            yield from common.address(item[key], f"{where}: {key}")
    for key in ("date_published", "date_modified"):
        if key in item:
            yield from common.rfc3339(item[key], f"{where}: {key}")
    yield from common.language(item.get("language"), where)
    yield from _authors(item)
    for tag in item.get("tags", ()):
        if not isinstance(tag, str) or not tag.strip():
            yield Finding("NotBlank", f"{where}: tags")
    for attachment in item.get("attachments", ()):
        yield from _keys(attachment, _ATTACHMENT, ("url", "mime_type"), f"{where}: attachment")
        yield from common.address(attachment.get("url"), f"{where}: attachment")
        yield from common.mime_type(attachment.get("mime_type", ""), f"{where}: attachment")


def _authors(element: dict[str, Any]) -> Iterator[Finding]:
    for author in element.get("authors", ()):
        yield from _keys(author, {"name": str, "url": str, "avatar": str}, (), "author")
        if not author:
            yield Finding("NotBlank", "author")


def _keys(
    element: dict[str, Any], known: dict[str, Any], required: tuple[str, ...], where: str
) -> Iterator[Finding]:
    """Every key is known or an extension (`_x`), has the right type, and none is missing."""
    for key, value in element.items():
        if key.startswith("_"):
            continue
        if key not in known:
            yield Finding("UndefinedElement", f"{where}: {key}")
        elif not isinstance(value, known[key]):
            yield Finding("WrongType", f"{where}: {key}")
    for key in required:
        if key not in element:
            yield Finding("MissingElement", f"{where}: {key}")
