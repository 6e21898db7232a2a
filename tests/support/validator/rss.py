"""RSS 2.0, with the modules that our feeds use."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from email.utils import parsedate_to_datetime
from typing import Any

from tests.support.validator import atom, common
from tests.support.validator.common import Finding, text_of

_CONTENT = "{http://purl.org/rss/1.0/modules/content/}encoded"
_ONCE_IN_CHANNEL = (
    "title", "link", "description", "language", "copyright", "managingEditor", "webMaster",
    "pubDate", "lastBuildDate", "generator", "docs", "cloud", "ttl", "image", "rating",
    "textInput", "skipHours", "skipDays",
)  # fmt: skip
_ONCE_IN_ITEM = (
    "title", "link", "description", "author", "comments", "guid", "pubDate", "source", _CONTENT,
)  # fmt: skip
_DATE_LENGTH = 25


def judge(root: Any) -> list[Finding]:
    """What is wrong with a feed."""
    channel = root.find("channel")
    if root.tag != "rss" or channel is None:
        return [Finding("MissingElement", "channel")]
    return list(_channel(channel))


def _channel(channel: Any) -> Iterator[Finding]:
    yield from common.at_most_once(channel, _ONCE_IN_CHANNEL)
    for name in ("title", "link", "description"):
        yield from common.present(channel, name, f"Missing{name.title()}")
    if channel.find("link") is not None:
        yield from common.address(text_of(channel, "link"), "channel/link")
    yield from common.language(text_of(channel, "language"), "channel/language")
    for name in ("pubDate", "lastBuildDate"):
        yield from rfc822(text_of(channel, name), f"channel/{name}")
    for name in ("managingEditor", "webMaster"):
        if (whom := text_of(channel, name)) is not None:
            yield from _contact(whom, name)
    own = [link for link in channel.iterfind(f"{atom.NS}link") if link.get("rel") == "self"]
    if not own:
        yield Finding("MissingAtomSelfLink", "channel")
    for link in own:
        yield from common.address(link.get("href"), "channel/atom:link self")
    items = channel.findall("item")
    guids = [guid for item in items if (guid := text_of(item, "guid")) is not None]
    yield from common.unique(guids, "DuplicateValue")
    for item in items:
        yield from _item(item)


def _item(item: Any) -> Iterator[Finding]:
    where = text_of(item, "guid") or text_of(item, "link") or "item"
    yield from common.at_most_once(item, _ONCE_IN_ITEM)
    if item.find("title") is None and item.find("description") is None:
        yield Finding("ItemMustContainTitleOrDescription", where)
    if (link := text_of(item, "link")) is not None:
        yield from common.address(link, f"{where}: link")
    yield from rfc822(text_of(item, "pubDate"), f"{where}: pubDate")
    yield from _guid(item.find("guid"), where)
    yield from common.body(text_of(item, "description"), where)
    yield from common.body(text_of(item, _CONTENT), where)
    for category in item.iterfind("category"):
        if not (category.text or "").strip():
            yield Finding("NotBlank", f"{where}: category")
    for enclosure in item.iterfind("enclosure"):
        yield from _enclosure(enclosure, where)
    source = item.find("source")
    if source is not None:
        yield from common.address(source.get("url"), f"{where}: source")
    if (comments := text_of(item, "comments")) is not None:
        yield from common.address(comments, f"{where}: comments")
    yield from atom.answers(item, where)
    if (author := text_of(item, "author")) is not None:
        yield from _contact(author, where)


def _guid(guid: Any, where: str) -> Iterator[Finding]:
    if guid is None:
        yield Finding("MissingGuid", where)
    elif guid.get("isPermaLink", "true") == "true" and list(common.address(guid.text, where)):
        yield Finding("InvalidHttpGUID", where)
    elif not (guid.text or "").strip():
        yield Finding("NotBlank", f"{where}: guid")


def _enclosure(enclosure: Any, where: str) -> Iterator[Finding]:
    for name in ("url", "length", "type"):
        if enclosure.get(name) is None:
            yield Finding("MissingAttribute", f"{where}: enclosure/{name}")
    yield from common.address(enclosure.get("url"), f"{where}: enclosure")
    yield from common.length(enclosure.get("length", "0"), f"{where}: enclosure")
    yield from common.mime_type(enclosure.get("type", "x/y"), f"{where}: enclosure")


def _contact(text: str, where: str) -> Iterator[Finding]:
    """`mail@example.org (Name)`, or the address alone."""
    yield from common.mail(text.partition(" (")[0].removeprefix("mailto:").partition("?")[0], where)


def rfc822(text: str | None, where: str) -> Iterator[Finding]:
    """A date as RSS and OPML write it, of a plausible year."""
    """A date of RFC 822, with a year of four digits and the right day of the week."""
    if text is None:
        return
    try:
        moment = parsedate_to_datetime(text)
    except (ValueError, IndexError, TypeError):
        yield Finding("InvalidRFC2822Date", where)
        return
    if len(text) < _DATE_LENGTH or not text.startswith(_weekday(moment)) or moment.tzinfo is None:
        yield Finding("InvalidRFC2822Date", where)
    else:
        yield from common.plausible(moment, where)


def _weekday(moment: datetime) -> str:
    return ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")[moment.weekday()]
