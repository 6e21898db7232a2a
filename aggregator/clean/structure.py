"""A body's elements brought into an order that every HTML parser reads the same way.

Sanitizers parse what we write once more, by rules that move misplaced elements about: a paragraph
inside a paragraph, a table cell without a table, a link inside a link. Where nothing is misplaced,
nothing moves, bleach and nh3 agree, and sanitizing twice changes nothing.
"""

from __future__ import annotations

from aggregator.text.policy import BLOCKS, HEADINGS, MEDIA, PARENTS, RENAMED, TAGS
from aggregator.text.policy import EMBED as EMBED_TAG
from aggregator.text.tree import Element, descendants, drop, sweep, text_of, unwrap

_HOLLOW = frozenset({"col", "colgroup", "source"})
"""Misplaced, these go: they never hold text. Other misplaced elements become a block of text."""

_ROWS = frozenset({"tr", "tbody", "thead", "tfoot", "colgroup"})
_CELLS = frozenset({"td", "th"})


def normalise(root: Element) -> None:
    """Leave only elements of the policy, each where it may stand."""
    for element in descendants(root):
        tag = str(element.tag)
        if tag in TAGS:
            continue
        if tag in RENAMED:
            element.tag = RENAMED[tag]
        elif tag != EMBED_TAG:
            unwrap(element)
    sweep(root)
    for tag in ("a", "pre"):
        _unnest(root, tag)
    flatten_lists(root)
    _flatten_tables(root)
    _place(root)
    _open_paragraphs(root)


def _unnest(root: Element, tag: str) -> None:
    """Of elements of one kind inside each other, leave the outer one."""
    for element in list(root.iter(tag)):
        if next(element.iterancestors(tag), None) is not None:
            unwrap(element)
    sweep(root)


def flatten_lists(root: Element) -> None:
    """Make plain blocks of lists without items."""
    for element in root.iter("ul", "ol"):
        if next(element.iterchildren("li"), None) is None:
            element.tag = "div"


def _flatten_tables(root: Element) -> None:
    """Make plain blocks of tables with text between their cells.

    Parsers move such text to before the table, each in its own way.
    """
    for element in root.iter("table"):
        if not _is_sound(element):
            element.tag = "div"
    sweep(root)


def _is_sound(table: Element) -> bool:
    """Whether a table has cells, and nothing but parts of a table around them."""
    parts, has_cells = [table], False
    while parts:
        part = parts.pop()
        part.text = "\n" if part.text and not part.text.strip() else part.text
        if part.text and part.text.strip():
            return False
        for child in part:
            allowed = part.tag in PARENTS.get(str(child.tag), ())
            if not allowed and not _is_empty(child):
                return False
            if not allowed:
                drop(child)
            if child.tail and child.tail.strip():
                return False
            child.tail = "\n" if child.tail else None
            has_cells = has_cells or child.tag in _CELLS
            if allowed and child.tag in _ROWS:
                parts.append(child)
    return has_cells


def _is_empty(element: Element) -> bool:
    return not text_of(element).strip() and next(element.iter(*MEDIA, EMBED_TAG), None) is None


def _place(root: Element) -> None:
    """Deal with parts of lists, tables and the like that stand outside of one."""
    for element in descendants(root, PARENTS.keys()):
        if _tag(element.getparent()) in PARENTS[str(element.tag)]:
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
    for element in reversed(descendants(root, BLOCKS)):
        parent = element.getparent()
        while parent is not None and parent.tag not in BLOCKS:
            parent = parent.getparent()
        if parent is None:
            continue
        if parent.tag == "p" or (parent.tag in HEADINGS and element.tag in HEADINGS):
            parent.tag = "div"


def _tag(element: Element | None) -> str:
    return "" if element is None else str(element.tag)
