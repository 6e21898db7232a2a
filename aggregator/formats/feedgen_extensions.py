"""What feedgen leaves out or gets wrong, put right by extensions of its own kind.

Belongs to `xml_feeds`, which is the only other module that knows feedgen. Each method says which
gap it closes (feedgen 1.0.0).
"""

from __future__ import annotations

from email.utils import format_datetime
from typing import TYPE_CHECKING, Any

from feedgen.ext.base import BaseEntryExtension, BaseExtension
from lxml import etree

if TYPE_CHECKING:
    from aggregator.model.published import PublishedArticle

_ATOM = "{http://www.w3.org/2005/Atom}"
_CONTENT_ENCODED = "{http://purl.org/rss/1.0/modules/content/}encoded"
_XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
_ANY_TYPE = "application/octet-stream"


class FeedExtension(BaseExtension):  # type: ignore[misc]  # feedgen has no types
    """Completes the head of a feed; `hubs` is set after registration."""

    hubs: tuple[str, ...] = ()

    def extend_rss(self, root: Any) -> Any:
        """Write the WebSub hubs, which feedgen carries over to Atom only."""
        channel = root[0]
        for place, hub in enumerate(self.hubs, start=_after_self_link(channel)):
            channel.insert(place, etree.Element(f"{_ATOM}link", rel="hub", href=hub))
        return root


def _after_self_link(channel: Any) -> int:
    self_link = channel.find(f"{_ATOM}link")
    return int(channel.index(self_link)) + 1


class EntryExtension(BaseEntryExtension):  # type: ignore[misc]  # feedgen has no types
    """Completes one entry; `article` is set after registration."""

    article: PublishedArticle
    feed_language: str = ""
    site_url: str = ""

    def extend_rss(self, item: Any) -> Any:
        """Write what feedgen's RSS items cannot hold, or only with a side effect."""
        article = self.article
        if article.body and not article.summary:
            _body_into_content(item)
        for enclosure in article.enclosures:
            # feedgen keeps the last enclosure alone; RSS demands a type, and a length: "0" is
            # what is written when nobody knows it.
            etree.SubElement(
                item,
                "enclosure",
                url=enclosure.url,
                length=str(enclosure.length or 0),
                type=enclosure.media_type or _ANY_TYPE,
            )
        # feedgen formats each date between calls of setlocale, which is process-wide and slow.
        etree.SubElement(item, "pubDate").text = format_datetime(article.published_at)
        self._rss_source(item)
        return item

    def _rss_source(self, item: Any) -> None:
        """RSS has one place for the origin, and its `url` is mandatory: ours, where it has none."""
        origin = self.article.origin
        if url := origin.feed_url or origin.link or (origin.title and self.site_url):
            etree.SubElement(item, "source", url=url).text = origin.title or url

    def extend_atom(self, entry: Any) -> Any:
        """Write the links and the source, of which feedgen loses the attributes and the parts."""
        article = self.article
        if article.language and article.language != self.feed_language:
            entry.set(_XML_LANG, article.language)
        for enclosure in article.enclosures:
            link = etree.SubElement(entry, "link", rel="enclosure", href=enclosure.url)
            if enclosure.media_type:
                link.set("type", enclosure.media_type)
            if enclosure.length is not None:
                link.set("length", str(enclosure.length))
        self._atom_source(entry)
        return entry

    def _atom_source(self, entry: Any) -> None:
        origin = self.article.origin
        address = origin.feed_url or origin.link
        if not (origin.title or address):
            return
        source = etree.SubElement(entry, "source")
        if address:
            etree.SubElement(source, "id").text = address
        etree.SubElement(source, "title").text = origin.title or address
        if origin.link:
            etree.SubElement(source, "link", rel="alternate", href=origin.link)
        if origin.feed_url:
            etree.SubElement(source, "link", rel="self", href=origin.feed_url)


def _body_into_content(item: Any) -> None:
    """Without a summary feedgen writes the body as `description`: readers look for it elsewhere."""
    description = item.find("description")
    description.tag = _CONTENT_ENCODED
