"""Path segments: what may stand as one part of a category's path, and how a title becomes one.

A segment is a folder's name and a part of an address at once, so it must be safe in both, on every
system. Whether a segment is free, or reserved for our own pages, is not known here.
"""

from __future__ import annotations

import re
import unicodedata

from aggregator.text.hashing import fingerprint

LONGEST_SEGMENT = 100
"""Most characters of a segment."""
LONGEST_SEGMENT_BYTES = 240
"""Most bytes of a segment in UTF-8: file systems take 255, and a temporary name is longer."""
_LONGEST_SLUG = 80
_WINDOWS_DEVICES = frozenset(
    {"con", "prn", "aux", "nul"} | {f"{port}{n}" for port in ("com", "lpt") for n in range(10)}
)
_WORDS = str.maketrans({"+": " plus ", "#": " sharp "})


def _is_letter_or_digit(char: str) -> bool:
    """Letters of every script with the marks that belong to them, and decimal digits."""
    category = unicodedata.category(char)
    return category[0] in "LM" or category == "Nd"


def check_segment(value: str) -> str:
    """Give a path segment back as it is.

    Raises:
        ValueError: it is no segment; the message says why.
    """
    if not value or len(value) > LONGEST_SEGMENT:
        raise ValueError(f"an id has 1 to {LONGEST_SEGMENT} characters, this one has {len(value)}")
    if len(value.encode("utf-8", "surrogatepass")) > LONGEST_SEGMENT_BYTES:
        raise ValueError(f"an id has at most {LONGEST_SEGMENT_BYTES} bytes in UTF-8")
    strange = [char for char in value if char not in "-_" and not _is_letter_or_digit(char)]
    if strange:
        raise ValueError(f"an id holds letters, digits, - and _ only, not {strange[0]!r}")
    if unicodedata.normalize("NFC", value) != value:
        raise ValueError("an id is written in composed characters (Unicode NFC)")
    if value.casefold() in _WINDOWS_DEVICES:
        raise ValueError(f"{value} cannot be the name of a folder on Windows")
    return value


def slug(title: str) -> str:
    """Make a path segment of any title; the same title always gives the same segment.

    Letters of every script stay, in lower case; `+` and `#` become words, so that C, C++ and C#
    stay apart; runs of anything else become one hyphen.
    """
    text = unicodedata.normalize("NFKC", title).translate(_WORDS).lower()
    kept = "".join(
        char if _is_letter_or_digit(char) else "-" for char in unicodedata.normalize("NFC", text)
    )
    whole = re.sub("-+", "-", kept).strip("-")
    segment = _cut(whole)
    if not segment:
        return fingerprint(title)[:12]
    if segment != whole or segment in _WINDOWS_DEVICES:
        return f"{_cut(segment, spare=13)}-{fingerprint(title)[:12]}"
    return segment


def _cut(text: str, spare: int = 0) -> str:
    """The beginning of a text that leaves so many characters of a slug spare."""
    data = text[: _LONGEST_SLUG - spare].encode("utf-8", "surrogatepass")
    return data[: LONGEST_SEGMENT_BYTES - spare].decode("utf-8", "ignore").strip("-")
