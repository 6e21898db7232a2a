"""White space and emptiness: what is left of a body when nothing in it stands for nothing."""

from __future__ import annotations

import re

from aggregator.clean.structure import flatten_lists
from aggregator.text.markup import attributes_of
from aggregator.text.policy import BLOCKS, MEDIA
from aggregator.text.policy import EMBED as EMBED_TAG
from aggregator.text.tree import Element, descendants, drop, remove_attribute, sweep

_BLANK = "\\s\\u200b\\ufeff\\u2060\\xad\\u2800\\u3164"
_NOTHING = re.compile(f"[{_BLANK}]*")
_LEADING = re.compile(f"^[{_BLANK}]+")
_RUN = re.compile(r"[ \t\n\r\f]{2,}|[\t\r\f]")
_BEFORE_A_LINE = BLOCKS | {"br"}
_FLOWLESS = BLOCKS | MEDIA | {"br"}
"""Elements whose text does not go on from what stands before them."""
_STAYS = MEDIA | {EMBED_TAG, "hr", "td", "th", "col", "source"}
"""Elements that mean something without text."""


def tidy(root: Element) -> None:
    """Drop what is empty, indentation by spaces, runs of line breaks, and idle attributes."""
    _drop_empty(root)
    flatten_lists(root)  # some have lost their last item
    _trim_breaks(root)
    _collapse(root)
    _unindent(root)
    _keep_allowed(root)
    root.attrib.clear()


def _keep_allowed(root: Element) -> None:
    """Leave the attributes that an element may carry; what they say is for the sanitizer."""
    for element in root.iter():
        for name in element.keys():  # noqa: SIM118 - elements are no dicts
            if name not in attributes_of(str(element.tag)):
                remove_attribute(element, str(name))


def _collapse(root: Element) -> None:
    """Make one space or line end of every run of them, except where they are the layout."""
    kept = {inner for pre in root.iter("pre") for inner in pre.iter()}
    for element in root.iter():
        text, tail = element.text, element.tail
        if text and _may_have_run(text) and element not in kept:
            element.text = _RUN.sub(_one_space, text)
        if tail and _may_have_run(tail) and (element.tag == "pre" or element not in kept):
            element.tail = _RUN.sub(_one_space, tail)


def _may_have_run(text: str) -> bool:
    """Quicker than the expression; of texts between blocks most are one line end."""
    return text != "\n" and (
        "\n" in text or "  " in text or "\t" in text or "\r" in text or "\f" in text
    )


def _one_space(run: re.Match[str]) -> str:
    return "\n" if "\n" in run[0] else " "


def _drop_empty(root: Element) -> None:
    """Drop every element without text, picture or player; bottom up, in one pass."""
    filled: set[Element] = set()
    for element in reversed(descendants(root)):
        is_break = element.tag == "br"
        is_full = element in filled or element.tag in _STAYS or _has_text(element.text)
        if not is_full and not is_break:
            drop(element)
        parent = element.getparent()
        if parent is not None and ((is_full and not is_break) or _has_text(element.tail)):
            filled.add(parent)
    sweep(root)


def _has_text(text: str | None) -> bool:
    if not text or text.isspace():
        return False
    return " " < text[0] < "\x7f" or _NOTHING.fullmatch(text) is None


def _trim_breaks(root: Element) -> None:
    """Keep at most two line breaks in a row, and none at the edges of a block."""
    for element in list(root.iter("br")):
        if not _continues(element):
            run = _run_of_breaks(element)
            for spare in run if _is_at_edge(run[0], run[-1]) else run[2:]:
                drop(spare)
    sweep(root)


def _continues(element: Element) -> bool:
    before = element.getprevious()
    return before is not None and before.tag in {"br", "dropped"} and not _has_text(before.tail)


def _run_of_breaks(first: Element) -> list[Element]:
    run = [first]
    while not _has_text(run[-1].tail):
        after = run[-1].getnext()
        if after is None or after.tag != "br":
            break
        run.append(after)
    return run


def _is_at_edge(first: Element, last: Element) -> bool:
    """Whether breaks from `first` to `last` stand where a block begins or ends anyway."""
    parent, before, after = first.getparent(), first.getprevious(), last.getnext()
    if parent is None or parent.tag not in BLOCKS:
        return False
    if before is None:
        opens = not _has_text(parent.text)
    else:
        opens = before.tag in BLOCKS and not _has_text(before.tail)
    return opens or (not _has_text(last.tail) and (after is None or after.tag in BLOCKS))


def _unindent(root: Element) -> None:
    """Take the spaces off the beginning of blocks, ideographic ones too, and after their breaks."""
    for element in root.iter():
        tag = element.tag
        if tag not in _BEFORE_A_LINE:
            continue
        if (tail := element.tail) and _is_indented(tail) and _is_in_block(element):
            element.tail = _without_indent(tail)
        if tag == "pre":
            _trim_pre(element)
        elif tag != "br":
            _unindent_beginning(element)


def _is_in_block(element: Element) -> bool:
    parent = element.getparent()
    return parent is not None and parent.tag in BLOCKS and parent.tag != "pre"


def _unindent_beginning(element: Element) -> None:
    """Take the spaces off the first text of a block, which may stand in elements inside of it."""
    while True:
        if (text := element.text) and _is_indented(text):
            element.text = text = _without_indent(text)
        if text or not len(element) or element[0].tag in _FLOWLESS:
            return
        element = element[0]


def _is_indented(text: str) -> bool:
    """Whether it begins with a blank that goes; without the expression where the sign is ASCII."""
    return text != "\n" and not " " < text[0] < "\x7f" and _LEADING.match(text) is not None


def _without_indent(text: str) -> str:
    """Text without the blanks it begins with; a line end that was among them stays."""
    rest = _LEADING.sub("", text)
    return rest or ("\n" if "\n" in text else "")


def _trim_pre(block: Element) -> None:
    # Parsers drop one line end after <pre>: without any, parsing again changes nothing.
    block.text = (block.text or "").lstrip("\n")
