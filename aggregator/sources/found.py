"""What the kinds make of the values they find: absolute links, and texts whose type is not told."""

from __future__ import annotations

import re

from aggregator.model.entries import RawText, TextType
from aggregator.text import urls

MOST_ENTRIES = 5_000
"""More entries of one document are not read."""

_MARKUP = re.compile(
    r"</[a-z][a-z0-9]*\s*>|<(?:br|hr|img|p)\b|&(?:#\d+|#x[0-9a-f]+|[a-z]{2,8});", re.IGNORECASE
)


def resolve(base: str, link: str) -> str:
    """Make a link absolute; one that no address can be made of stays as it is."""
    if not link:
        return ""
    try:
        return urls.joined(base, link.strip())
    except ValueError:
        return link


def guess_text(value: str) -> RawText:
    """Say whether a value is HTML: only where it closes a tag or writes a character's name."""
    return RawText(value, TextType.HTML if _MARKUP.search(value) else TextType.TEXT)
