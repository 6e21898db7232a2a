"""JSON Feed 1.0 and 1.1 (https://www.jsonfeed.org/version/1.1/) into entries.

Lenient as the specification asks: a value of another type is read as absent, except that a number
may stand where an id should. Of a document that breaks off or goes wrong inside of an item, the
whole items before that are read, as they are of XML.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ValidationError

from aggregator.errors import ParseError, ParseReason
from aggregator.model.entries import (
    Enclosure,
    Episode,
    Image,
    Origin,
    ParsedDocument,
    RawEntry,
    RawText,
    Related,
    Relation,
    TextType,
)
from aggregator.model.schedule import Hints
from aggregator.sources.feed.episodes import seconds
from aggregator.sources.feed.hubs import hub_and_topic
from aggregator.sources.feed.links import integer
from aggregator.sources.feed.rss_in_json import as_json_feed
from aggregator.sources.found import MOST_ENTRIES, resolve
from aggregator.text.xml_chars import strip_illegal


def _as_text(value: object) -> str:
    if isinstance(value, int | float) and not isinstance(value, bool):
        return str(value)
    return strip_illegal(value).strip() if isinstance(value, str) else ""


def _as_list(value: object) -> list[object]:
    return value if isinstance(value, list) else []


def _objects(value: object) -> list[object]:
    return [one for one in _as_list(value) if isinstance(one, dict)]


def _object(value: object) -> object:
    return value if isinstance(value, dict) else None


_ITEMS = re.compile(r'(?<!\\)"items"\s*:\s*\[\s*')
_COMMA = re.compile(r"\s*,?\s*")
_MOST_PLACES = 5

Text = Annotated[str, BeforeValidator(_as_text)]
Texts = Annotated[list[Text], BeforeValidator(_as_list)]


class _Author(BaseModel):
    name: Text = ""
    url: Text = ""


class _Attachment(BaseModel):
    url: Text = ""
    mime_type: Text = ""
    size_in_bytes: Text = ""
    duration_in_seconds: Text = ""


class _Credited(BaseModel):
    """What 1.1 and 1.0 say about who wrote it."""

    authors: Annotated[list[_Author], BeforeValidator(_objects)] = []
    author: Annotated[_Author | None, BeforeValidator(_object)] = None
    language: Text = ""

    def people(self) -> tuple[str, ...]:
        """The names of the authors."""
        both = self.authors or [self.author or _Author()]
        return tuple(dict.fromkeys(one.name for one in both if one.name))


class _Item(_Credited):
    id: Text = ""
    url: Text = ""
    external_url: Text = ""
    title: Text = ""
    content_html: Text = ""
    content_text: Text = ""
    summary: Text = ""
    image: Text = ""
    banner_image: Text = ""
    date_published: Text = ""
    date_modified: Text = ""
    tags: Texts = []
    attachments: Annotated[list[_Attachment], BeforeValidator(_objects)] = []


class _Hub(BaseModel):
    type: Text = ""
    url: Text = ""


class _Feed(_Credited):
    version: Text = ""
    title: Text = ""
    home_page_url: Text = ""
    feed_url: Text = ""
    hubs: Annotated[list[_Hub], BeforeValidator(_objects)] = []
    items: list[Any]


def read_json_feed(text: str, url: str) -> ParsedDocument:
    """Read the entries of a JSON Feed.

    Raises:
        ParseError: it is not JSON, or JSON of another kind.
    """
    feed, broken = _feed(text)
    items = [_Item.model_validate(item) for item in feed.items if isinstance(item, dict)]
    left = len(items) - MOST_ENTRIES
    note = f"{len(items)} entries, of which the first {MOST_ENTRIES} were read" if left > 0 else ""
    hub, topic = hub_and_topic(_websub(feed), feed.feed_url, url)
    return ParsedDocument(
        entries=tuple(
            _entry(item, position, url, feed.people())
            for position, item in enumerate(items[:MOST_ENTRIES])
        ),
        origin=Origin(feed.title, resolve(url, feed.home_page_url), url),
        language=feed.language,
        broken="; ".join(filter(None, (broken, note))),
        hints=Hints(hub=hub, topic=topic),
    )


def _websub(feed: _Feed) -> str:
    """The first hub of the kind that we speak with; "" without any."""
    return next((hub.url for hub in feed.hubs if hub.type.lower() == "websub"), "")


def _feed(text: str) -> tuple[_Feed, str]:
    """The feed, and in words what was wrong with its JSON.

    Raises:
        ParseError: it is not JSON, or JSON of another kind.
    """
    broken = ""
    try:
        data = json.loads(text, strict=False)
    except (ValueError, RecursionError) as error:
        data, broken = _whole_items(text), f"not well-formed JSON: {error}"
        if data is None:
            raise ParseError(ParseReason.MALFORMED, broken) from None
    try:
        feed = _Feed.model_validate(as_json_feed(data))
    except ValidationError:
        feed = None
    if feed is None or not (feed.version or feed.title):
        detail = (
            f"JSON that is not a JSON Feed came instead of a feed: “{' '.join(text[:60].split())}”"
        )
        raise ParseError(ParseReason.NOT_A_FEED, detail)
    return feed, broken


def _whole_items(text: str) -> dict[str, Any] | None:
    """What stands before the items of a damaged document, and its whole items; None if none is."""
    decoder = json.JSONDecoder(strict=False)
    for _, place in zip(range(_MOST_PLACES), _ITEMS.finditer(text), strict=False):
        try:
            head = decoder.decode(f"{text[: place.end()]}]}}")
        except (ValueError, RecursionError):
            continue  # not the items of the feed, but something of that name further inside
        head["items"] = list(_values(text, place.end(), decoder))
        return head if head["items"] else None
    return None


def _values(text: str, position: int, decoder: json.JSONDecoder) -> Iterator[Any]:
    """The values of an array, up to the first that is damaged."""
    while True:
        try:
            value, position = decoder.raw_decode(text, position)
        except (ValueError, RecursionError):
            return
        yield value
        if separator := _COMMA.match(text, position):
            position = separator.end()


def _entry(item: _Item, position: int, url: str, inherited: tuple[str, ...]) -> RawEntry:
    plain = RawText(item.content_text, TextType.TEXT)
    pictures = dict.fromkeys(filter(None, (item.image, item.banner_image)))
    return RawEntry(
        guid=item.id,
        link=resolve(url, item.url or item.external_url),
        title=RawText(item.title, TextType.TEXT),
        summary=RawText(item.summary, TextType.TEXT),
        content=RawText(item.content_html) if item.content_html else plain,
        authors=item.people() or inherited,
        published_text=item.date_published,
        updated_text=item.date_modified,
        tags=tuple(dict.fromkeys(filter(None, item.tags))),
        images=tuple(Image(resolve(url, picture)) for picture in pictures),
        enclosures=tuple(
            Enclosure(
                resolve(url, file.url),
                file.mime_type,
                integer(file.size_in_bytes),
                Episode(duration=seconds(file.duration_in_seconds)),
            )
            for file in item.attachments
            if file.url
        ),
        language=item.language,
        base_url=url,
        position=position,
        related=_related(item, url),
    )


def _related(item: _Item, url: str) -> tuple[Related, ...]:
    """The page that an item is about, where it has one of its own as well."""
    is_about = item.url and item.external_url
    return (Related(Relation.RELATED, resolve(url, item.external_url)),) if is_about else ()
