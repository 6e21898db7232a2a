"""What stands in one element: its text, its attributes, its language, as feedparser takes them."""

from __future__ import annotations

import re

from lxml import etree

from aggregator.sources.feed.markup import LONGEST_ADDRESS

Element = etree._Element  # noqa: SLF001 - the type has no public name in lxml

TYPES = {
    "text": "text/plain",
    "plain": "text/plain",
    "text/plain": "text/plain",
    "html": "text/html",
    "text/html": "text/html",
}
"""The types of texts that are read here, by the words for them."""

_LANGUAGE = "{http://www.w3.org/XML/1998/namespace}lang"
_C1 = re.compile("[\x80-\x9f]")
_PERHAPS_HTML = re.compile(r"</\w+>|&#?\w+;")
_MAIL = re.compile(
    r"(([a-zA-Z0-9\_\-\.\+]+)@((\[[0-9]{1,3}\.[0-9]{1,3}\.[0-9]{1,3}\.)|(([a-zA-Z0-9\-]+\.)+))"
    r"([a-zA-Z]{2,4}|[0-9]{1,3})(\]?))(\?subject=\S+)?"
)
"""feedparser's own expression; in the length that is read it cannot cost much."""


class Aside(Exception):  # noqa: N818 - no error: it says that feedparser is to read the document
    """The document holds something that only feedparser reads as feedparser does."""


def attributes(element: Element) -> dict[str, str]:
    """Attributes by name in lower case; those of a namespace keep its address."""
    found = {str(name).lower(): str(value) for name, value in element.items()}
    for name in ("rel", "type"):
        if name in found:
            found[name] = found[name].lower()
    return found


def language_of(element: Element, inherited: str | None) -> str | None:
    """The language in force in an element; None where it takes away the one around it."""
    own = element.get(_LANGUAGE)
    own = element.get("lang") if own is None else own
    return inherited if own is None else own or None


def text_of(element: Element) -> str:
    """The text of an element that holds nothing else.

    Raises:
        Aside: it does, or feedparser would take the text for one in a wrong encoding.
    """
    if len(element):
        raise Aside
    text = (element.text or "").strip()
    if text.isascii():
        return text
    try:
        text.encode("latin-1").decode("utf-8")
    except UnicodeError:
        if not _C1.search(text):
            return text
    raise Aside


def looks_like_html(text: str) -> bool:
    """Whether feedparser takes a text that calls itself plain for markup."""
    if not _PERHAPS_HTML.search(text):
        return False
    from feedparser.mixin import _FeedParserMixin

    return bool(_FeedParserMixin.looks_like_html(text))


def name_and_address(text: str) -> dict[str, str]:
    """Who is meant by `me@example.org (My Name)` and its like.

    Raises:
        Aside: it is longer than any name.
    """
    if len(text) > LONGEST_ADDRESS:
        raise Aside
    mail = _MAIL.search(text)
    if mail:
        for part in (mail[0], "()", "<>", "&lt;&gt;"):
            text = text.replace(part, "")
        text = text.strip().removeprefix("(").removesuffix(")").strip()
    person = {"name": text, "email": mail[0] if mail else ""}
    return {key: value for key, value in person.items() if value}
