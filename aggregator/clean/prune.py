"""What goes before anything is looked at: hidden elements, share bars, the source's own list."""

from __future__ import annotations

import re
from collections.abc import Iterable
from itertools import islice

from aggregator.clean.nuisances import CLASSES, CLOSING, LINE_NUMBERS, LONGEST_CLOSING
from aggregator.text.policy import BLOCKS, MEDIA
from aggregator.text.policy import EMBED as EMBED_TAG
from aggregator.text.tree import Element, drop, drop_selected, having, sweep, text_of, unwrap

_HIDDEN = re.compile(r"(?:^|[;\s])display\s*:\s*none", re.IGNORECASE)
_TELLING = frozenset({"class", "hidden", "style"})
"""Attributes that tell whether an element is looked at."""
_SIGN = 3
"""Signs of a last link that only leads to the article itself, such as a star."""
_ONLY_NUMBERS = re.compile(r"[\s0-9]{1,100000}")
_NUMBERS_AND_PROGRAM = 2
_LAYOUT = frozenset({"table", "tbody", "tr", "td"})


def prune(root: Element, remove: Iterable[str]) -> None:
    """Remove what the source's CSS selectors match, what is hidden, and well-known nuisances."""
    drop_selected(root, remove)
    for element in having(root, _TELLING):
        classes = element.get("class", "").split()
        if _is_hidden(element) or not CLASSES.isdisjoint(classes):
            drop(element)
        elif not LINE_NUMBERS.isdisjoint(classes) and _ONLY_NUMBERS.fullmatch(text_of(element)):
            _drop_line_numbers(element)
    sweep(root)


def _drop_line_numbers(numbers: Element) -> None:
    """Drop them; a table that only set them beside the program goes as well."""
    row = numbers.getparent()
    if numbers.tag == "td" and row is not None and len(row) == _NUMBERS_AND_PROGRAM:
        for part in (*row, row, *islice(row.iterancestors(), 2)):
            if part.tag in _LAYOUT:
                unwrap(part)
    drop(numbers)


def drop_closing(root: Element) -> bool:
    """Remove last blocks and links that say nothing about the article, such as "Read more".

    Looks at short blocks at the very end only, so that an article about them keeps them. Gives
    whether there were any.
    """
    found = False
    while (last := _last_block(root)) is not None and _is_closing(last):
        parent = last.getparent()
        if parent is None:
            break
        parent.remove(last)  # with what stands after it, which is blank
        found = True
    return found


def _is_hidden(element: Element) -> bool:
    return element.get("hidden") is not None or bool(_HIDDEN.search(element.get("style", "")))


def _last_block(root: Element) -> Element | None:
    """The innermost last block or link of the body, if nothing stands after it."""
    element, found = root, None
    while len(element) and not (element[-1].tail or "").strip():
        element = element[-1]
        if element.tag in BLOCKS or element.tag == "a":
            found = element
        if element.tag in MEDIA or element.tag == EMBED_TAG:
            return None
    return found


def _is_closing(block: Element) -> bool:
    if any(True for _ in block.iter(*MEDIA, EMBED_TAG)):
        return False
    text = " ".join(text_of(block).split())
    is_sign = block.tag == "a" and len(text) <= _SIGN and not any(map(str.isalnum, text))
    return not text or is_sign or (len(text) <= LONGEST_CLOSING and bool(CLOSING.fullmatch(text)))
