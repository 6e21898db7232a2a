"""Characters that XML 1.0 can carry (https://www.w3.org/TR/xml/#charsets), and those it cannot.

One forbidden character in one title would make a whole feed unwritable, so text loses them at the
door, after entities are decoded, and once more where feeds are written.
"""

from __future__ import annotations

import re

_LEGAL = "\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff"
_ALL_LEGAL = re.compile(f"[{_LEGAL}]*")
_ILLEGAL = re.compile(f"[^{_LEGAL}]")


def strip_illegal(text: str) -> str:
    """The same text without the characters that XML 1.0 forbids; itself where it has none."""
    # To match a whole text takes a twelfth of the time that searching it for one character does.
    return text if _ALL_LEGAL.fullmatch(text) else _ILLEGAL.sub("", text)
