"""Limits of what one document, and one entry of it, may bring."""

from __future__ import annotations

import gzip
from datetime import UTC, timedelta

from aggregator.clean import fields
from aggregator.clean.body import MAX_BODY
from aggregator.errors import ParseError
from aggregator.model.entries import Enclosure, Origin, RawEntry, RawText, Related, Relation
from aggregator.model.pages import Page
from aggregator.sources import discovery, feed
from aggregator.sources.feed import documents, hints, hubs
from aggregator.sources.found import MOST_ENTRIES
from aggregator.text import dates, tree, urls
from tests.support.entries import NOW, article
from tests.support.limits.limit import Limit

LINK = "https://a.example/"
ITEM = "<item><title>a</title></item>"


def _read(body: bytes) -> int:
    """How many entries a document has for us."""
    page = Page(LINK, 200, {}, body, NOW)
    try:
        return len(feed.KIND.parse(page, feed.KIND.spec(id="a", url=LINK)).entries)
    except ParseError:
        return 0


def _rss(items: int, size: int = 0) -> bytes:
    whole = f"<rss version='2.0'><channel>{ITEM * items}</channel></rss>".encode()
    return whole + b" " * (size - len(whole))


def _document(size: int) -> bool:
    return _read(gzip.compress(_rss(1, size), compresslevel=1, mtime=0)) == 1


def _entries(number: int) -> bool:
    return _read(_rss(number)) == number


def _body(size: int) -> bool:
    raw = RawEntry(title=RawText("A title"), content=RawText("x" * size), summary=RawText("short"))
    return len(article(raw).body) == size


def _elements(number: int) -> bool:
    try:
        return len(tree.parse("<b>x</b>" * number)) == number
    except tree.TooMuchMarkupError:
        return False


def _depth(number: int) -> bool:
    return tree.inner_html(tree.parse("<b>" * number + "x")).count("<b>") == number


def _attributes(number: int) -> bool:
    named = " ".join(f"a{n}=1" for n in range(number))
    return len(tree.parse(f"<p {named}>x</p>")[0].attrib) == number


def _title(size: int) -> bool:
    return fields.clean_title(RawText("x" * size)) == "x" * size


def _link(size: int) -> bool:
    return urls.page_link(LINK + "x" * (size - len(LINK))) != ""


def _author(size: int) -> bool:
    return fields.clean_authors(["x" * size]) == "x" * size


def _authors(size: int) -> bool:
    names = ["a" * 99, "b" * 99, "c" * (size - 99 - 99 - len(", , "))]
    return fields.clean_authors(names) == ", ".join(names)


def _tag(size: int) -> bool:
    return fields.clean_tags(["x" * size]) == ("x" * size,)


def _tags(number: int) -> bool:
    return len(fields.clean_tags(f"tag {n}" for n in range(number))) == number


def _enclosures(number: int) -> bool:
    listed = [Enclosure(f"{LINK}{n}.mp3", "audio/mpeg", 1) for n in range(number)]
    return len(fields.clean_enclosures(listed, LINK)) == number


def _related(number: int) -> bool:
    listed = [Related(Relation.VIA, f"{LINK}{n}", "", "") for n in range(number)]
    return len(fields.clean_related(listed, "", LINK)) == number


def _rights(size: int) -> bool:
    return fields.clean_origin(Origin(rights="x" * size)).rights == "x" * size


def _date(size: int) -> bool:
    text = "2026-11-23T12:00:00Z "
    return dates.parse_date(text + "x" * (size - len(text)), NOW, UTC) is not None


def _escapes(number: int) -> bool:
    try:
        return tree.inner_html(tree.parse("&lt;" * number)).count("&lt;") == number
    except tree.TooMuchMarkupError:
        return False


def _head(size: int) -> bool:
    """Whether what ends with the last character of a head is a hint."""
    hint = "<ttl>60<"
    return hints.read_hints(" " * (size - len(hint)) + hint + "/ttl>").at_least > timedelta(0)


def _hub(size: int) -> bool:
    hub = LINK + "x" * (size - len(LINK))
    return hubs.hub_and_topic(hub, "", LINK) == (hub, LINK)


def _named_feeds(number: int) -> bool:
    link = "<link rel=alternate type=application/rss+xml href=/{}>"
    page = "".join(link.format(n) for n in range(number)).encode()
    return len(discovery.feed_links(Page(LINK, 200, {}, page, NOW))) == number


LIMITS = {
    "document, unpacked": Limit(documents.LARGEST, "bytes", "`too_expensive`", _document),
    "entries of a document": Limit(
        MOST_ENTRIES, "entries", "those that stand last are left out, and told of", _entries
    ),
    "body of an entry": Limit(MAX_BODY, "bytes", "the summary stands for it", _body),
    "elements of a body": Limit(
        tree.MAX_ELEMENTS, "elements", "the summary stands for it", _elements
    ),
    "depth of a body": Limit(tree.MAX_DEPTH, "levels", "deeper ones leave their text", _depth),
    "attributes of an element": Limit(
        tree.MAX_ATTRIBUTES, "attributes", "further ones go", _attributes
    ),
    "escaped signs of a body": Limit(
        tree.MAX_ESCAPES, "signs", "the summary stands for it", _escapes
    ),
    "head of a feed": Limit(
        hints.LONGEST_HEAD, "characters", "hints and hubs behind it count for nothing", _head
    ),
    "address of a hub": Limit(hubs.LONGEST_ADDRESS, "characters", "no hub", _hub),
    "feeds that a page names": Limit(
        discovery.MOST_LINKS, "feeds", "further ones are not followed", _named_feeds
    ),
    "title": Limit(fields.MAX_TITLE, "characters", "cut, with an ellipsis", _title),
    "link that is published": Limit(urls.MAX_URL, "characters", "left out", _link),
    "name of an author": Limit(fields.MAX_AUTHOR, "characters", "cut", _author),
    "names of all authors": Limit(fields.MAX_AUTHORS, "characters", "cut", _authors),
    "tag": Limit(fields.MAX_TAG, "characters", "cut", _tag),
    "tags": Limit(fields.MAX_TAGS, "tags", "further ones go", _tags),
    "enclosures": Limit(fields.MAX_ENCLOSURES, "files", "further ones go", _enclosures),
    "`via`, replies": Limit(fields.MAX_RELATED, "links", "further ones go", _related),
    "rights": Limit(fields.MAX_RIGHTS, "characters", "cut", _rights),
    "text of a date": Limit(dates.LONGEST, "characters", "no date", _date),
}
