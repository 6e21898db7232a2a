"""Markup as a tree whose size is bounded whatever comes in, and back again.

Sanitizers and HTML parsers have inputs that cost them seconds or minutes: deep nesting, tens of
thousands of attributes, endless elements. Here every one of those is cut off while the parser
reads, before a tree exists; what is left is cheap for everybody after. Markup that has nothing to
be cut off, which is nearly all, is left to the parser alone and gives the same tree
(docs/decisions/371). This module decides nothing about what is allowed; it drops only what never is
content.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from collections.abc import Set as AbstractSet
from contextlib import contextmanager
from enum import Enum
from functools import lru_cache
from itertools import islice
from typing import Any, cast

from lxml import etree
from lxml.cssselect import CSSSelector

from aggregator.text.policy import NEVER_CONTENT, TAGS, words
from aggregator.text.xml_chars import strip_illegal

Element = etree._Element  # noqa: SLF001 - the type has no public name in lxml

MAX_DEPTH = 100
"""Elements nested deeper leave their content behind."""
MAX_ELEMENTS = 20_000
"""The largest of some thousand real bodies holds 15,569."""
MAX_ATTRIBUTES = 64
MAX_ESCAPES = 20_000
"""Signs of markup that stand as text: bleach is quadratic in them."""

_NAME = re.compile(r"[a-zA-Z_][a-zA-Z0-9_.-]{0,99}")
_VOID = words("bgsound command embed keygen nextid source track wbr")
"""Elements without content, which libxml2 believes to hold what follows them."""
FEW_RUNS, SHORT_RUN = 10_000, 1_000
"""Characters between angle brackets: so few, and so short, that nothing can slow libxml2 down."""
_FORBIDDEN = re.compile(
    r"&#(?:0*(?:\d|[12]\d|3[01]|6553[45])(?!\d)|x0*(?:1?[0-9a-f]|fff[ef])(?![0-9a-f]))",
    re.IGNORECASE,
)
"""References to characters that XML forbids."""
_WHOLE = re.compile(r"</?(?:html|head|body)\b", re.IGNORECASE)
"""Parts of whole documents."""
_TOO_DEEP = etree.XPath("boolean(" + "*/" * MAX_DEPTH + "*)")
_DROPPED = "dropped"
_UNWRAPPED = "unwrapped"


class TooMuchMarkupError(ValueError):
    """The markup has more of something than any article needs."""


class _Fate(Enum):
    """What became of an open element."""

    KEPT = 1
    FLATTENED = 2
    VOID = 3
    SKIPPED = 4


_FLATTENED = _Fate.FLATTENED


class _BoundedBuilder:
    """A parser target that forwards to lxml's tree builder only as much as the limits allow.

    As a target it also avoids libxml2's own list of attributes, which is quadratic in their number.
    """

    def __init__(self) -> None:
        self._tree = etree.TreeBuilder()
        self._tree.start("div", {})
        self._open: list[_Fate] = []
        self._skipped = 0
        self._depth = 0
        self._elements = 0

    def start(self, tag: str, attributes: dict[str, str]) -> None:
        if self._depth >= MAX_DEPTH and tag not in NEVER_CONTENT and not self._skipped:
            # As `_fate` would say; but of such tags there are tens of thousands.
            self._open.append(_FLATTENED)
            return
        fate = self._fate(tag)
        self._open.append(fate)
        if fate is _Fate.SKIPPED:
            self._skipped += 1
        elif fate is _Fate.KEPT:
            self._depth += 1
            self._begin(tag, attributes)
        elif fate is _Fate.VOID:
            self._begin(tag, attributes)
            self._tree.end(tag)

    def _begin(self, tag: str, attributes: dict[str, str]) -> None:
        self._elements += 1
        self._check()
        self._tree.start(tag, _bounded(attributes))

    def _check(self) -> None:
        if self._elements > MAX_ELEMENTS:
            raise TooMuchMarkupError(f"more than {MAX_ELEMENTS:,} elements")

    def _fate(self, tag: str) -> _Fate:
        if self._skipped or tag in NEVER_CONTENT:
            return _Fate.FLATTENED if tag in _VOID and not self._skipped else _Fate.SKIPPED
        if tag in {"html", "head", "body"} or self._depth >= MAX_DEPTH or not _NAME.fullmatch(tag):
            return _Fate.FLATTENED
        return _Fate.VOID if tag in _VOID else _Fate.KEPT

    def end(self, tag: str) -> None:
        fate = self._open.pop()
        if fate is _FLATTENED:
            return
        if fate is _Fate.SKIPPED:
            self._skipped -= 1
        elif fate is _Fate.KEPT:
            self._depth -= 1
            self._tree.end(tag)

    def data(self, text: str) -> None:
        if not self._skipped:
            self._tree.data(strip_illegal(text))

    def close(self) -> Element:
        self._check()  # lxml closes also after an error, and what is raised here takes its place
        self._tree.end("div")
        return self._tree.close()


def _bounded(attributes: dict[str, str]) -> dict[str | bytes, str | bytes]:
    return {
        name: strip_illegal(value)
        for name, value in islice(attributes.items(), MAX_ATTRIBUTES)
        if _NAME.fullmatch(name)
    }


def parse(html: str) -> Element:
    """Parse markup into a `div` that holds it; comments and what is never content are gone.

    Raises:
        TooMuchMarkupError: it has more than `MAX_ELEMENTS` elements.
    """
    legal = strip_illegal(html)
    harmless = parse_harmless(legal)
    return parse_bounded(legal) if harmless is None else harmless


def parse_bounded(html: str) -> Element:
    """The same for any markup, at six times the price; `html` holds no illegal characters.

    Raises:
        TooMuchMarkupError: it has more than `MAX_ELEMENTS` elements.
    """
    target: Any = _BoundedBuilder()  # the stubs ask for methods that lxml does not
    parser = etree.HTMLParser(target=target)
    parser.feed(html)
    root: Element = parser.close()
    return root


def parse_harmless(html: str) -> Element | None:
    """The same for markup that breaks none of the limits; None where it may break one."""
    runs = html.replace(">", "<").split("<")
    if len(runs) > FEW_RUNS or max(map(len, runs)) > SHORT_RUN or _is_odd(html):
        return None
    parser = etree.HTMLParser(remove_comments=True, remove_pis=True)
    parser.feed(html)
    root: Element | None = parser.close()
    if root is None or root.tag != "html":
        return None  # there was no markup and no text in it
    elements = list(root.iter())
    tags, attributes = _names(elements)
    has_odd_name = not all(map(_NAME.fullmatch, (tags | attributes) - TAGS))
    if has_odd_name or len(attributes) > MAX_ATTRIBUTES or not _VOID.isdisjoint(tags):
        return None
    root.tag = "div"
    root.attrib.clear()
    etree.strip_tags(root, "head", "body")  # libxml2 adds them
    if not NEVER_CONTENT.isdisjoint(tags):
        etree.strip_elements(root, *NEVER_CONTENT, with_tail=False)
    return None if len(elements) > MAX_DEPTH and _TOO_DEEP(root) else root


def _is_odd(html: str) -> bool:
    """Whether something stands in it that libxml2 would take otherwise than the builder does."""
    return ("&#" in html and bool(_FORBIDDEN.search(html))) or bool(_WHOLE.search(html))


def _names(elements: Sequence[Element]) -> tuple[set[str], set[str]]:
    """The names of these elements, and of all their attributes."""
    tags = {str(element.tag) for element in elements}
    return tags, {str(name) for element in elements for name in element.keys()}  # noqa: SIM118


@contextmanager
def held(root: Element) -> Iterator[None]:
    """Keep hold of all elements meanwhile.

    lxml makes an object of an element when it is asked for and lets it go after that: of many
    passes over a tree, each would make them anew.
    """
    elements = list(root.iter())
    yield
    elements.clear()


def inner_html(root: Element) -> str:
    """The markup inside the root of `parse`.

    Raises:
        TooMuchMarkupError: more than `MAX_ESCAPES` characters had to be escaped in it.
    """
    html = etree.tostring(root, method="html", encoding="unicode", with_tail=False)
    if html.count("&") > MAX_ESCAPES:
        raise TooMuchMarkupError(f"more than {MAX_ESCAPES:,} escaped characters")
    # Only a whole element can be written: `root.text` alone would come without its escapes.
    return html.removeprefix("<div>").removesuffix("</div>")


def drop(element: Element) -> None:
    """Mark an element to go with its content at the next `sweep`; the text after it stays."""
    element.tag = _DROPPED


def unwrap(element: Element) -> None:
    """Mark an element to go at the next `sweep`, leaving its content behind."""
    element.tag = _UNWRAPPED


def sweep(root: Element) -> None:
    """Carry out every `drop` and `unwrap` in one go.

    One by one, each would copy the text beside it, which is quadratic over many.
    """
    etree.strip_elements(root, _DROPPED, with_tail=False)
    etree.strip_tags(root, _UNWRAPPED)


def text_of(element: Element) -> str:
    """All text inside an element, without the text after it."""
    return str(etree.tostring(element, method="text", encoding="unicode", with_tail=False))


def remove_attribute(element: Element, name: str) -> str:
    """Take an attribute off an element; its value, "" where it had none."""
    return str(element.attrib.pop(name, ""))


def descendants(root: Element, tags: AbstractSet[str] | None = None) -> list[Element]:
    """All elements inside, or those of these kinds, in document order.

    As a list that survives changes to the tree.
    """
    if tags is None:
        return list(root.iterdescendants())
    # Asked for many kinds, lxml compares each element with each of them.
    return [each for each in root.iterdescendants() if each.tag in tags]


def having(root: Element, attributes: AbstractSet[str]) -> list[Element]:
    """All elements inside that have one of these attributes, in document order."""
    return [each for each in root.iterdescendants() if not attributes.isdisjoint(each.keys())]


@lru_cache(maxsize=1024)
def selector(css: str) -> CSSSelector:
    """A compiled CSS selector.

    Raises:
        ValueError: it is not one that is understood.
    """
    try:
        return CSSSelector(css, translator="html")
    except (SyntaxError, NotImplementedError) as error:
        raise ValueError(f"not a CSS selector: {css!r} ({error})") from error


def drop_selected(root: Element, selectors: Iterable[str]) -> None:
    """Remove whatever these CSS selectors match, with its content.

    Raises:
        ValueError: one of them is not a CSS selector.
    """
    for css in selectors:
        for element in cast("list[Element]", selector(css)(root)):
            if element is not root:
                drop(element)
        sweep(root)
