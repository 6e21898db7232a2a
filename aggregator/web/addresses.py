"""From the path of a URL to the name of a published file, by one strict rule.

It looks at letters only: whether the file exists is the business of `files`.
"""

from __future__ import annotations

from functools import lru_cache
from urllib.parse import quote, unquote_to_bytes

INDEX = "index.html"

LONGEST_FEED_PATH = 1000
"""Characters of a path in a query; the deepest category that there can be has fewer."""
_LONGEST = 2048


def segments(raw_path: bytes) -> tuple[str, ...] | None:
    """The segments of a path, percent-decoded once; None unless every one could be a file's name.

    The last one is `""` where the path ends in `/`. Refused are segments that are empty, begin with
    a dot, or hold a slash, backslash, colon, control or other unprintable character, and bytes that
    are not UTF-8. (FreshRSS GHSA-hvrj-5fwj-p7v6 is what happens otherwise.)
    """
    # Before the cache: it must not hold a thousand paths of the length that a head may have.
    return _segments(raw_path) if len(raw_path) <= _LONGEST else None


@lru_cache(maxsize=1024)
def _segments(raw_path: bytes) -> tuple[str, ...] | None:
    if not raw_path.startswith(b"/"):
        return None
    try:
        parts = tuple(unquote_to_bytes(part).decode("utf-8") for part in raw_path[1:].split(b"/"))
    except UnicodeDecodeError:
        return None
    names = parts if parts[-1] else parts[:-1]
    return parts if all(_is_name(name) for name in names) else None


def file_name(raw_path: bytes) -> str | None:
    """The name of the file at a path, that of the index where it ends in `/`; None as above."""
    names = segments(raw_path)
    return "/".join(names if names[-1] else (*names[:-1], INDEX)) if names else None


def address(names: tuple[str, ...]) -> str:
    """The path of a URL for these segments; it never begins with two slashes."""
    return "/" + "/".join(quote(name, safe="") for name in names)


def _is_name(segment: str) -> bool:
    return (
        segment != ""
        and not segment.startswith(".")
        and segment.isprintable()
        and not any(sign in segment for sign in "/\\:")
    )
