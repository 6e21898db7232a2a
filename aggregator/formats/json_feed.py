"""JSON Feed 1.1 (https://www.jsonfeed.org/version/1.1/).

Attribution has no field there, so it stands in the extensions `_source` and `_via` of each item,
and what else it names in `_related`; the page that it is about is its `external_url` as well.
`next_url` leads to older articles: it is the way into the archive that other formats have.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from aggregator.formats.common import entry_of, labels, left_out, newest_at, rendered, writable
from aggregator.model.entries import Relation
from aggregator.model.published import FeedDocument

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from aggregator.model.entries import Enclosure, Origin, Related
    from aggregator.model.published import Entry, Feed, PublishedArticle

_ABOUT = Relation.RELATED
_ANY_TYPE = "application/octet-stream"


@dataclass(frozen=True, slots=True)
class JsonFeed:
    """The format `json`."""

    name: str = "json"
    file_name: str = "feed.json"
    media_type: str = "application/feed+json; charset=utf-8"

    def without(self, body: bytes, public_ids: Collection[str]) -> bytes:
        """A finished document without these articles, and otherwise as it is."""
        document = json.loads(body)
        kept = [x for x in document["items"] if x["id"] not in public_ids]
        return _written(document, map(_bytes, kept))

    def render(self, feed: Feed) -> FeedDocument:
        """Write the feed; articles that cannot be written are left out and reported."""
        return rendered(self, feed)

    def entry(self, article: PublishedArticle, feed: Feed) -> Entry:
        """Write an article as an item."""
        return entry_of(article, lambda each: _bytes(_item(each, feed.language)))

    def bare(self, entries: Sequence[Entry]) -> bytes:
        """An object that holds the items, and no head."""
        return _written({}, (each.body for each in entries))

    def joined(self, feed: Feed, entries: Sequence[Entry]) -> FeedDocument:
        """A document with these items."""
        items = (each.body for each in entries if not each.left_out)
        return FeedDocument(
            feed.path,
            self.name,
            self.file_name,
            self.media_type,
            _written(_head(feed, self.file_name), items),
            newest_at(feed, entries),
            left_out(entries),
        )


def _written(head: dict[str, Any], items: Iterable[bytes]) -> bytes:
    """An item a line: as easy to compare as with indents, which only Python's slow way makes."""
    start = _bytes(head | {"items": []}).removesuffix(b"]}")
    return b"\n".join([start, b",\n".join(items), b"]}\n"])


def _bytes(said: dict[str, Any]) -> bytes:
    return json.dumps(said, ensure_ascii=False).encode()


def _head(feed: Feed, file_name: str) -> dict[str, Any]:
    head: dict[str, Any] = {
        "version": "https://jsonfeed.org/version/1.1",
        "title": feed.title or feed.path,
        "home_page_url": feed.place.current or feed.url,
        "feed_url": feed.url + file_name,
        "next_url": feed.place.previous + file_name if feed.place.previous else "",
        "description": feed.description,
        "language": feed.language,
        "authors": [{"name": feed.site_title}] if feed.site_title else [],
        "hubs": [{"type": "WebSub", "url": hub} for hub in feed.hubs],
    }
    if feed.place.current:
        head["_archive"] = {"current": feed.place.current + file_name}
    return {key: writable(value) for key, value in head.items() if value}


def _item(article: PublishedArticle, feed_language: str) -> dict[str, Any]:
    language = article.language if article.language != feed_language else ""
    item = {
        "id": article.public_id,
        "url": article.url,
        "title": article.title,
        **_content(article),
        "summary": article.summary,
        "image": article.image.url if article.image else "",
        "date_published": _moment(article.published_at),
        "date_modified": _moment(article.updated_at),
        "authors": [{"name": article.author}] if article.author else [],
        "tags": list(labels(article)),
        "language": language,
        "attachments": [_attachment(enclosure) for enclosure in article.enclosures],
        "_source": _source(article.origin),
        "external_url": next((x.url for x in article.related if x.relation is _ABOUT), ""),
        "_related": _extension("links", map(_related, article.related)),
        "_via": _extension("copies", ({"url": x.link, "title": x.title} for x in article.via)),
    }
    return {key: value for key, value in item.items() if value or key.startswith("content_")}


def _content(article: PublishedArticle) -> dict[str, str]:
    """An item must have a content, also where a feed carries summaries only."""
    if article.body:
        return {"content_html": article.body}
    return {"content_text": article.summary}


def _attachment(enclosure: Enclosure) -> dict[str, Any]:
    attachment: dict[str, Any] = {
        "url": enclosure.url,
        "mime_type": enclosure.media_type or _ANY_TYPE,
    }
    if enclosure.length is not None:
        attachment["size_in_bytes"] = enclosure.length
    if enclosure.episode.duration is not None:
        attachment["duration_in_seconds"] = enclosure.episode.duration
    return attachment


def _extension(name: str, listed: Iterable[dict[str, str]]) -> dict[str, Any]:
    """An extension that lists something; the specification wants an object. Nothing for none."""
    found = list(listed)
    return {name: found} if found else {}


def _related(each: Related) -> dict[str, str]:
    said = {"rel": each.relation, "url": each.url, "mime_type": each.media_type, "id": each.id}
    return {key: value for key, value in said.items() if value}


def _source(origin: Origin) -> dict[str, str]:
    source = {
        "id": origin.id,
        "title": origin.title,
        "home_page_url": origin.link,
        "feed_url": origin.feed_url,
        "rights": origin.rights,
    }
    return {key: value for key, value in source.items() if value}


def _moment(time: datetime) -> str:
    """A time as RFC 3339 writes it."""
    return time.isoformat().replace("+00:00", "Z")


FORMATS = (JsonFeed(),)
