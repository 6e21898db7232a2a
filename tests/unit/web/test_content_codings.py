import gzip

import brotli
import pytest

from aggregator.web.encodings import CODECS, choose


@pytest.mark.parametrize(
    ("field", "coding"),
    [
        (b"", "identity"),
        (b"gzip", "gzip"),
        (b"x-gzip", "gzip"),
        (b"GZip ; Q=0.5", "gzip"),
        (b"gzip, deflate, br", "br"),
        (b"gzip;q=1.0, br;q=0.9", "gzip"),
        (b"br;q=0", "identity"),
        (b"gzip;q=0, br;q=0, identity", "identity"),
        (b"gzip;q=0.001", "gzip"),
        (b"*", "br"),
        (b"*;q=0", None),
        (b"*;q=0, identity", "identity"),
        (b"identity;q=0", None),
        (b"identity;q=0, gzip", "gzip"),
        (b"identity;q=0, deflate", None),
        (b"identity;q=0.5, gzip;q=0.4", "identity"),
        (b"br;q=2", "identity"),
        (b"br;q=-1, gzip;q=1.0000", "identity"),
        (b"\xff\x00;;;,,,=", "identity"),
        (b"gzip" + b" " * 997, "identity"),
        (b"gzip" + b" " * 996, "gzip"),
    ],
)
def test_the_coding_is_the_most_wanted(field: bytes, coding: str | None) -> None:
    """Weights decide, then size; what is malformed or too long to be meant counts for nothing."""
    assert choose(field) == coding


def test_codings_give_back_what_went_in_and_never_vary() -> None:
    """The same body always gives the same bytes, and they decode to it."""
    body = "feed 新闻 ".encode() * 100
    first, second = ({c: encode(body) for c, encode in CODECS.items()} for _ in range(2))
    assert first == second
    assert gzip.decompress(first["gzip"]) == brotli.decompress(first["br"]) == body
