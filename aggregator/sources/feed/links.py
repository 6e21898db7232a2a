"""Links and sizes as feeds write them; whether an address is wanted is judged later."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

_TOO_LONG = 16
_PAGE_TYPES = ("text/html", "application/xhtml+xml")


def first_page(links: Iterable[Mapping[str, str]]) -> str:
    """The first alternate link to a page, else the first alternate link, else ""."""
    alternates = [
        link for link in links if link.get("rel", "alternate") == "alternate" and link.get("href")
    ]
    pages = [link for link in alternates if link.get("type", "text/html") in _PAGE_TYPES]
    return next((link["href"] for link in [*pages, *alternates]), "")


def integer(value: object) -> int | None:
    """A number of bytes or pixels, None where it is not written as one."""
    text = str(value).strip() if value is not None else ""
    return int(text) if text.isascii() and text.isdigit() and len(text) < _TOO_LONG else None
