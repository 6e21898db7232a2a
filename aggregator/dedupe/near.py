"""Titles that differ by an edit; rapidfuzz is known here alone.

Likeness of titles alone proves nothing: "Python 3.15 is out" and "Python 3.16 is out" are nearly
equal. So numbers and signs must be equal here, and `decide` demands that the bodies agree.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Sequence

from aggregator.errors import AggregatorError
from aggregator.text.titles import is_distinctive

ALIKE = 60.0
"""Likeness in percent (rapidfuzz.fuzz.ratio) from which a title is worth comparing bodies."""

MOST_ALIKE = 20

_OPPOSITES = frozenset("上下前后後")
"""Part one and part two of an article, or prices up and down, by a single letter."""

_ROMAN = "ivx"


def similar_titles() -> Callable[[str, Sequence[str]], Sequence[str]]:
    """A function that finds, among title keys, those which differ from one by an edit.

    Raises:
        AggregatorError: rapidfuzz is not installed.
    """
    try:
        from rapidfuzz import fuzz, process
    except ImportError as error:
        raise AggregatorError(
            "dedupe.near needs rapidfuzz; install feed-aggregator[near]"
        ) from error

    def similar(key: str, others: Sequence[str]) -> Sequence[str]:
        found = process.extract(
            key, others, scorer=fuzz.ratio, score_cutoff=ALIKE, limit=MOST_ALIKE
        )
        alike = [other for other, _score, _index in found if other != key]
        return [
            other
            for other in alike
            if _numbers(other) == _numbers(key)
            and not _ends_in_other_numeral(other, key)
            and is_distinctive(other)
        ]

    return similar


def _numbers(key: str) -> Sequence[str]:
    """Everything in a title key that is not a letter, and letters that number or oppose."""
    return "".join(char if _counts(char) else " " for char in key).split()


def _ends_in_other_numeral(one: str, other: str) -> bool:
    """Whether two keys differ in a Roman numeral at their ends, as parts I and II do."""
    return one.rstrip(_ROMAN) == other.rstrip(_ROMAN)


def _counts(char: str) -> bool:
    is_letter = unicodedata.category(char)[0] in "LM"
    return not is_letter or char in _OPPOSITES or unicodedata.numeric(char, None) is not None
