"""RSS 2.0 and Atom 1.0, written by feedgen.

Only this module and its `feedgen_extensions` know feedgen; its traps are fenced here and there,
each at the line that would fall into it. Rendering calls `setlocale` once for an RSS feed (inside
feedgen, around its one date), so publishing renders in one thread at a time.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from html import escape
from io import BytesIO
from typing import TYPE_CHECKING, Any

from feedgen.entry import FeedEntry
from feedgen.feed import FeedGenerator
from lxml import etree

from aggregator.errors import PublishError
from aggregator.formats.common import (
    NEVER,
    REFUSED,
    display_title,
    entry_of,
    feed_id,
    labels,
    left_out,
    newest_at,
    rendered,
    writable,
)
from aggregator.formats.feed_style import styled
from aggregator.formats.feedgen_extensions import (
    ATOM,
    ENTRY_NAMESPACES,
    EntryExtension,
    FeedExtension,
    needs,
)
from aggregator.formats.xml_frame import Frame
from aggregator.model.published import FeedDocument

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from datetime import datetime

    from aggregator.model.published import Entry, Feed, PublishedArticle

_ATOM = f"{{{ATOM}}}"


@dataclass(frozen=True, slots=True)
class XmlFormat:
    """One of feedgen's two formats.

    `fill` puts what the format has on its own into an entry, `entry_xml` and `feed_xml` are
    feedgen's ways to write one entry and the whole; `frame` is around the entries.
    """

    name: str
    file_name: str
    media_type: str
    fill: Callable[[Any, PublishedArticle], None]
    entry_xml: Callable[[Any], etree._Element]
    feed_xml: Callable[[Any], bytes]
    frame: Frame

    def render(self, feed: Feed) -> FeedDocument:
        """Write the feed; articles that cannot be written are left out and reported.

        Raises:
            PublishError: the feed cannot be written even without them.
        """
        return rendered(self, feed)

    def without(self, body: bytes, public_ids: Collection[str]) -> bytes:
        """A finished document without these articles, and otherwise as it is."""
        tree = etree.parse(BytesIO(body))
        for each in [*tree.iter("item", f"{_ATOM}entry")]:
            name = each.findtext("guid") or each.findtext(f"{_ATOM}id")
            parent = each.getparent()
            if name in public_ids and parent is not None:
                parent.remove(each)
        return etree.tostring(tree, xml_declaration=True, encoding="UTF-8")

    def entry(self, article: PublishedArticle, feed: Feed) -> Entry:
        """Write an article as an entry or item."""
        return entry_of(article, lambda each: self._entry(each, feed), needs)

    def bare(self, entries: Sequence[Entry]) -> bytes:
        """A document without a head."""
        return b"".join([self.frame.start, *(each.body for each in entries), self.frame.end])

    def joined(self, feed: Feed, entries: Sequence[Entry]) -> FeedDocument:
        """A document with these entries.

        Raises:
            PublishError: its head cannot be written.
        """
        newest = newest_at(feed, entries)
        try:
            empty = self.feed_xml(self._head(feed, entries, newest or NEVER))
            head = empty[: empty.rindex(self.frame.end)]
        except REFUSED as error:
            raise PublishError(f"{feed.path}: {self.name} cannot be written: {error}") from error
        head = styled(head, feed.folder, feed.language)
        body = b"".join([head, *(each.body for each in entries), self.frame.end])
        return FeedDocument(
            feed.path,
            self.name,
            self.file_name,
            self.media_type,
            body,
            newest,
            left_out(entries),
        )

    def _head(self, feed: Feed, entries: Sequence[Entry], newest: datetime) -> Any:
        generator = FeedGenerator()
        generator.load_extension("dc", atom=False)
        generator.load_extension("media")
        generator.register_extension("completed", FeedExtension)
        head = writable(replace(feed, articles=()))  # the withdrawn stay: they are few
        generator.completed.head = head
        generator.completed.file_name = self.file_name
        generator.completed.needs = frozenset[str]().union(*(each.needs for each in entries))
        generator.id(feed_id(head))
        generator.title(head.title or head.path)
        generator.description(head.description or head.title or head.path)
        generator.language(head.language or None)
        generator.author(name=head.site_title or head.title or head.path)
        # feedgen names itself with its version: an upgrade would change every feed's bytes.
        generator.generator("feed-aggregator")
        generator.link(href=head.url + self.file_name, rel="self", type=_bare(self.media_type))
        for hub in head.hubs:
            generator.link(href=hub, rel="hub")
        # Last, because feedgen makes the last link, whatever its rel, the `link` of an RSS feed.
        page = head.place.current or head.url
        generator.link(href=page, rel="alternate", type="text/html")
        # Both formats would say "now" otherwise, and no two renderings would be equal.
        generator.updated(newest)
        generator.lastBuildDate(newest)
        return generator

    def _entry(self, article: PublishedArticle, feed: Feed) -> bytes:
        entry = FeedEntry()
        entry.register_extension("completed", EntryExtension)
        entry.completed.article = article
        entry.completed.feed_language = feed.language
        entry.completed.site_url = feed.site_url or feed.url
        entry.id(article.public_id)
        entry.title(display_title(article))
        # The one link that goes through feedgen: of others it would lose rel, type and length.
        entry.link(href=article.url)
        entry.category([{"term": label} for label in labels(article)])
        if article.body:
            entry.content(article.body, type="html")  # no other type is right in both formats
        self.fill(entry, article)
        return self.frame.cut(self.entry_xml(entry))


def _bare(media_type: str) -> str:
    return media_type.partition(";")[0]


def _fill_rss(entry: Any, article: PublishedArticle) -> None:
    if article.summary:
        entry.description(escape(article.summary, quote=False))  # RSS takes it for HTML


def _fill_atom(entry: Any, article: PublishedArticle) -> None:
    if article.summary:
        entry.summary(article.summary, type="text")
    if author := article.author or article.origin.title:
        entry.author(name=author)
    entry.published(article.published_at)
    entry.updated(article.updated_at)  # else: now


FORMATS = (
    XmlFormat(
        "rss",
        "rss.xml",
        "application/rss+xml; charset=utf-8",
        _fill_rss,
        lambda entry: entry.rss_entry(),
        lambda generator: bytes(generator.rss_str(pretty=True)),
        Frame(("rss", "channel"), ENTRY_NAMESPACES),
    ),
    XmlFormat(
        "atom",
        "atom.xml",
        "application/atom+xml; charset=utf-8",
        _fill_atom,
        lambda entry: entry.atom_entry(),
        lambda generator: bytes(generator.atom_str(pretty=True)),
        Frame(("feed",), ENTRY_NAMESPACES, ATOM),
    ),
)
