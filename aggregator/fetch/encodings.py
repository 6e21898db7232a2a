"""Takes content encodings off a body as it arrives (RFC 9110 §8.4), block by block.

Each step gives out small blocks, so that a bomb is noticed before it unfolds; and each one notices
when its stream was cut, which urllib3's decoders take for a good end.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable, Iterator

import brotli

from aggregator.errors import FetchError, FetchReason

ACCEPTED = "gzip, deflate, br"
BLOCK = 64 * 1024
_GZIP_MAGIC = b"\x1f\x8b"
_GZIP, _ZLIB, _RAW_DEFLATE = 31, 15, -15

Blocks = Iterator[bytes]


def decode(blocks: Blocks, encodings: list[str]) -> Blocks:
    """Undo the encodings, the last one that was applied first.

    Raises:
        FetchError: the body is not what they say, or ends too early.
    """
    for encoding in reversed(encodings):
        blocks = filter(None, DECODERS[encoding](blocks))
    try:
        yield from blocks
    except (zlib.error, brotli.error) as error:
        raise FetchError(
            FetchReason.BAD_RESPONSE, "the body is not compressed in the way its headers say"
        ) from error


def _gunzip(blocks: Blocks) -> Blocks:
    """One gzip member after another; what follows them and is none is padding."""
    decoder = zlib.decompressobj(_GZIP)
    for block in blocks:
        data = block
        while data:
            if decoder.eof:
                if not data.startswith(_GZIP_MAGIC):
                    return
                decoder = zlib.decompressobj(_GZIP)
            yield decoder.decompress(data, BLOCK)
            data = decoder.unused_data if decoder.eof else decoder.unconsumed_tail
    yield decoder.flush()
    _require_end(is_over=decoder.eof)


def _inflate(blocks: Blocks) -> Blocks:
    """A zlib stream, or the bare deflate stream that some servers send under the same name."""
    first = next(blocks, b"")
    if len(first) == 1:  # the header has two bytes
        first += next(blocks, b"")
    names_zlib = first[:1] and first[0] & 15 == zlib.DEFLATED
    checks_out = int.from_bytes(first[:2], "big") % 31 == 0
    decoder = zlib.decompressobj(_ZLIB if names_zlib and checks_out else _RAW_DEFLATE)
    data = first
    while data:
        yield decoder.decompress(data, BLOCK)
        data = b"" if decoder.eof else decoder.unconsumed_tail or next(blocks, b"")
    yield decoder.flush()
    _require_end(is_over=decoder.eof)


def _unbrotli(blocks: Blocks) -> Blocks:
    decoder = brotli.Decompressor()
    for block in blocks:
        piece = decoder.process(block, output_buffer_limit=BLOCK)
        while piece or not decoder.can_accept_more_data():
            yield piece
            piece = decoder.process(b"", output_buffer_limit=BLOCK)
    _require_end(is_over=decoder.is_finished())


def _require_end(*, is_over: bool) -> None:
    if not is_over:
        raise FetchError(FetchReason.INCOMPLETE, "the compressed body ends too early")


DECODERS: dict[str, Callable[[Blocks], Blocks]] = {
    "gzip": _gunzip,
    "x-gzip": _gunzip,
    "deflate": _inflate,
    "br": _unbrotli,
}
