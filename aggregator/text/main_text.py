"""The article on a web page, found by trafilatura (the extra `full-text`), known only here."""

from __future__ import annotations

import re
from importlib.util import find_spec
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from lxml.html import HtmlElement

_HEADLINE = re.compile(r"\s*<h1>.*?</h1>", re.DOTALL)


def is_installed() -> bool:
    """Whether `main_text` can work here."""
    return find_spec("trafilatura") is not None


def main_text(root: HtmlElement) -> str:
    """The markup of the article in a parsed page, without its headline; "" where none is found.

    Addresses must be absolute already: trafilatura takes them for relative to the host.
    """
    from trafilatura import extract

    found = extract(
        root,
        output_format="html",
        fast=True,  # the slow ways give a text without its pictures and links
        include_comments=False,
        include_formatting=True,
        include_images=True,
        include_links=True,
        include_tables=True,
    )
    body = (found or "").partition("<body>")[2].rpartition("</body>")[0]
    headline = _HEADLINE.match(body)
    return body[headline.end() if headline else 0 :].strip()
