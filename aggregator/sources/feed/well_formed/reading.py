"""The reading of one document: what its names mean, and what is in force at a place in it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from aggregator.sources.feed.well_formed.texts import (
    TYPES,
    Aside,
    Element,
    attributes,
    language_of,
    looks_like_html,
    text_of,
)
from aggregator.sources.feed.well_formed.vocabulary import NAMESPACES, READ_PREFIXES
from aggregator.text import urls

_XML_BASE = "{http://www.w3.org/XML/1998/namespace}base"


@dataclass(slots=True)
class Scope:
    """The feed or the entry that is being read; `language` and `base` are in force there."""

    language: str | None
    base: str = ""
    is_entry: bool = False
    found: dict[str, Any] = field(default_factory=dict)
    depths: dict[str, int] = field(default_factory=dict)
    title_depth: int = -1
    has_content: bool = False

    def store(self, name: str, value: object, depth: int) -> None:
        """Keep a value; inside an entry, what stands deeper never takes the place of another."""
        if depth <= self.depths.setdefault(name, depth) or not self.is_entry:
            self.depths[name] = depth
            self.found[name] = value


@dataclass(slots=True)
class Reading:
    """What holds for a whole document; `bases` counts the elements with an xml:base."""

    is_atom: bool
    entries: list[dict[str, Any]] = field(default_factory=list)
    bases: int = 0
    _base: str = ""
    _names: dict[tuple[str, str | None], str] = field(default_factory=dict)

    def name(self, element: Element) -> str:
        """What feedparser calls an element.

        Raises:
            Aside: it calls it by the prefix that the document happens to use.
        """
        key = (str(element.tag), element.prefix)
        if key not in self._names:
            self._names[key] = _standard_name(*key)
        return self._names[key]

    def enter(self, element: Element) -> str:
        """Go by an element's own xml:base, where it has one; gives the one in force.

        Raises:
            Aside: feedparser would not go by it.
        """
        own = element.get(_XML_BASE) or element.get("base")
        if own:
            self.bases += 1
            joined = self.address(own)
            if self._base and not joined.startswith(("http://", "https://")):
                raise Aside
            self._base = joined
        return self._base

    def leave(self, scope: Scope) -> None:
        """Go by the xml:base around again; where there is none, feedparser keeps the last."""
        self._base = scope.base or self._base

    def address(self, text: str) -> str:
        """An address, made absolute where there is an xml:base.

        Raises:
            Aside: feedparser would mend it.
            ValueError: it is none.
        """
        if ":///" in text:
            raise Aside
        return urls.joined(self._base, text)

    def content(self, scope: Scope, element: Element, default: str) -> dict[str, Any]:
        """A text with what it says about itself; `default` is its type where it says nothing.

        Raises:
            Aside: it holds elements, or is of another type than text and HTML.
        """
        own = attributes(element)
        kind = TYPES.get(own.get("type", default))
        if kind is None or "mode" in own or "src" in own:
            raise Aside
        value = text_of(element)
        if not self.is_atom and kind == "text/plain" and looks_like_html(value):
            kind = "text/html"
        language = language_of(element, scope.language)
        language = language.replace("_", "-") if language else None
        base = self.enter(element)
        self.leave(scope)
        return {"type": kind, "language": language, "base": base, "value": value}


def _standard_name(tag: str, prefix: str | None) -> str:
    uri, _, local = tag.rpartition("}")
    standard = NAMESPACES.get(uri.removeprefix("{").lower())
    if standard is None:
        standard = (prefix or "").lower()
        if standard in READ_PREFIXES:
            raise Aside
    return f"{standard}_{local.lower()}" if standard else local.lower()
