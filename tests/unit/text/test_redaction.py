from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aggregator.text.redaction import showable


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("", ""),
        ("http_error: the answer was 500", "http_error: the answer was 500"),
        ("https://h.example/feed.xml", "https://h.example/feed.xml"),
        ("https://h.example/feed?token=abc", "https://h.example/feed?token=…"),
        ("at https://h.example/?a=1&k=s3;c=3#x=4 it", "at https://h.example/?a=…&k=…;c=…#x=… it"),
        ("https://user:secret@h.example/feed", "https://h.example/feed"),
        ("https://us%40er:p@ss@h.example:8443/feed", "https://h.example:8443/feed"),
        ("postgresql+psycopg://aggregator:pw@db/feeds", "postgresql+psycopg://db/feeds"),
        ("https://h.example/feed?abcdef", "https://h.example/feed?…"),
        ("only a path: '/feed?token=abc' is bad", "only a path: '/feed?token=…' is bad"),
        ("全角\u3000空格", "全角 空格"),
        ("https://h.example/?a[]=1&b=", "https://h.example/?a[]=…&b="),
        ("mail me@example.org about 1 = 1?", "mail me@example.org about 1 = 1?"),
        ("what? a/b = c", "what? a/b = c"),
        ("one\r\ntwo\x1b[31m\u2028three\x00", r"one\r\ntwo\x1b[31m\u2028three\x00"),
        ("https://h.example/?token=a\nb", r"https://h.example/?token=…"),
        ("中文 https://例子.example/订阅?密钥=秘密", "中文 https://例子.example/订阅?密钥=…"),
    ],
)  # fmt: skip
def test_secrets_go_and_the_rest_stays(text: str, shown: str) -> None:
    """User info and query values are hidden, control characters escaped, other words untouched."""
    assert showable(text) == shown


@given(st.text(), st.text("abcdefXYZ0123456789._~%+/@:-", min_size=8), st.text())
def test_no_query_value_gets_through(before: str, secret: str, after: str) -> None:
    """Whatever stands around an address, the value of its query is not to be read any more."""
    shown = showable(f"{before} https://h.example/f?token=!{secret}! {after}")
    assert f"!{secret}!" not in shown
    assert shown.isprintable()
