"""Footnotes that work in any reader, although nothing of a body may carry an `id`.

A reference becomes a link to its note on the article's own page, and carries the note's text as its
title; the note stays where it stands, at the end. Why so: docs/decisions/332.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from urllib.parse import unquote

from aggregator.text.policy import BLOCKS, HEADINGS
from aggregator.text.summaries import summarize
from aggregator.text.tree import Element, drop, sweep, text_of, unwrap

_BACK_ARROW = re.compile(r"[\s\[\]^↩⤴↑⬆⏎#¶§🔗\ufe0e\ufe0f]*")
"""What leads back to a reference, or from a heading to itself, and says nothing."""
_MARK = re.compile(
    r"[\s\[\](){}]*(?:[0-9]{1,3}|[⁰¹²³⁴-⁹]{1,3}|[a-z]|[ivxlc]{1,6}|[*†‡§¶※]{1,4}|[①-⑳])[\s\[\](){}]*"
)
_LONGEST_MARK = 12
_MOST_NOTES = 200
"""Notes whose text is put into a title; a text with more of them keeps the links alone."""
_NOTE_TEXT = 600


@dataclass(frozen=True, slots=True)
class _Target:
    """An element that links of its own page can lead to, and where it stands."""

    position: int
    element: Element


def resolve(root: Element, page: str) -> None:
    """Make references to notes lead to the article's page; what leads back goes or becomes text.

    Only links whose target stands in this body are touched. Without a page they become text.
    """
    links = [each for each in root.iter("a") if "#" in each.get("href", "")]
    if not links:
        return
    targets = _targets(root)
    positions = {element: position for position, element in enumerate(root.iter())}
    told = 0
    for link in links:
        name = _name(link.get("href", ""), page)
        target = targets.get(name)
        if target is None:
            continue
        if target.position <= positions[link] or not page:
            _lead_back(link)
            continue
        link.set("href", f"{page.partition('#')[0]}#{name}")
        if told < _MOST_NOTES and _is_mark(link):
            _tell(link, target.element)
            told += 1
    sweep(root)


def marks(root: Element, page: str) -> list[Element]:
    """The references to notes: no words of the text. To be asked for before `resolve`.

    A note need not be there: excerpts end before it.
    """
    links = (each for each in root.iter("a") if "#" in each.get("href", ""))
    return [each for each in links if _name(each.get("href", ""), page) and _is_mark(each)]


def whole_mark(mark: Element) -> Element:
    """A reference with the brackets around it: the outermost element that holds nothing else."""
    while (parent := mark.getparent()) is not None and parent.tag not in BLOCKS:
        if not _is_mark(parent):
            break
        mark = parent
    return mark


def _targets(root: Element) -> Mapping[str, _Target]:
    """What links can lead to, by name; the first of a name counts, as in browsers."""
    found: dict[str, _Target] = {}
    for position, element in enumerate(root.iter()):
        for attribute in ("id", "name"):
            if name := element.get(attribute, ""):
                found.setdefault(name, _Target(position, element))
    return found


def _name(href: str, page: str) -> str:
    """The name that a link within the page leads to, "" for any other link."""
    address, _, name = href.strip().partition("#")
    return unquote(name) if not address or address == page.partition("#")[0] else ""


def _lead_back(link: Element) -> None:
    """An arrow back says nothing to read; anything else stays as text."""
    if _BACK_ARROW.fullmatch(text_of(link)):
        drop(link)
    else:
        unwrap(link)


def _is_mark(element: Element) -> bool:
    text = text_of(element)
    return len(text) <= _LONGEST_MARK and _MARK.fullmatch(text) is not None


def _tell(link: Element, note: Element) -> None:
    """Put a note's text into the title of the link to it."""
    while note.tag not in BLOCKS and (parent := note.getparent()) is not None:
        note = parent
    text = "".join(_beginning(note)).strip()
    if text and note.tag not in HEADINGS and note.getparent() is not None:
        link.set("title", summarize(text))


def _beginning(note: Element) -> Iterator[str]:
    """How a note begins, without what only leads back: its arrow, or its number."""
    taken = 0
    for text in note.itertext():
        leads_back = _BACK_ARROW.fullmatch(str(text)) or (not taken and _MARK.fullmatch(str(text)))
        if not leads_back:
            taken += len(text)
            yield str(text)
        if taken > _NOTE_TEXT:
            return
