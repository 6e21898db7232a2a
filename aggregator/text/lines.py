"""Plain text for people to read: one line of it, cut where a reader would cut it.

Does not parse markup and does not compare texts (see `titles` for that).
"""

from __future__ import annotations

import unicodedata
from functools import lru_cache

import regex

from aggregator.text.xml_chars import strip_illegal

_INVISIBLE = regex.compile(r"[\u200b\u2060\ufeff\u00ad\u202a-\u202e\u2066-\u2069\ufff9-\ufffb]")
"""Signs without a glyph, and the controls that turn the direction of the text after them."""
_BREAKS = regex.compile(r"[\s\p{Cc}\u2028\u2029]+")
_MARKS = regex.compile(r"(\p{M}{8})\p{M}+")
"""No script stacks more marks on a letter than eight; more is a flood over the lines around."""
_LIVE = regex.compile(r"<(?=[A-Za-z!/?][^>]*=)")
_AFTER_WIDE = regex.compile(
    r"(?<=[。！？；：，、」』”’）】》]) +(?=[\p{Han}\p{Hiragana}\p{Katakana}「『“‘（【《])"
)
_GRAPHEME = regex.compile(r"\X")
_WIDE = frozenset("WF")


def one_line(text: str, longest: int) -> str:
    """Text on one line, without what cannot be seen, at most `longest` characters long."""
    # What is cut away here would not fit anyway, however much of the rest is white space.
    start = text[: 20 * longest]
    if start.isprintable():  # nothing that cannot be seen, and no other blank than a space
        line = " ".join(start.split())
    else:
        line = _BREAKS.sub(" ", _INVISIBLE.sub("", strip_illegal(start))).strip()
    return inert(shorten(line if line.isascii() else _MARKS.sub(r"\1", line), longest))


def is_visible(text: str) -> bool:
    """Whether there is anything in a text that a reader could see."""
    return bool(_BREAKS.sub("", _INVISIBLE.sub("", text)))


def close_up(text: str) -> str:
    """Text without the spaces that were put between two Chinese or Japanese sentences.

    Full-width punctuation brings its own space, so sentences are joined with none.
    """
    return _AFTER_WIDE.sub("", text)


def inert(text: str) -> str:
    """Plain text that does nothing either where a reader takes it for HTML.

    What looks like a tag with an attribute gets an unseen word joiner behind its `<`: people read
    the same, and no parser takes it for a tag. Tags without attributes run nothing and stay.
    """
    return _LIVE.sub("<\u2060", text) if "<" in text else text


def shorten(text: str, longest: int) -> str:
    """Text of at most `longest` characters, cut between graphemes, with an ellipsis if cut."""
    if len(text) <= longest:
        return text
    end = 0
    for grapheme in _GRAPHEME.finditer(text):
        if grapheme.end() > longest - 1:
            break
        end = grapheme.end()
    return text[:end].rstrip() + "…"


def columns(text: str) -> int:
    """Columns that text takes; full-width signs take two, marks upon others none."""
    return len(text) if text.isascii() else sum(map(_width, text))


def head(text: str, most: int) -> str:
    """The longest beginning of a text that takes at most so many columns, in whole graphemes."""
    if text[: most + 1].isascii():
        return text[:most]
    used = end = 0
    for grapheme in _GRAPHEME.finditer(text):
        used += max(map(_width, grapheme[0]))
        if used > most:
            break
        end = grapheme.end()
    return text[:end]


@lru_cache(maxsize=8192)
def _width(character: str) -> int:
    if unicodedata.combining(character):
        return 0
    return 2 if unicodedata.east_asian_width(character) in _WIDE else 1
