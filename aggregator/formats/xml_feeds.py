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

from feedgen.feed import FeedGenerator
from lxml import etree

from aggregator.errors import PublishError
from aggregator.formats.common import NEVER, display_title, feed_id, labels, newest_at, writable
from aggregator.formats.feed_style import styled
from aggregator.formats.feedgen_extensions import EntryExtension, FeedExtension, has_episode
from aggregator.formats.related import needed
from aggregator.model.published import FeedDocument

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from aggregator.model.published import Feed, PublishedArticle

_REFUSED = (ValueError, TypeError, AttributeError, LookupError)
"""What feedgen and lxml raise over a value that they cannot write."""

_ATOM = "{http://www.w3.org/2005/Atom}"
LeftOut = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class XmlFormat:
    """One of feedgen's two formats.

    `fill` puts what the format has on its own into an entry, `entry_xml` and `feed_xml` are
    feedgen's ways to write one entry and the whole.
    """

    name: str
    file_name: str
    media_type: str
    fill: Callable[[Any, PublishedArticle], None]
    entry_xml: Callable[[Any], object]
    feed_xml: Callable[[Any], bytes]
    has_archive: bool = True

    def render(self, feed: Feed) -> FeedDocument:
        """Write the feed; articles that cannot be written are left out and reported.

        Raises:
            PublishError: the feed cannot be written even without them.
        """
        try:
            return self._document(feed, feed.articles, ())
        except _REFUSED:
            good, left_out = self._sift(feed)
        try:
            return self._document(feed, good, left_out)
        except _REFUSED as error:
            raise PublishError(f"{feed.path}: {self.name} cannot be written: {error}") from error

    def without(self, body: bytes, public_ids: Collection[str]) -> bytes:
        """A finished document without these articles, and otherwise as it is."""
        tree = etree.parse(BytesIO(body))
        for each in [*tree.iter("item", f"{_ATOM}entry")]:
            name = each.findtext("guid") or each.findtext(f"{_ATOM}id")
            parent = each.getparent()
            if name in public_ids and parent is not None:
                parent.remove(each)
        return etree.tostring(tree, xml_declaration=True, encoding="UTF-8")

    def _document(
        self, feed: Feed, articles: Sequence[PublishedArticle], left_out: LeftOut
    ) -> FeedDocument:
        newest = newest_at(feed)
        generator = self._head(feed)
        # Both formats would say "now" otherwise, and no two renderings would be equal.
        generator.updated(newest or NEVER)
        generator.lastBuildDate(newest or NEVER)
        for article in articles:
            self._entry(generator, article, feed)
        body = styled(self.feed_xml(generator), feed.folder, feed.language)
        return FeedDocument(
            feed.path, self.name, self.file_name, self.media_type, body, newest, left_out
        )

    def _sift(self, feed: Feed) -> tuple[list[PublishedArticle], LeftOut]:
        """Write every article on its own to find those that cannot be written."""
        good: list[PublishedArticle] = []
        left_out: list[tuple[str, str]] = []
        generator = self._head(feed)
        for article in feed.articles:
            try:
                self.entry_xml(self._entry(generator, article, feed))
            except _REFUSED as error:
                left_out.append((str(article.public_id), f"{type(error).__name__}: {error}"))
            else:
                good.append(article)
        return good, tuple(left_out)

    def _head(self, feed: Feed) -> Any:
        generator = FeedGenerator()
        generator.load_extension("dc", atom=False)
        generator.load_extension("media")
        generator.register_extension("completed", FeedExtension, EntryExtension)
        head = writable(replace(feed, articles=()))  # the withdrawn stay: they are few
        generator.completed.head = head
        generator.completed.file_name = self.file_name
        generator.completed.has_episodes = any(map(has_episode, feed.articles))
        generator.completed.related = needed(feed.articles)
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
        return generator

    def _entry(self, generator: Any, article: PublishedArticle, feed: Feed) -> Any:
        article = writable(article)
        if not article.public_id:
            raise ValueError("it has no public id")
        entry = generator.add_entry(order="append")  # by default it would come first
        entry.completed.article = article
        entry.completed.feed_language = feed.language
        entry.completed.site_url = feed.site_url or feed.url
        entry.id(article.public_id)
        entry.title(display_title(article))
        # The one link that goes through feedgen: of others it would lose rel, type and length.
        entry.link(href=article.url)
        for label in labels(article):
            entry.category(term=label)
        if article.body:
            entry.content(article.body, type="html")  # no other type is right in both formats
        if article.image:
            entry.media.thumbnail(group=None, **_thumbnail(article))
        self.fill(entry, article)
        return entry


def _bare(media_type: str) -> str:
    return media_type.partition(";")[0]


def _thumbnail(article: PublishedArticle) -> dict[str, str]:
    image = article.image
    if image is None:
        return {}
    sizes = {"width": image.width, "height": image.height}
    return {"url": image.url} | {name: str(size) for name, size in sizes.items() if size}


def _fill_rss(entry: Any, article: PublishedArticle) -> None:
    if article.summary:
        entry.description(escape(article.summary, quote=False))  # RSS takes it for HTML
    if article.author:
        entry.dc.dc_creator(article.author)  # RSS's own author is dropped without a mail address
    if article.origin.rights:
        entry.dc.dc_rights(article.origin.rights)


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
    ),
    XmlFormat(
        "atom",
        "atom.xml",
        "application/atom+xml; charset=utf-8",
        _fill_atom,
        lambda entry: entry.atom_entry(),
        lambda generator: bytes(generator.atom_str(pretty=True)),
    ),
)
