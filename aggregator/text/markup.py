"""The one door that all published HTML goes through, last: `sanitize`.

bleach is known here and nowhere else. Its last release was its last, so nh3 is driven by the same
policy and stands ready; both are given only what `text.tree` has bounded, because bleach is
quadratic in depth and attributes. What comes out must not be parsed and written again by anything
else: a second parser may see other markup in it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from functools import lru_cache
from html import unescape
from threading import Lock
from typing import Literal

from aggregator.text import urls
from aggregator.text.policy import (
    ATTRIBUTES,
    BLOCKS,
    EMBED,
    EMBED_ATTRIBUTES,
    FLAGS,
    LINK_SCHEMES,
    TAGS,
    URL_ATTRIBUTES,
    VALUES,
)
from aggregator.text.tree import Element, TooMuchMarkupError, parse, text_of
from aggregator.text.xml_chars import strip_illegal

Sanitizer = Literal["bleach", "nh3"]
Embeds = frozenset[str]

_MARKUP = re.compile(r"[<&\r]")
"""What a parser does something about."""
_BREAKS = BLOCKS | {"br"}
_PLAIN_TAG = re.compile(r"""</?[a-z][a-z0-9]*(?: [a-z]+="[^"<>]*")*>""")
"""A tag as bleach and nh3 write it, but for attributes without a value."""
_PLAIN_ATTRIBUTE = re.compile(r" ([a-z]+)=\"([^\"<>]*)\"")
_LONGEST_TAG = 300
"""Characters of a tag that is remembered: a stranger's `alt` may be as long as its body."""
_LONGEST_WORD = 100
"""Characters of a value that is remembered: a stranger's `alt` may be as long as its body."""


def sanitize(html: str, sanitizer: Sanitizer, embeds: Iterable[str] = ()) -> str:
    """Remove every element, attribute and address that the policy does not name.

    Sanitizing twice changes nothing. `html` comes from `tree.inner_html`; `embeds` are the hosts
    whose players may stay.
    """
    hosts = frozenset(embeds)
    return _with_nh3(html, hosts) if sanitizer == "nh3" else _with_bleach(html, hosts)


@lru_cache(maxsize=256)
def attributes_of(tag: str) -> frozenset[str]:
    """The names of the attributes that the policy lets an element carry."""
    return EMBED_ATTRIBUTES if tag == EMBED else ATTRIBUTES["*"] | ATTRIBUTES.get(tag, frozenset())


def is_allowed_attribute(tag: str, name: str, value: str, embeds: Embeds = frozenset()) -> bool:
    """Whether the policy lets an element carry this attribute with this (decoded) value."""
    if name not in URL_ATTRIBUTES:
        known = _is_known_word if len(value) <= _LONGEST_WORD else _is_allowed_word
        return known(tag, name, value)
    if name not in attributes_of(tag):
        return False
    return is_embed(value, embeds) if tag == EMBED else urls.is_allowed(value, URL_ATTRIBUTES[name])


def _is_allowed_word(tag: str, name: str, value: str) -> bool:
    pattern = VALUES.get(name)
    return name in attributes_of(tag) and (pattern is None or bool(pattern.fullmatch(value)))


_is_known_word = lru_cache(maxsize=2048)(_is_allowed_word)
"""Most come again: sizes, and what cleaning itself says of links and pictures."""


def is_embed(url: str, embeds: Embeds) -> bool:
    """Whether an address is a player on one of these hosts, over https."""
    return urls.is_allowed(url, frozenset({"https"})) and urls.host(url) in embeds


def plain_text(html: str) -> str:
    """The text of markup, a line for each block; for comparing, searching and summaries."""
    if not _MARKUP.search(html):
        return _lines(strip_illegal(html))
    try:
        return lines_of(parse(html))
    except TooMuchMarkupError:
        return ""


def lines_of(root: Element) -> str:
    """The text of a tree, a line for each block; the tree is used up."""
    for block in root.iter():
        if block.tag in _BREAKS:
            if not _follows_a_line_end(block):
                block.text = f"\n{block.text or ''}"
            if not (tail := block.tail or "").startswith("\n"):
                block.tail = f"\n{tail}"
    return _lines(text_of(root))


def _follows_a_line_end(block: Element) -> bool:
    """Whether a block need not begin a line because one ends right before it anyway."""
    before = block.getprevious()
    if before is not None:
        return (before.tail or "").endswith("\n")
    parent = block.getparent()
    return parent is not None and (parent.text or "").endswith("\n")


def _lines(text: str) -> str:
    lines = text.split("\n")
    if "  " not in text and "".join(lines).isprintable():  # then there is no other blank than " "
        lines = [line.strip() for line in lines]
    else:
        lines = [" ".join(line.split()) for line in lines]
    return "\n".join(filter(None, lines))


def _tags(embeds: Embeds) -> frozenset[str]:
    return TAGS | {EMBED} if embeds else TAGS


_bleach_lock = Lock()
"""A Cleaner shared by threads gives wrong output; it holds the GIL anyway, so waiting is free."""


def _with_bleach(html: str, embeds: Embeds) -> str:
    return html if bleach_changes_nothing(html, embeds) else bleach_alone(html, embeds)


def bleach_alone(html: str, embeds: Embeds = frozenset()) -> str:
    """What bleach makes of any markup, by its own parser; what `sanitize` promises to give."""
    with _bleach_lock:
        return _bleach(embeds).cleaner.clean(html)


def bleach_changes_nothing(html: str, embeds: Embeds = frozenset()) -> bool:
    """Whether bleach surely leaves markup as it is; seen without its parser, for a sixth of it.

    bleach's own rules judge every tag. That a browser would see these tags and no others, each
    where it stands, says nh3: its parser follows the same standard, and it must change nothing too
    (docs/decisions/560).
    """
    text = _PLAIN_TAG.sub("", html)
    if "<" in text or ">" in text or strip_illegal(html) != html:
        return False
    with _bleach_lock:
        has_only_good_tags = all(map(_bleach(embeds).leaves, set(_PLAIN_TAG.findall(html))))
    return has_only_good_tags and _with_nh3(html, embeds) == html


class _Bleach:
    """bleach driven by the policy: the whole of it, and its rules alone."""

    def __init__(self, embeds: Embeds) -> None:
        from bleach.sanitizer import BleachSanitizerFilter, Cleaner

        def allowed(tag: str, name: str, value: str) -> bool:
            return is_allowed_attribute(tag, name, unescape(value), embeds)

        self.cleaner = Cleaner(
            tags=_tags(embeds),
            attributes=allowed,
            protocols=LINK_SCHEMES,
            strip=True,
            strip_comments=True,
        )
        self._rules = BleachSanitizerFilter(
            source=(),  # type: ignore[arg-type]  # it is asked about single tags only
            allowed_tags=_tags(embeds),
            attributes=allowed,
            allowed_protocols=LINK_SCHEMES,
            strip_disallowed_tags=True,
        )
        self._leaves = lru_cache(maxsize=2048)(self._leaves_any)

    def leaves(self, tag: str) -> bool:
        """Whether the rules give a tag back with all that it has."""
        return self._leaves(tag) if len(tag) <= _LONGEST_TAG else self._leaves_any(tag)

    def _leaves_any(self, tag: str) -> bool:
        name = tag.strip("</>").partition(" ")[0]
        attributes = {(None, key): value for key, value in _PLAIN_ATTRIBUTE.findall(tag)}
        token = {"type": "StartTag", "name": name, "namespace": None, "data": attributes}
        # What stands in a frame is no markup, and a flag is written without its value.
        if name == EMBED or any(key in FLAGS for _, key in attributes):
            return False
        return self._rules.sanitize_token(token) == {**token, "data": attributes}


_bleach = lru_cache(maxsize=8)(_Bleach)


def _with_nh3(html: str, embeds: Embeds) -> str:
    # The one character that the two write differently; what was `&amp;nbsp;` does not match.
    return _nh3_cleaner(embeds)(html).replace("&nbsp;", "\xa0")


@lru_cache(maxsize=8)
def _nh3_cleaner(embeds: Embeds) -> Callable[[str], str]:
    import nh3

    def allowed(tag: str, name: str, value: str) -> str | None:
        return value if is_allowed_attribute(tag, name, value, embeds) else None

    attributes = {tag: set(names) for tag, names in ATTRIBUTES.items()}
    if embeds:
        attributes[EMBED] = set(EMBED_ATTRIBUTES)
    cleaner = nh3.Cleaner(
        tags=set(_tags(embeds)),
        clean_content_tags={"script", "style"},
        attributes=attributes,
        attribute_filter=allowed,
        link_rel=None,
        url_schemes=set(LINK_SCHEMES),
        strip_comments=True,
    )
    return cleaner.clean
