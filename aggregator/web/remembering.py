"""Answers about header fields, remembered because most clients send one of a few.

Strangers choose what they send, so only short fields are remembered: what all of them together
hold in memory stays below a few hundred kilobytes.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from typing import TypeVar

LONGEST = 256
"""Bytes of a field that is remembered; browsers send some 150."""
_MOST = 256

T = TypeVar("T")


def remembered(function: Callable[[bytes], T]) -> Callable[[bytes], T]:
    """The same pure function; a field of up to `LONGEST` bytes is worked out once for many times.

    A longer one is worked out each time and leaves nothing behind.
    """
    kept = lru_cache(maxsize=_MOST)(function)

    def answer(field: bytes) -> T:
        return kept(field) if len(field) <= LONGEST else function(field)

    return answer
