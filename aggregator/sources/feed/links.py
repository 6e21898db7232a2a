"""Links and sizes as feeds write them; whether an address is wanted is judged later."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

# Of the web, or relative to a page of it.
_WEB = re.compile(r"https?:|(?![a-z][a-z0-9+.-]*:)", re.IGNORECASE)
_TOO_LONG = 16
_PAGE_TYPES = ("text/html", "application/xhtml+xml")


def first_page(links: Iterable[Mapping[str, str]]) -> str:
    """The alternate link that people would follow: the first to a page on the web, "" if none."""
    alternates = [
        link for link in links if link.get("rel", "alternate") == "alternate" and link.get("href")
    ]
    pages = [link for link in alternates if link.get("type", "text/html") in _PAGE_TYPES]
    candidates = [link["href"] for link in [*pages, *alternates]]
    return next(filter(_WEB.match, candidates), next(iter(candidates), ""))


def integer(value: object) -> int | None:
    """A number of bytes or pixels, None where it is not written as one."""
    text = str(value).strip() if value is not None else ""
    return int(text) if text.isascii() and text.isdigit() and len(text) < _TOO_LONG else None
