"""The public addresses of what we publish, and what may stand as an address in it."""

from __future__ import annotations

from urllib.parse import quote


def category_url(site: str, path: str) -> str:
    """Address of a category's folder, ending in `/`; each segment is percent-encoded."""
    return f"{site}{quote(path, safe='/')}/"


def article_url(site: str, token: str) -> str:
    """Address of our own page of an article."""
    return f"{site}articles/{quote(token, safe='')}"


def is_web_address(url: str) -> bool:
    """Whether a reader may follow it: `javascript:`, `data:` and relative addresses are not."""
    return url.lower().startswith(("http://", "https://"))
