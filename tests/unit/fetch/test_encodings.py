"""Content encodings come off block by block, and a bomb never unfolds in memory."""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Callable, Iterator

import brotli
import pytest
from hypothesis import given
from hypothesis import strategies as st

from aggregator.errors import FetchError
from aggregator.fetch.encodings import BLOCK, decode

COMPRESS: dict[str, Callable[[bytes], bytes]] = {
    "gzip": gzip.compress,
    "deflate": zlib.compress,
    "br": brotli.compress,
}
SIZE = 20_000_000


def pieces(data: bytes, size: int) -> Iterator[bytes]:
    """The data as it may arrive."""
    return (data[start : start + size] for start in range(0, len(data), size))


@pytest.mark.parametrize("encodings", [["gzip"], ["deflate"], ["br"], ["gzip", "gzip"]])
def test_no_block_is_large(encodings: list[str]) -> None:
    """A bomb comes out in small blocks, so that whoever counts them can stop in time."""
    data = b"\0" * SIZE
    for name in encodings:
        data = COMPRESS[name](data)
    sizes = [len(block) for block in decode(pieces(data, BLOCK), encodings)]
    assert sum(sizes) == SIZE
    assert max(sizes) <= 2 * BLOCK


@given(
    st.binary(max_size=2000),
    st.lists(st.sampled_from(sorted(COMPRESS)), max_size=2),
    st.integers(1, 50),
)
def test_what_was_compressed_comes_back(body: bytes, encodings: list[str], step: int) -> None:
    """Any body in any encodings, in pieces of any size, comes back as it was."""
    data = body
    for name in encodings:
        data = COMPRESS[name](data)
    assert b"".join(decode(pieces(data, step), encodings)) == body


@given(st.binary(min_size=1, max_size=500), st.sampled_from(sorted(COMPRESS)), st.data())
def test_what_was_cut_is_noticed(body: bytes, encoding: str, data: st.DataObject) -> None:
    """A compressed body that lost its end, wherever it was cut, is not taken for a short one."""
    whole = COMPRESS[encoding](body)
    cut = whole[: data.draw(st.integers(1, len(whole) - 1))]
    with pytest.raises(FetchError):
        list(decode(pieces(cut, 100), [encoding]))


@given(st.binary(max_size=300), st.sampled_from(["gzip", "deflate", "br"]))
def test_garbage_has_only_one_way_to_fail(body: bytes, encoding: str) -> None:
    """Whatever a stranger sends under an encoding's name, it decodes or is a fetch error."""
    try:
        list(decode(pieces(body, 7), [encoding]))
    except FetchError:
        return
