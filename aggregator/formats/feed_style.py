"""How an RSS or Atom feed looks when somebody opens it in a browser: a CSS style sheet of its own.

CSS and not XSLT, which browsers are removing. A style sheet can hide, order and decorate, but not
make links; so it says what a feed is for, and shows titles, dates, addresses and summaries.
"""

from __future__ import annotations

from functools import cache
from importlib.resources import files

from aggregator.formats.words import CHINESE, ENGLISH, N_, spoken, translations

STYLE_FILES = {ENGLISH: "static/feed.css", CHINESE: "static/feed.zh-CN.css"}
"""The file by the language that it speaks, below the folder of everything published."""

_NOTICE = N_(
    "This is a feed. Copy its address from the address bar into a feed reader, "
    "and new articles will come to you."
)
_DECLARED = b"?>\n"


def styled(body: bytes, folder: str, language: str) -> bytes:
    """A finished XML document that names its style sheet, right after the XML declaration.

    `folder` is the one that the document will lie in, as a path without slashes around it.
    """
    root = "../" * (folder.count("/") + 1)
    sheet = f"{root}{STYLE_FILES[spoken(language)]}"
    named = f'<?xml-stylesheet type="text/css" href="{sheet}"?>\n'
    return body.replace(_DECLARED, _DECLARED + named.encode(), 1)


@cache
def feed_style_sheet(speech: str) -> bytes:
    """The style sheet in a language that has one."""
    notice = translations(speech).gettext(_NOTICE)
    style = files(__package__).joinpath("templates/feed.css").read_text("utf-8")
    return f':root {{ --notice: "{notice}"; }}\n\n{style}'.encode()
