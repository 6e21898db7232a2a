import pytest
from hypothesis import given
from hypothesis import strategies as st

from aggregator.web.addresses import _segments, address, segments


@pytest.mark.parametrize(
    ("path", "names"),
    [
        ("/", ("",)),
        ("/finance/rss.xml", ("finance", "rss.xml")),
        ("/finance/", ("finance", "")),
        ("/finance", ("finance",)),
        ("/%E9%87%91%E8%9E%8D/atom.xml", ("金融", "atom.xml")),
        ("/a%20b/rss.xml", ("a b", "rss.xml")),
        ("/..a/rss.xml", None),
        ("/a..b/rss.xml", ("a..b", "rss.xml")),
        ("/" + "a" * 2047, ("a" * 2047,)),
    ],
)
def test_well_formed_paths_are_read_once(path: str, names: tuple[str, ...] | None) -> None:
    """Percent signs are decoded once, letters of every script stand, a final slash is kept."""
    assert segments(path.encode()) == names


@pytest.mark.parametrize(
    "path",
    [
        "",
        "rss.xml",
        "*",
        "http://evil.example/rss.xml",
        "//",
        "//evil.example",
        "//evil.example/..",
        "/finance//rss.xml",
        "/finance/./rss.xml",
        "/finance/../rss.xml",
        "/../secret",
        "/..%2fsecret",
        "/..%2Fsecret",
        "/%2e%2e/secret",
        "/%2e%2e%2fsecret",
        "/%2E/rss.xml",
        "/.git/config",
        "/.rss.xml.tmp",
        "/%2ermp",
        "/finance%2frss.xml",
        "/finance%5crss.xml",
        "/finance\\rss.xml",
        "/..\\..\\secret",
        "/c:/rss.xml",
        "/rss.xml%00",
        "/%00/rss.xml",
        "/rss.xml%0d%0aSet-Cookie:%20a=b",
        "/%0a/rss.xml",
        "/%7f/rss.xml",
        "/%e2%80%ae/rss.xml",
        "/%ff/rss.xml",
        "/%c0%ae%c0%ae/rss.xml",
        "/%ed%a0%80/rss.xml",
        "/" + "a" * 2048,
    ],
)
def test_everything_else_is_refused(path: str) -> None:
    """No spelling of a parent folder, hidden file, control character or other root gets through."""
    assert segments(path.encode()) is None


def test_a_double_encoded_dot_stays_a_percent_sign() -> None:
    """Decoding happens once: what looks encoded afterwards is a name like any other."""
    assert segments(b"/%252e%252e/rss.xml") == ("%2e%2e", "rss.xml")


@given(st.binary(max_size=60))
def test_what_is_accepted_goes_there_and_back(tail: bytes) -> None:
    """Whatever bytes come, the segments can be no parent, and their address leads to them again."""
    names = segments(b"/" + tail)
    if names is not None:
        assert not any(name.startswith(".") or "/" in name or "\\" in name for name in names)
        assert not address(names).startswith("//")
        assert segments(address(names).encode()) == names


@pytest.mark.parametrize(("length", "kept"), [(2047, 1), (2048, 1), (2049, 0)])
def test_a_path_that_is_too_long_takes_no_memory(length: int, kept: int) -> None:
    """Paths are remembered, but none beyond the limit, so that strangers cannot fill the memory."""
    _segments.cache_clear()
    assert (segments(b"/" + b"a" * (length - 1)) is not None) == bool(kept)
    assert _segments.cache_info().currsize == kept
