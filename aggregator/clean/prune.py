"""What goes before anything is looked at: hidden elements, share bars, the source's own list."""

from __future__ import annotations

import re
from collections.abc import Iterable

from aggregator.clean.nuisances import CLASSES, CLOSING, LONGEST_CLOSING
from aggregator.text.policy import BLOCKS, MEDIA
from aggregator.text.policy import EMBED as EMBED_TAG
from aggregator.text.tree import Element, descendants, drop, drop_selected, sweep, text_of

_HIDDEN = re.compile(r"(?:^|[;\s])display\s*:\s*none", re.IGNORECASE)
_MOST_CLOSINGS = 8


def prune(root: Element, remove: Iterable[str]) -> None:
    """Remove what the source's CSS selectors match, what is hidden, and well-known nuisances."""
    drop_selected(root, remove)
    for element in descendants(root):
        if _is_hidden(element) or not CLASSES.isdisjoint(element.get("class", "").split()):
            drop(element)
    sweep(root)


def drop_closing(root: Element) -> None:
    """Remove last blocks and links that say nothing about the article, such as "Read more".

    Looks at a few short blocks at the very end only, so that an article about them keeps them.
    """
    for _ in range(_MOST_CLOSINGS):
        last = _last_block(root)
        if last is None or not _is_closing(last):
            return
        drop(last)
        sweep(root)


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
    return not text or (len(text) <= LONGEST_CLOSING and bool(CLOSING.fullmatch(text)))
