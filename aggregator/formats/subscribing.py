"""How people subscribe from a page: the addresses of its feeds, and feed readers' own links.

A link to a reader is an ordinary link: nothing is asked of anybody before it is clicked.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from urllib.parse import quote

FEED_FILES: Mapping[str, tuple[str, str]] = {
    "rss": ("rss.xml", "application/rss+xml"),
    "atom": ("atom.xml", "application/atom+xml"),
    "json": ("feed.json", "application/feed+json"),
}
"""What a page offers to subscribe to: file name and type by the format's name."""

FEED_NAMES: Mapping[str, str] = {"rss": "RSS", "atom": "Atom", "json": "JSON Feed"}

_READERS = {
    "Feedly": "https://feedly.com/i/subscription/feed%2F{}",
    "Inoreader": "https://www.inoreader.com/?add_feed={}",
    "NewsBlur": "https://www.newsblur.com/?url={}",
    "Feedbin": "https://feedbin.com/?subscribe={}",
    "The Old Reader": "https://theoldreader.com/feeds/subscribe?url={}",
}


def feeds_of(formats: Sequence[str]) -> Iterator[tuple[str, str, str]]:
    """Name, file and media type of each feed that these formats have."""
    for each, (file, media_type) in FEED_FILES.items():
        if each in formats:
            yield FEED_NAMES[each], file, media_type


def reader_links(address: str) -> Iterator[tuple[str, str]]:
    """Name of a reader on the web, and its page that subscribes to a feed."""
    for name, link in _READERS.items():
        yield name, link.format(quote(address, safe=""))


def program_link(address: str) -> str:
    """The address for the feed reader that is installed: browsers hand `feed:` on to it."""
    return f"feed:{address}"
