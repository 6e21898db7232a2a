"""A parsed web page, its items, and what selectors find in them; only text leaves this module."""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING, Any

from aggregator.errors import ParseError, ParseReason
from aggregator.sources.found import resolve
from aggregator.sources.selectors import compile_selector, split_attribute
from aggregator.text.xml_chars import strip_illegal

if TYPE_CHECKING:
    from lxml.html import HtmlElement


class Document:
    """A web page; `base` is what its relative links start from.

    Raises:
        ParseError: there is nothing in it.
    """

    def __init__(self, text: str, url: str) -> None:
        self.root = _root(text)
        self.whole = Item(self.root)
        self.base = resolve(url, self.whole.text("base@href")) or url
        self.title = self.whole.text("head > title")

    def find(self, selector: str) -> list[Item]:
        """The elements that a selector matches."""
        found = compile_selector(selector)(self.root)
        elements = found if isinstance(found, list) else []
        return [Item(one) for one in elements if hasattr(one, "text_content")]


class Item:
    """An element of a page, asked by selectors of the form `sel`, `sel@attr` or `@attr`."""

    def __init__(self, element: HtmlElement) -> None:
        self._element = element

    def texts(self, field: str | None) -> tuple[str, ...]:
        """The text of everything that a selector finds, once each, white space put in order."""
        return tuple(dict.fromkeys(filter(None, map(_text, self._find(field)))))

    def text(self, field: str | None) -> str:
        """The text of the first that a selector finds, "" if that is nothing."""
        return next(iter(self.texts(field)), "")

    def link(self, field: str | None) -> str:
        """The address that the first thing found holds: of a link its own, of a text the text."""
        first: Any = next(iter(self._find(field)), "")
        return str(first.get("href", "") if hasattr(first, "get") else first or "").strip()

    def markup(self, field: str | None) -> str:
        """The markup inside everything that a selector finds."""
        return "".join(map(_markup, self._find(field)))

    def _find(self, field: str | None) -> list[Any]:
        if field is None:
            return []
        selector, attribute = split_attribute(field)
        found: Any = compile_selector(selector)(self._element) if selector else [self._element]
        several = found if isinstance(found, list) else [found]
        if not attribute:
            return several
        return [one.get(attribute) for one in several if hasattr(one, "get")]


def _root(text: str) -> HtmlElement:
    from lxml import html
    from lxml.etree import LxmlError

    legal = strip_illegal(text).strip()
    if not legal:
        raise ParseError(ParseReason.EMPTY, "the document is empty")
    try:
        parser = html.HTMLParser(encoding="utf-8", no_network=True)
        return html.document_fromstring(legal.encode(), parser=parser)
    except LxmlError as error:
        raise ParseError(ParseReason.MALFORMED, f"this is not a web page: {error}") from None


def _text(found: object) -> str:
    whole = found.text_content() if hasattr(found, "text_content") else found
    return " ".join(whole.split()) if isinstance(whole, str) else ""


def _markup(found: Any) -> str:
    from lxml import html

    if not hasattr(found, "text_content"):
        return escape(found) if isinstance(found, str) else ""
    inner = (html.tostring(child, encoding="unicode") for child in found)
    return escape(found.text or "") + "".join(inner)
