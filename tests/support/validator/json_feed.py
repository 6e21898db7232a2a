"""JSON Feed 1.1, by its specification (https://www.jsonfeed.org/version/1.1/)."""

from __future__ import annotations

import json
import re
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
_EXTENSION = re.compile(r"_[A-Za-z][^.]*")
"""A name of one's own; an object has to stand behind it."""


def judge(body: bytes) -> list[Finding]:
    """What is wrong with a feed."""
    try:
        feed = json.loads(
            body.decode(), parse_constant=_no_number, object_pairs_hook=_without_repeats
        )
    except ValueError as error:
        return [Finding("NotJson", str(error))]
    if not isinstance(feed, dict):
        return [Finding("NotJson", "not an object")]
    return list(_feed(feed))


def _no_number(name: str) -> None:
    raise ValueError(f"{name} is no JSON")


def _without_repeats(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """An object; of a key that comes twice nobody knows which value a reader takes."""
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError(f"a key comes twice among {', '.join(sorted(found))}")
    return found


def _feed(feed: dict[str, Any]) -> Iterator[Finding]:
    yield from _keys(feed, _FEED, ("version", "title", "items"), "feed")
    if feed.get("version") != "https://jsonfeed.org/version/1.1":
        yield Finding("WrongVersion", str(feed.get("version")))
    yield from _addresses(feed, "home_page_url", "feed_url", "next_url", "icon", "favicon")
    if "next_url" in feed and feed["next_url"] == feed.get("feed_url"):
        yield Finding("SelfReference", "next_url")
    yield from common.language(_text(feed.get("language")), "feed")
    yield from _authors(feed)
    for hub in _list(feed, "hubs"):
        yield from _keys(hub, {"type": str, "url": str}, ("type", "url"), "hub")
        yield from _addresses(hub, "url")
    items = [item for item in _list(feed, "items") if isinstance(item, dict)]
    if len(items) != len(_list(feed, "items")):
        yield Finding("WrongType", "items: an item that is no object")
    yield from common.unique([str(item.get("id")) for item in items], "DuplicateEntries")
    for item in items:
        yield from _item(item)


def _item(item: dict[str, Any]) -> Iterator[Finding]:
    where = str(item.get("id"))
    yield from _keys(item, _ITEM, ("id",), where)
    if not str(item.get("id") or "").strip():
        yield Finding("NotBlank", "id")
    if "content_html" not in item and "content_text" not in item:
        yield Finding("MissingContent", where)
    yield from common.body(_text(item.get("content_html")), where)
    yield from _addresses(item, "url", "external_url", "image", "banner_image")
    for key in ("date_published", "date_modified"):
        if key in item:
            yield from common.rfc3339(_text(item[key]), f"{where}: {key}")
    yield from common.language(_text(item.get("language")), where)
    yield from _authors(item)
    for tag in _list(item, "tags"):
        if not isinstance(tag, str) or not tag.strip():
            yield Finding("NotBlank", f"{where}: tags")
    for attachment in _list(item, "attachments"):
        yield from _attachment(attachment, f"{where}: attachment")


def _attachment(attachment: Any, where: str) -> Iterator[Finding]:
    yield from _keys(attachment, _ATTACHMENT, ("url", "mime_type"), where)
    yield from _addresses(attachment, "url")
    if isinstance(attachment, dict):
        yield from common.mime_type(str(attachment.get("mime_type", "")), where)
        for key in ("size_in_bytes", "duration_in_seconds"):
            number = attachment.get(key, 0)
            if isinstance(number, bool) or (isinstance(number, int | float) and number < 0):
                yield Finding("InvalidNonNegativeInteger", f"{where}: {key}")


def _authors(element: dict[str, Any]) -> Iterator[Finding]:
    """Objects in which at least one of the three is said."""
    for author in _list(element, "authors"):
        yield from _keys(author, {"name": str, "url": str, "avatar": str}, (), "author")
        yield from _addresses(author, "avatar")
        if isinstance(author, dict) and not author.keys() & {"name", "url", "avatar"}:
            yield Finding("NotBlank", "author")


def _addresses(element: Any, *keys: str) -> Iterator[Finding]:
    for key in keys:
        if isinstance(element, dict) and key in element:
            yield from common.address(_text(element[key]), key)


def _text(value: Any) -> str | None:
    """A value that should be text; another one is told of as a wrong type."""
    return value if isinstance(value, str) else None


def _list(element: dict[str, Any], key: str) -> list[Any]:
    value = element.get(key)
    return value if isinstance(value, list) else []


def _keys(
    element: Any, known: dict[str, Any], required: tuple[str, ...], where: str
) -> Iterator[Finding]:
    """Every key is known or an extension (`_x`), has the right type, and none is missing."""
    if not isinstance(element, dict):
        yield Finding("WrongType", where)
        return
    for key, value in element.items():
        if key.startswith("_"):
            if not _EXTENSION.fullmatch(key) or not isinstance(value, dict):
                yield Finding("InvalidExtension", f"{where}: {key}")
            continue
        if key not in known:
            yield Finding("UndefinedElement", f"{where}: {key}")
        elif not isinstance(value, known[key]):
            yield Finding("WrongType", f"{where}: {key}")
    for key in required:
        if key not in element:
            yield Finding("MissingElement", f"{where}: {key}")
