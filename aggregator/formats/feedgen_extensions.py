"""What feedgen leaves out or gets wrong, put right by extensions of its own kind.

Belongs to `xml_feeds`, which is the only other module that knows feedgen. Each method says which
gap it closes (feedgen 1.0.0).
"""

from __future__ import annotations

from email.utils import format_datetime
from typing import TYPE_CHECKING, Any
from uuid import NAMESPACE_URL, uuid5

from feedgen.ext.base import BaseEntryExtension, BaseExtension
from lxml import etree

from aggregator.formats import related
from aggregator.model.entries import Episode

if TYPE_CHECKING:
    from collections.abc import Iterator

    from aggregator.model.published import Feed, PublishedArticle, Via

ATOM = "http://www.w3.org/2005/Atom"
_ATOM = f"{{{ATOM}}}"
_XML_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
_ANY_TYPE = "application/octet-stream"
_CONTENT = "http://purl.org/rss/1.0/modules/content/"
_NAMESPACES = {
    "itunes": "http://www.itunes.com/dtds/podcast-1.0.dtd",
    "fh": "http://purl.org/syndication/history/1.0",
    "at": "http://purl.org/atompub/tombstones/1.0",
    **related.NAMESPACES,
}
ENTRY_NAMESPACES = {
    "dc": "http://purl.org/dc/elements/1.1/",
    "media": "http://search.yahoo.com/mrss/",
    "content": _CONTENT,
    "atom": ATOM,
    **_NAMESPACES,
}
"""Everything that an entry may use, by prefix."""
_NOTHING_SAID = Episode()
_DC, _MEDIA, _ITUNES, _FH, _AT = (
    f"{{{ENTRY_NAMESPACES[prefix]}}}" for prefix in ("dc", "media", "itunes", "fh", "at")
)


class FeedExtension(BaseExtension):  # type: ignore[misc]  # feedgen has no types
    """Completes the head of a feed; `head` and what it writes are set after registration."""

    head: Feed
    file_name: str = ""
    needs: frozenset[str] = frozenset()

    def extend_ns(self) -> dict[str, str]:
        """The namespaces beyond feedgen's that are needed by the entries or by the head."""
        own = {"fh": self._is_archive, "at": bool(self.head.withdrawn)}
        needed = self.needs | {prefix for prefix, is_needed in own.items() if is_needed}
        return {prefix: _NAMESPACES[prefix] for prefix in _NAMESPACES if prefix in needed}

    @property
    def _is_archive(self) -> bool:
        return bool(self.head.place.current)

    def extend_rss(self, root: Any) -> Any:
        """Write the WebSub hubs, which feedgen carries over to Atom only, and the archive."""
        channel = root[0]
        hubs = [("hub", hub) for hub in self.head.hubs]
        more = [etree.Element(f"{_ATOM}link", rel=rel, href=href) for rel, href in hubs]
        place = _after_self_link(channel)
        channel[place:place] = [*more, *self._chain(f"{_ATOM}link")]
        return root

    def extend_atom(self, root: Any) -> Any:
        """Write the archive and the tombstones; called before the entries are there."""
        root.extend(self._chain("link"))
        for each in self.head.withdrawn:
            when = each.withdrawn_at.isoformat()
            stone = etree.SubElement(root, f"{_AT}deleted-entry", ref=each.public_id, when=when)
            etree.SubElement(stone, f"{_AT}comment").text = each.why
        return root

    def _chain(self, tag: str) -> list[Any]:
        """What RFC 5005 demands of a document that others continue, or that is one of them."""
        place = self.head.place
        folders = {
            "prev-archive": place.previous,
            "next-archive": place.following,
            "current": place.current,
        }
        links = [
            etree.Element(tag, rel=rel, href=folder + self.file_name)
            for rel, folder in folders.items()
            if folder
        ]
        return [*links, etree.Element(f"{_FH}archive")] if self._is_archive else links


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
        # RSS's own author is dropped without a mail address.
        for name, said in ("creator", article.author), ("rights", article.origin.rights):
            if said:
                etree.SubElement(item, f"{_DC}{name}").text = said
        _write_thumbnail(item, article)
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
        for via in article.via:
            item.append(_via(f"{_ATOM}link", via))
        related.write_rss(item, article)
        if article.updated_at != article.published_at:
            etree.SubElement(item, f"{_ATOM}updated").text = article.updated_at.isoformat()
        _write_episode(item, article)
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
        _write_thumbnail(entry, article)
        for enclosure in article.enclosures:
            link = etree.SubElement(entry, "link", rel="enclosure", href=enclosure.url)
            if enclosure.media_type:
                link.set("type", enclosure.media_type)
            if enclosure.length is not None:
                link.set("length", str(enclosure.length))
        for via in article.via:
            entry.append(_via("link", via))
        related.write_atom(entry, article)
        self._atom_source(entry)
        _write_episode(entry, article)
        return entry

    def _atom_source(self, entry: Any) -> None:
        origin = self.article.origin
        name = origin.id or origin.feed_url or origin.link
        if not (origin.title or name):
            return
        source = etree.SubElement(entry, "source")
        # An id is mandatory; that of an origin without an address is made of our site and its name.
        own = f"{self.site_url}#{origin.title}"
        etree.SubElement(source, "id").text = name or uuid5(NAMESPACE_URL, own).urn
        etree.SubElement(source, "title").text = origin.title or name
        # When the source's feed last changed is not known better than by what came out of it.
        etree.SubElement(source, "updated").text = self.article.updated_at.isoformat()
        if origin.rights:
            etree.SubElement(source, "rights").text = origin.rights
        if origin.link:
            etree.SubElement(source, "link", rel="alternate", href=origin.link)
        if origin.feed_url:
            etree.SubElement(source, "link", rel="self", href=origin.feed_url)


def _body_into_content(item: Any) -> None:
    """Without a summary feedgen writes the body as `description`: readers look for it elsewhere."""
    description = item.find("description")
    description.tag = f"{{{_CONTENT}}}encoded"


def _write_thumbnail(entry: Any, article: PublishedArticle) -> None:
    """The article's picture, as feedgen's extension writes it, which is slow for one element."""
    if image := article.image:
        sizes = {"height": image.height, "width": image.width}
        said = {"url": image.url} | {name: str(size) for name, size in sizes.items() if size}
        etree.SubElement(entry, f"{_MEDIA}thumbnail", said)


def _via(tag: str, via: Via) -> Any:
    """A link to another place where the article was found."""
    link = etree.Element(tag, rel="via", href=via.link)
    if via.title:
        link.set("title", via.title)
    return link


def needs(article: PublishedArticle) -> Iterator[str]:
    """The prefixes of the namespaces that only some entries need."""
    if any(each.episode != _NOTHING_SAID for each in article.enclosures):
        yield "itunes"
    yield from related.needed(article)


def _write_episode(entry: Any, article: PublishedArticle) -> None:
    """What podcasts say of an episode, which feedgen checks in its own, narrower way."""
    said = next((x.episode for x in article.enclosures if x.episode != _NOTHING_SAID), None)
    for name, value in _itunes(said) if said else ():
        etree.SubElement(entry, f"{_ITUNES}{name}").text = value


def _itunes(said: Episode) -> list[tuple[str, str]]:
    numbers = {"duration": said.duration, "episode": said.number, "season": said.season}
    words = {name: str(number) for name, number in numbers.items() if number is not None}
    words |= {"episodeType": said.kind} if said.kind else {}
    words |= {} if said.explicit is None else {"explicit": str(said.explicit).lower()}
    return list(words.items())
