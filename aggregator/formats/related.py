"""What else an article names, in RSS and Atom: where it was found, is answered, or what it answers.

Atom has links for it, and RFC 4685 for answers. RSS has one place for a page of comments; what it
has none for is written as in Atom.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from lxml import etree

from aggregator.model.entries import Related, Relation

if TYPE_CHECKING:
    from aggregator.model.published import PublishedArticle

_ATOM = "{http://www.w3.org/2005/Atom}"
_THREAD = "http://purl.org/syndication/thread/1.0"
_WFW = "http://wellformedweb.org/CommentAPI/"
NAMESPACES = {"thr": _THREAD, "wfw": _WFW}
"""Those in which something may be said here, by prefix."""
_COMMENT_FEED = "application/rss+xml"


def needed(article: PublishedArticle) -> Iterator[str]:
    """The prefixes of the namespaces in which something is said of an article."""
    if any(each.relation is Relation.IN_REPLY_TO for each in article.related):
        yield "thr"
    if any(map(_is_comment_feed, article.related)):
        yield "wfw"


def write_atom(entry: Any, article: PublishedArticle) -> None:
    """Write it into an Atom entry."""
    for each in article.related:
        if each.relation is Relation.IN_REPLY_TO:
            _answered(entry, each)
        else:
            _link(entry, "link", each)


def write_rss(item: Any, article: PublishedArticle) -> None:
    """Write it into an RSS item, which may have one page of comments."""
    comments = next(filter(_is_comments, article.related), None)
    if comments:
        etree.SubElement(item, "comments").text = comments.url
    for each in article.related:
        if each.relation is Relation.IN_REPLY_TO:
            _answered(item, each)
        elif _is_comment_feed(each):
            etree.SubElement(item, f"{{{_WFW}}}commentRss").text = each.url
        elif each is not comments:
            _link(item, f"{_ATOM}link", each)


def _is_comments(each: Related) -> bool:
    return each.relation is Relation.REPLIES and not each.media_type


def _is_comment_feed(each: Related) -> bool:
    return each.relation is Relation.REPLIES and each.media_type == _COMMENT_FEED


def _link(parent: Any, tag: str, each: Related) -> None:
    link = etree.SubElement(parent, tag, rel=each.relation.value, href=each.url)
    if each.media_type:
        link.set("type", each.media_type)


def _answered(parent: Any, each: Related) -> None:
    """RFC 4685 wants an id; the address stands for one that is not known."""
    answered = etree.SubElement(parent, f"{{{_THREAD}}}in-reply-to", ref=each.id or each.url)
    if each.url:
        answered.set("href", each.url)
    if each.media_type:
        answered.set("type", each.media_type)
