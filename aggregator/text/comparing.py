"""Plain texts made comparable: what is left when spelling, spaces and punctuation do not count.

Whether two texts agree is for `dedupe.bodies`; both go by what is made here.
"""

from __future__ import annotations

import re
import unicodedata

from aggregator.text.hashing import fingerprint

COMPARED = 20_000
"""Characters of a text that are looked at."""

_UNSEEN = "\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff"
_NO_MEANING = re.compile(
    rf"""[!"'()*;<=>?@\[\]^_`{{|}}~“”‘’«»„‹›【】「」『』《》〈〉。、·・•‣▪{_UNSEEN}—–.,:/-](?!(?<=[.,:/-])\d)"""
)
"""Punctuation, bullets and what nobody sees; a mark before a digit may be part of a number."""


def comparable(text: str) -> str:
    """A plain text without spaces and punctuation, but with signs and decimal points."""
    folded = unicodedata.normalize("NFKC", text[:COMPARED]).casefold()
    # Nearly all that is white is a space, and `replace` is the quickest.
    return "".join(_NO_MEANING.sub("", folded).replace(" ", "").split())


def measure(text: str) -> tuple[str, int]:
    """The hash of a plain text's comparable form, and how long that is."""
    bare = comparable(text)
    return fingerprint("text", bare), len(bare)
