"""`replace` over a body: its text changes, its markup never does.

Patterns meet the text between tags, one piece at a time, and what they make of it is text as well,
`<` and all. The sanitizer comes last here too: whatever this module does wrong, nothing gets out
that the policy does not name (docs/decisions/334).
"""

from __future__ import annotations

from collections.abc import Callable

from aggregator.text import urls
from aggregator.text.markup import sanitize
from aggregator.text.policy import EMBED, MEDIA
from aggregator.text.tree import (
    Element,
    TooMuchMarkupError,
    descendants,
    drop,
    inner_html,
    parse,
    sweep,
)
from aggregator.text.xml_chars import strip_illegal

MOST_TEXT = 1_000_000
"""Characters of text in a body; a pattern that would make more leaves the body as it is."""

_MAY_BE_EMPTY = MEDIA | {EMBED, "br", "col", "colgroup", "hr", "source", "td", "th", "wbr"}


def rewritten(body: str, change: Callable[[str], str]) -> str:
    """A sanitized body with its text changed, and sanitized again; elements left empty go.

    Where nothing changes, or more text or more signs would come out than a body may have, it is
    the same body.
    """
    try:
        root = parse(body)
        if not _change_texts(root, change):
            return body
        players = {urls.host(frame.get("src", "")) for frame in root.iter(EMBED)}
        _drop_empty(root)
        # Either sanitizer gives the same; only players that stood there before may stand there.
        return sanitize(inner_html(root), "nh3", players).strip()
    except TooMuchMarkupError:
        return body


def _change_texts(root: Element, change: Callable[[str], str]) -> bool:
    """Change every piece of text in place; whether one did change."""
    changed, size = False, 0
    for element, place in _texts(root):
        before: str = getattr(element, place)
        after = strip_illegal(change(before))
        size += len(after)
        if size > MOST_TEXT:
            raise TooMuchMarkupError(f"more than {MOST_TEXT:,} characters")
        if after != before:
            changed = True
            setattr(element, place, after)
    return changed


def _texts(root: Element) -> list[tuple[Element, str]]:
    """Where text stands: in an element, or behind it."""
    places = [(root, "text")]
    for element in descendants(root):
        places += [(element, "text"), (element, "tail")]
    return [(element, place) for element, place in places if getattr(element, place)]


def _drop_empty(root: Element) -> None:
    """Drop the elements in which nothing is left, bottom up; they were tidy before."""
    filled = set[Element]()
    for element in reversed(descendants(root)):
        parent = element.getparent()
        is_full = element in filled or element.tag in _MAY_BE_EMPTY or _says(element.text)
        if not is_full:
            drop(element)
        if parent is not None and (is_full or _says(element.tail)):
            filled.add(parent)
    sweep(root)


def _says(text: str | None) -> bool:
    return bool(text and text.strip())
