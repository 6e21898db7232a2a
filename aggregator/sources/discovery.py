"""Finds the feeds that a web page names, and where feeds usually are when it names none.

Pure: bytes in, addresses out. What is found is not fetched here (see `ingest.discover`), and may
turn out to be something else.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urljoin

from aggregator.errors import ParseError
from aggregator.sources.addresses import check_url
from aggregator.sources.feed.markup import find_root
from aggregator.sources.found import resolve
from aggregator.text.encodings import decode

if TYPE_CHECKING:
    from aggregator.model.pages import Page

MOST_LINKS = 10
"""More links of one page are not followed."""

_TYPES = frozenset(
    {
        "application/atom+xml", "application/feed+json", "application/json", "application/rdf+xml",
        "application/rss+xml", "application/x-rss+xml", "application/xml", "text/xml",
    }
)  # fmt: skip
_PATHS = (
    "feed", "rss", "rss.xml", "atom.xml", "feed.xml", "index.xml", "feed.json", "feed/", "rss/",
    "feeds/posts/default", "feed.atom", "feed.rss", "blog/feed", "?feed=rss2",
)  # fmt: skip
_ROOT_NAME = re.compile(r"<(?:[\w.-]{1,60}:)?([A-Za-z]+)")
_NAMES = {"rss": "RSS", "channel": "RSS", "rdf": "RSS 1.0", "feed": "Atom", "entry": "Atom"}


@dataclass(frozen=True, slots=True)
class FeedLink:
    """A feed that a page says it has; `title` is what the page calls it."""

    url: str
    title: str = ""


def feed_links(page: Page) -> tuple[FeedLink, ...]:
    """The feeds that a page names in `<link rel=alternate>` elements, in its order, each once.

    See https://www.rssboard.org/rss-autodiscovery; `rel=feed` counts as well.
    """
    from aggregator.sources.page_items import Document

    try:
        document = Document(decode(page.body, page.headers), page.final_url)
    except ParseError:
        return ()
    found: dict[str, FeedLink] = {}
    for link in document.find("link[href]"):
        url = _usable(resolve(document.base, link.text("@href")))
        if url and _names_feed(link.text("@rel"), link.text("@type")):
            found.setdefault(url, FeedLink(url, link.text("@title")))
    return tuple(found.values())[:MOST_LINKS]


def usual_places(url: str) -> tuple[str, ...]:
    """Where the feed of a site usually is: below the page's own folder, then below the site."""
    folders = dict.fromkeys(urljoin(url, start) for start in ("./", "/"))
    return tuple(dict.fromkeys(f"{folder}{path}" for folder in folders for path in _PATHS))


def format_of(page: Page) -> str:
    """The format of a document that was read as a feed, as people call it."""
    text = decode(page.body, page.headers).lstrip("\ufeff\x00 \t\r\n")
    if text.startswith("{"):
        return "JSON Feed"
    root = find_root(text)
    name = _ROOT_NAME.match(text, root) if root >= 0 else None
    return _NAMES.get(name[1].lower(), "") if name else ""


def _names_feed(rel: str, media_type: str) -> bool:
    relations = rel.lower().split()
    if "stylesheet" in relations:
        return False
    bare = media_type.partition(";")[0].strip().lower()
    return "feed" in relations or ("alternate" in relations and bare in _TYPES)


def _usable(url: str) -> str:
    """An address that can be asked; "" for any other."""
    bare = url.partition("#")[0]
    try:
        return check_url(bare)
    except ValueError:
        return ""
