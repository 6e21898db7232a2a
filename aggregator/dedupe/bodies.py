"""Whether the texts of two articles agree: equal, a beginning, or a summary one of the other.

Bounded work whatever the texts are. Texts without a single letter or digit agree with nothing.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace

from aggregator.model.articles import Article
from aggregator.text import comparing
from aggregator.text.comparing import measure
from aggregator.text.markup import plain_text
from aggregator.text.titles import CJK

_BEGINNING = 12
_SUMMARY = 60
_SHINGLE = 6
_CONTAINED = 0.8
_CUT_OFF = 24

_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")


def comparable_text(article: Article, simplify: Callable[[str], str] | None = None) -> str:
    """What an article says, for comparison; its summary where the body has no text."""
    return comparable(_said(article), simplify)


def text_hash(article: Article) -> str:
    """Equal for articles that say the same; spaces and punctuation do not count."""
    return article.text_hash or measure(_said(article))[0]


def measured(article: Article) -> Article:
    """The article with hash and length of its text, the dear part of deciding: for workers."""
    of_text, length = measure(_said(article))
    return replace(article, text_hash=of_text, text_length=length)


def _said(article: Article) -> str:
    return plain_text(article.body).strip() or article.summary


def comparable(text: str, simplify: Callable[[str], str] | None = None) -> str:
    """A plain text as `text.comparing` has it, in simplified characters where that is wanted."""
    bare = comparing.comparable(text)
    return simplify(bare) if simplify else bare


def agree(one: str, other: str) -> bool:
    """Whether two comparable texts tell the same; each is the result of `comparable`."""
    short, long = sorted((one, other), key=len)
    if short == long:
        return short != ""
    return _begins(short, long) or _summarises(short, long)


def _begins(short: str, long: str) -> bool:
    """Whether the one is a beginning of the other; "… read more" at its end does no harm."""
    if len(short) < _BEGINNING:
        return False
    surely = max(_BEGINNING, len(short) - min(_CUT_OFF, len(short) // 5))
    return long.startswith(short[:surely]) and _numbers(short) <= _numbers(long)


def _summarises(short: str, long: str) -> bool:
    """Whether nearly all of the one stands in the other, and each of its numbers does."""
    if not _says_enough(short) or not _numbers(short) <= _numbers(long):
        return False
    pieces, all_pieces = _shingles(short), _shingles(long)
    return len(pieces & all_pieces) >= _CONTAINED * len(pieces)


def _says_enough(text: str) -> bool:
    """Whether a text is long enough to be a summary; letters of East Asia count twice."""
    return len(text) >= _SUMMARY or len(text) + len(CJK.findall(text)) >= _SUMMARY


def _numbers(text: str) -> set[str]:
    return set(_NUMBER.findall(text))


def _shingles(text: str) -> set[str]:
    return {text[i : i + _SHINGLE] for i in range(len(text) - _SHINGLE + 1)}
