"""Bytes of unknown encoding into text: what the bytes are counts more than what they claim.

Valid UTF-8 is practically never anything else, so it wins over any claim; then a byte order mark,
the claims in the order given, and last a guess. Does not look for claims inside a document beyond
an XML declaration and an HTML `meta`.
"""

from __future__ import annotations

import codecs
import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
# The supersets that the names stand for on the web (https://encoding.spec.whatwg.org/#names-and-labels).
_MEANT = {
    "ascii": "cp1252",
    "iso8859-1": "cp1252",
    "iso8859-9": "cp1254",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "big5": "big5hkscs",
    "shift_jis": "cp932",
    "euc_kr": "cp949",
    "tis-620": "cp874",
}
# Some of Python's codecs are no character sets (idna and punycode take quadratic time).
_FAMILIES = ("utf-8", "utf-16", "utf-32", "iso", "cp", "gb", "big5", "euc", "shift", "koi", "mac")
_GUESSES = ("gb18030", "big5hkscs", "cp932", "euc_jp", "cp949", "cp1251", "koi8_r", "cp1252")
_GUESS_FROM = 20_000
_CLAIM_IN_HEADER = re.compile(r"charset\s*=\s*[\"']?\s*([\w.:-]{1,40})", re.IGNORECASE)
_CLAIM_IN_DOCUMENT = re.compile(
    rb"<\?xml[^>]{0,200}?encoding\s*=\s*[\"']([\w.:-]{1,40})"
    rb"|<meta[^>]{0,300}?charset\s*=\s*[\"']?\s*([\w.:-]{1,40})",
    re.IGNORECASE,
)
_ESCAPE = b"\x1b"


def decode(body: bytes, headers: Mapping[str, str]) -> str:
    """Turn a document into text; bytes that fit nothing become U+FFFD.

    `headers` are those of its response, with lower-case names.
    """
    for mark, encoding in _MARKS:
        if body.startswith(mark):
            return body[len(mark) :].decode(encoding, "replace")
    wide = _wide_encoding(body)
    if wide:
        return body.decode(wide, "replace")
    text = None if _ESCAPE in body else _strictly(body, "utf-8")
    return text if text is not None else _by_claim(body, headers)


def _by_claim(body: bytes, headers: Mapping[str, str]) -> str:
    """Decode as the headers or the document say, else by a guess."""
    for claim in _claims(body, headers):
        encoding = _codec(claim)
        text = _strictly(body, encoding) if encoding else None
        if text is not None:
            return text
    mended = body.decode("utf-8", "replace")
    if _mostly_utf8(mended):
        return mended
    return body.decode(_guess(body), "replace")


def _wide_encoding(body: bytes) -> str:
    """UTF-16 or UTF-32 without a mark, told by where the zero bytes of its first `<` stand."""
    starts = {
        b"<\x00\x00\x00": "utf-32-le",
        b"\x00\x00\x00<": "utf-32-be",
        b"<\x00": "utf-16-le",
        b"\x00<": "utf-16-be",
    }
    return next((name for start, name in starts.items() if body.startswith(start)), "")


def _claims(body: bytes, headers: Mapping[str, str]) -> Iterator[str]:
    header = _CLAIM_IN_HEADER.search(headers.get("content-type", ""))
    if header:
        yield header[1]
    inside = _CLAIM_IN_DOCUMENT.search(body[:4096])
    if inside:
        yield (inside[1] or inside[2]).decode("ascii")


def _codec(claim: str) -> str:
    """The codec that a claim means, "" if it means none that we take."""
    try:
        name = codecs.lookup(claim).name
    except (LookupError, ValueError):
        return ""
    return _MEANT.get(name, name) if name.startswith(_FAMILIES) else ""


def _strictly(body: bytes, encoding: str) -> str | None:
    """The text, if all bytes fit; half a character at the end is what a document cut off has."""
    try:
        return body.decode(encoding)
    except ValueError:
        pass
    try:
        text = codecs.getincrementaldecoder(encoding)().decode(body)
    except ValueError:
        return None
    return None if text.isascii() else text


def _mostly_utf8(mended: str) -> bool:
    """Whether a text is UTF-8 with some damage; in other encodings few bytes fit by chance."""
    bad = mended.count("\ufffd")
    good = sum(1 for char in mended if char > "\x7f") - bad
    return good > bad


def _guess(body: bytes) -> str:
    """The likeliest encoding of bytes that say nothing (true) about it."""
    from charset_normalizer import from_bytes

    best = from_bytes(body[:_GUESS_FROM], cp_isolation=list(_GUESSES)).best()
    return best.encoding if best else "cp1252"
