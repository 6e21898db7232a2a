"""A body's elements brought into an order that every HTML parser reads the same way.

Sanitizers parse what we write once more, by rules that move misplaced elements about: a paragraph
inside a paragraph, a table cell without a table, a link inside a link. Where nothing is misplaced,
nothing moves, bleach and nh3 agree, and sanitizing twice changes nothing.
"""

from __future__ import annotations

from aggregator.text.policy import BLOCKS, HEADINGS, PARENTS, RENAMED, TAGS
from aggregator.text.policy import EMBED as EMBED_TAG
from aggregator.text.tree import Element, descendants, drop, sweep, unwrap

_HOLLOW = frozenset({"col", "colgroup", "source"})
"""Misplaced, these go: they never hold text. Other misplaced elements become a block of text."""


def normalise(root: Element) -> None:
    """Leave only elements of the policy, each where it may stand."""
    for element in descendants(root):
        tag = RENAMED.get(str(element.tag), str(element.tag))
        element.tag = tag
        if tag not in TAGS and tag != EMBED_TAG:
            unwrap(element)
    sweep(root)
    _unnest_links(root)
    _flatten_empty_tables(root)
    _place(root)
    _open_paragraphs(root)


def _unnest_links(root: Element) -> None:
    for element in list(root.iter("a")):
        if next(element.iterancestors("a"), None) is not None:
            unwrap(element)
    sweep(root)


def _flatten_empty_tables(root: Element) -> None:
    """Take tables without a cell for text, which parsers would move out of them."""
    for element in root.iter("table"):
        if next(element.iter("td", "th"), None) is None:
            element.tag = "div"


def _place(root: Element) -> None:
    """Deal with parts of lists, tables and the like that stand outside of one."""
    for element in descendants(root):
        parents = PARENTS.get(str(element.tag))
        if parents is None or _tag(element.getparent()) in parents:
            continue
        if element.tag in _HOLLOW:
            drop(element)
        elif element.tag in BLOCKS:
            element.tag = "div"
        else:
            unwrap(element)
    sweep(root)


def _open_paragraphs(root: Element) -> None:
    """Turn paragraphs and headings that hold blocks into a `div`, which may."""
    for element in reversed(descendants(root)):
        parent = element.getparent()
        while parent is not None and parent.tag not in BLOCKS and element.tag in BLOCKS:
            parent = parent.getparent()
        if parent is None or element.tag not in BLOCKS:
            continue
        if parent.tag == "p" or (parent.tag in HEADINGS and element.tag in HEADINGS):
            parent.tag = "div"


def _tag(element: Element | None) -> str:
    return "" if element is None else str(element.tag)
