"""Characters that XML 1.0 can carry (https://www.w3.org/TR/xml/#charsets), and those it cannot.

One forbidden character in one title would make a whole feed unwritable, so text loses them at the
door, after entities are decoded, and once more where feeds are written.
"""

from __future__ import annotations

import re

_ILLEGAL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")


def strip_illegal(text: str) -> str:
    """The same text without the characters that XML 1.0 forbids; itself where it has none."""
    return _ILLEGAL.sub("", text) if _ILLEGAL.search(text) else text
