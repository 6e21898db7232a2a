"""What is said about answers: where the comments are, and what an entry answers (RFC 4685)."""

from __future__ import annotations

from aggregator.sources.feed.well_formed.reading import Reading, Scope
from aggregator.sources.feed.well_formed.texts import Aside, Element, attributes, text_of


def comments(reading: Reading, scope: Scope, element: Element, depth: int) -> None:
    """The page with the comments."""
    scope.store("comments", _address(reading, element), depth)


def comment_feed(reading: Reading, scope: Scope, element: Element, depth: int) -> None:
    """The feed of the comments."""
    scope.store("wfw_commentrss", _address(reading, element), depth)


def _address(reading: Reading, element: Element) -> str:
    """The address that an element holds; where it has attributes, feedparser keeps only those."""
    if element.items():
        raise Aside
    text = text_of(element)
    return reading.address(text) if text else ""


def in_reply_to(_reading: Reading, scope: Scope, element: Element, _depth: int) -> None:
    """The entry that is answered; feedparser keeps the last one that has attributes."""
    if text_of(element) or not scope.is_entry:
        raise Aside
    if own := attributes(element):
        scope.found["thr_in-reply-to"] = own
