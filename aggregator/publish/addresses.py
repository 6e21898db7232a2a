"""The public addresses of what we publish, and what may stand as an address in it."""

from __future__ import annotations

from collections.abc import Sequence
from urllib.parse import quote

_TOLD_FILES = {"rss.xml", "atom.xml", "feed.json"}


def category_url(site: str, path: str) -> str:
    """Address of a category's folder, ending in `/`; each segment is percent-encoded."""
    return f"{site}{quote(path, safe='/')}/"


def article_url(site: str, token: str) -> str:
    """Address of our own page of an article."""
    return f"{site}articles/{quote(token, safe='')}"


def is_web_address(url: str) -> bool:
    """Whether a reader may follow it: `javascript:`, `data:` and relative addresses are not."""
    return url.lower().startswith(("http://", "https://"))


def hub_links(site: str, hubs: Sequence[str], name: str) -> str:
    """The `Link` header of a published feed: where hubs tell of changes, and its own address.

    "" without hubs, and for every file that no hub is told of.
    """
    folder, _, file_name = name.rpartition("/")
    is_told = folder not in ("", "health") and "archive" not in folder.split("/")
    if not hubs or file_name not in _TOLD_FILES or not is_told:
        return ""
    links = [f'<{hub}>; rel="hub"' for hub in hubs]
    return ", ".join([*links, f'<{category_url(site, folder)}{file_name}>; rel="self"'])
