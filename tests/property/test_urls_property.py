"""Short ways to an address lead where the long way does."""

from __future__ import annotations

from urllib.parse import urljoin, urlsplit

from hypothesis import example, given, settings
from hypothesis import strategies as st

from aggregator.text import urls
from aggregator.text.policy import MEDIA_SCHEMES

BASE = "https://example.org/blog/feed?x=1#y"
_PIECES = [
    *("http://", "https://", "HTTP://", "//", "/", ".", "..", "?", "#", "@", ":", ":80", ":8080"),
    *("example.org", "Example.org", "a-b.example", "path", "%41", "%zz", "é", " ", "\\", "&amp;"),
    *(
        "utm_source=feed",
        "a=b",
        ";",
        "&",
        "=",
        "http%3A%2F%2Fother.example",
        "~",
        "+",
        "\u200b",
        "\t",
    ),
]
ADDRESS = st.lists(st.sampled_from(_PIECES), min_size=1, max_size=8).map("".join)


def the_long_way(url: str) -> str:
    """What an address comes to when nothing is taken for granted about it."""
    try:
        url = url.replace("\\", "/")
        is_whole = url.lower().startswith(("http://", "https://")) and "/." not in url
        parts = urlsplit(url if is_whole else urljoin(BASE, url))
        return urls._canonical(parts, MEDIA_SCHEMES)
    except ValueError:
        return ""


@settings(max_examples=300)
@given(ADDRESS)
@example("/path?a=b")
@example("https://example.org/path?#")
def test_an_address_does_not_depend_on_the_way_it_took(url: str) -> None:
    """What is recognised as plain comes out as if it had been taken apart and put together."""
    if url.isascii() and not set(url) & set(" \t"):
        assert urls.media(url, BASE) == the_long_way(url)


@given(ADDRESS)
def test_the_host_of_a_plain_address_is_that_of_the_library(url: str) -> None:
    """Where an address is plain, its host is what urlsplit finds."""
    if address := urls.media(url, BASE):
        assert urls.host(address) == urlsplit(address).hostname


@settings(max_examples=300)
@given(ADDRESS)
@example("https://example.org/path;")
def test_joining_is_that_of_the_standard_library(url: str) -> None:
    """An address that needs no joining comes out as if it had been joined."""
    try:
        expected = urljoin(BASE, url)
    except ValueError:
        return
    assert urls.joined(BASE, url) == expected
