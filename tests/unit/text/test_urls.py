from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aggregator.text import urls
from aggregator.text.policy import LINK_SCHEMES, MEDIA_SCHEMES
from aggregator.text.urls import MAX_URL

BASE = "https://site.example/a/b?q#f"


@pytest.mark.parametrize(
    ("url", "result"),
    [
        ("../c", "https://site.example/c"),
        ("//other.example/x", "https://other.example/x"),
        ("?page=2", "https://site.example/a/b?page=2"),
        ("  https://site.example/x\n", "https://site.example/x"),
        ("HTTPS://Site.Example:443/x", "https://site.example/x"),
        ("http://site.example:8080", "http://site.example:8080/"),
        ("http:\\\\site.example\\x", "http://site.example/x"),
        ("/größe und mehr", "https://site.example/gr%C3%B6%C3%9Fe%20und%20mehr"),
        ("http://faß.example/", "http://xn--fa-hia.example/"),
        ("http://[2001:db8::1]/x", "http://[2001:db8::1]/x"),
        ("mailto:a@site.example?bcc=b@site.example", "mailto:a@site.example"),
    ],
)
def test_usable_addresses(url: str, result: str) -> None:
    """An address comes out absolute, in ASCII and in one spelling."""
    assert urls.link(url, BASE) == result
    assert urls.link(result) == result


@pytest.mark.parametrize(
    "url",
    [
        "",
        "javascript:alert(1)",
        "JaVaScRiPt:123",
        "java\tscript:alert(1)",
        "java\u200bscript:alert(1)",
        "\u202ejavascript:1",
        " \x01javascript:1",
        "data:text/html,x",
        "vbscript:1",
        "file:///etc/passwd",
        "tel:123",
        "ht\u200btp://site.example/",
        "http://[bad",
        "http://user:secret@site.example/",
        "http://site.example:99999/",
        "http://si te.example/",
        "http://",
        "mailto:nobody",
        "mailto:<script>@x",
        "http://site.example/\ud800",
    ],
)
def test_unusable_addresses(url: str) -> None:
    """Any other scheme, however spelled, credentials, and what is no address: nothing is left."""
    assert urls.link(url, BASE) == ""


@pytest.mark.parametrize("spare", [1, 0, -1])
def test_longest_address(spare: int) -> None:
    """An address may have 2,048 characters, and not one more."""
    url = "https://site.example/" + "x" * (MAX_URL - len("https://site.example/") - spare)
    assert urls.link(url) == (url if spare >= 0 else "")


@pytest.mark.parametrize(
    ("url", "result"),
    [
        ("https://site.example/?utm_source=a&id=1&fbclid=2#x", "https://site.example/?id=1#x"),
        ("https://site.example/?UTM_Source=a", "https://site.example/"),
        ("https://site.example/?spm=1", "https://site.example/?spm=1"),
        ("https://item.taobao.com/?spm=1&id=2", "https://item.taobao.com/?id=2"),
        ("https://site.example/?a=%20b&&c", "https://site.example/?a=%20b&&c"),
    ],
)
def test_tracking_goes(url: str, result: str) -> None:
    """Parameters that only track go, where they only track; the others stay as they were."""
    assert urls.link(url) == result


@pytest.mark.parametrize(
    ("url", "result"),
    [
        (
            "https://x.example/action/GoToLink?url=https%3A%2F%2Ft.example%2F%3Fb",
            "https://t.example/?b",
        ),
        ("https://sspai.example/go?to=https%3A%2F%2Ft.example", "https://t.example/"),
        ("https://link.zhihu.com/?target=https%3A//t.example/z", "https://t.example/z"),
        ("https://www.google.com/url?sa=t&q=http://t.example/", "http://t.example/"),
        (
            "https://x.example/go?to=https://y.example/go%3Fto%3Dhttps://t.example",
            "https://t.example/",
        ),
        ("https://site.example/go?to=/local", "https://site.example/go?to=/local"),
        ("https://site.example/go?to=data:,x", "https://site.example/go?to=data:,x"),
        (
            "https://x.example/login?url=https://y.example",
            "https://x.example/login?url=https://y.example",
        ),
    ],
)
def test_jump_pages(url: str, result: str) -> None:
    """A jump page is passed over where its address says in full where it leads."""
    assert urls.link(url) == result


def test_proxied_pictures() -> None:
    """A picture behind a proxy is asked for at its own address."""
    assert urls.picture("https://proxy.example/?http://p.example/1.jpg") == "http://p.example/1.jpg"
    assert (
        urls.picture("https://proxy.example/?http%3A%2F%2Fp.example%2F1.jpg")
        == "http://p.example/1.jpg"
    )
    assert (
        urls.picture("https://p.example/1.jpg?x=http://q.example")
        == "https://p.example/1.jpg?x=http://q.example"
    )


@given(st.text(), st.text())
def test_whatever_comes_out_is_allowed(url: str, base: str) -> None:
    """Any text gives an allowed address or none, and the same address when asked again."""
    for judge, schemes in ((urls.link, LINK_SCHEMES), (urls.media, MEDIA_SCHEMES)):
        address = judge(url, base)
        assert address == "" or (urls.is_allowed(address, schemes) and address.isascii())
        assert judge(address) == address


@given(
    st.sampled_from(["javascript:", "data:", "vbscript:"]), st.text(max_size=5), st.integers(0, 10)
)
def test_hidden_schemes(scheme: str, noise: str, at: int) -> None:
    """No noise within a scheme makes it pass."""
    address = urls.link(scheme[:at] + noise + scheme[at:] + "1", BASE)
    assert address == "" or address.startswith(("http://", "https://"))
