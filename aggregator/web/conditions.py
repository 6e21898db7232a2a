"""Conditional requests: does the client have what we would send? RFC 9110 §13.

Ranges are not offered, so `If-Range` has no meaning here.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

_ENTITY_TAG = re.compile(rb'(W/)?("[\x21\x23-\x7e\x80-\xff]*")')

FIELDS = frozenset((b"if-match", b"if-none-match", b"if-modified-since", b"if-unmodified-since"))
"""Names of the request fields that `evaluate` reads."""


def evaluate(fields: Mapping[bytes, bytes], etag: bytes, modified: datetime | None) -> int:
    """Status of a GET or HEAD by its preconditions: 200, 304 or 412, in the order of §13.2.2.

    `etag` is the strong tag, quotes included, of what would be sent; `modified` has whole seconds.
    """
    if (wanted := fields.get(b"if-match")) is not None:
        if not _lists(wanted, etag, weakly=False):
            return 412
    elif _is_later(modified, fields.get(b"if-unmodified-since")) is True:
        return 412
    if (known := fields.get(b"if-none-match")) is not None:
        return 304 if _lists(known, etag, weakly=True) else 200
    return 304 if _is_later(modified, fields.get(b"if-modified-since")) is False else 200


def _lists(field: bytes, etag: bytes, *, weakly: bool) -> bool:
    """Whether a list of entity tags holds this one; what is not a tag matches nothing."""
    if field == etag or field.strip() == b"*":
        return True
    return any(tag == etag and (weakly or not weak) for weak, tag in _ENTITY_TAG.findall(field))


def _is_later(modified: datetime | None, field: bytes | None) -> bool | None:
    """Whether it changed after the given HTTP date; None where either is missing or unreadable."""
    if modified is None or field is None:
        return None
    try:
        date = parsedate_to_datetime(field.decode("ascii"))
        return modified > (date if date.tzinfo else date.replace(tzinfo=UTC))
    except (ValueError, OverflowError):
        return None
