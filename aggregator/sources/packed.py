"""Documents that are gzip files of their own (`sitemap.xml.gz`), whatever their headers say.

Compression for the way (`Content-Encoding`) is undone by `fetch`.
"""

from __future__ import annotations

from zlib import decompressobj
from zlib import error as ZlibError  # noqa: N812 - an exception class, whatever its name

from aggregator.errors import ParseError, ParseReason

_MARK = b"\x1f\x8b"
_GZIP = 31


def unpacked(body: bytes, largest: int) -> bytes:
    """The bytes inside of a gzip file; other bytes as they are.

    Raises:
        ParseError: it is damaged, was cut off, or holds more than `largest` bytes.
    """
    if not body.startswith(_MARK):
        return body
    unpacker = decompressobj(wbits=_GZIP)
    try:
        inside = unpacker.decompress(body, largest)
    except ZlibError as error:
        raise ParseError(ParseReason.MALFORMED, f"damaged gzip file: {error}") from None
    if unpacker.unconsumed_tail:
        detail = f"the gzip file holds more than {largest // 2**20} MB"
        raise ParseError(ParseReason.TOO_EXPENSIVE, detail)
    if not unpacker.eof:
        raise ParseError(ParseReason.MALFORMED, "the gzip file was cut off")
    return inside
