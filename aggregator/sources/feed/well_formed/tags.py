"""What an entry is about: categories with their schemes, and keywords."""

from __future__ import annotations

from aggregator.sources.feed.well_formed.reading import Reading, Scope
from aggregator.sources.feed.well_formed.texts import Aside, Element, attributes, text_of
from aggregator.sources.feed.well_formed.vocabulary import ITUNES

_MEDIA_SCHEME = "http://search.yahoo.com/mrss/category_schema"


def category(reading: Reading, scope: Scope, element: Element, _depth: int) -> None:
    """A category by its attributes or its text; a text completes attributes without a term."""
    own = attributes(element)
    scheme = own.get("scheme", own.get("domain"))
    if reading.name(element) == "media_category":
        scheme = own.get("scheme", _MEDIA_SCHEME)
    _tag(scope, own.get("term"), scheme, own.get("label"))
    value, tags = text_of(element), scope.found["tags"]
    if value and tags and not tags[-1]["term"]:
        tags[-1]["term"] = value
    elif value:
        _tag(scope, value, None, None)


def nested_category(reading: Reading, scope: Scope, element: Element, depth: int) -> None:
    """Apple's categories, which may stand in one another."""
    if (element.text or "").strip() or any((child.tail or "").strip() for child in element):
        raise Aside
    _tag(scope, attributes(element).get("text"), ITUNES, None)
    for child in element:
        if reading.name(child) != "itunes_category":
            raise Aside
        nested_category(reading, scope, child, depth)


def keywords(reading: Reading, scope: Scope, element: Element, _depth: int) -> None:
    """Words between commas, each a tag."""
    if element.items():
        raise Aside
    scheme = ITUNES if reading.name(element) == "itunes_keywords" else None
    for term in filter(None, map(str.strip, text_of(element).split(","))):
        _tag(scope, term, scheme, None)


def _tag(scope: Scope, term: str | None, scheme: str | None, label: str | None) -> None:
    tags = scope.found.setdefault("tags", [])
    tag = {"term": term, "scheme": scheme, "label": label}
    if any(tag.values()) and tag not in tags:
        tags.append(tag)
