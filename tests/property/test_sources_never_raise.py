from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from aggregator.errors import ParseError
from aggregator.model.entries import ParsedDocument, RawEntry
from aggregator.model.pages import Page
from aggregator.sources import kinds
from aggregator.text.dates import parse_date
from aggregator.text.encodings import decode
from aggregator.text.xml_chars import strip_illegal

NOW = datetime(2026, 11, 23, tzinfo=UTC)
KEYS: dict[str, dict[str, object]] = {
    "feed": {"url": "https://a.example/"},
    "json": {"kind": "json", "url": "https://a.example/", "fields": {"title": "a", "link": "b"}},
    "page": {"kind": "page", "url": "https://a.example/", "items": "a", "fields": {"title": "b"}},
    "posts": {"kind": "posts", "path": "*.md"},
    "sitemap": {"kind": "sitemap", "url": "https://a.example/"},
}
PIECES = [
    b"<rss version='2.0'>", b"<channel>", b"<item>", b"</item>", b"<item/>", b"<title>",
    b"</title>", b"<link>", b"<guid>", b"<feed xmlns='http://www.w3.org/2005/Atom'>",
    b"<entry>", b"</entry>", b"<content type='xhtml'>", b"<source>", b"<author>", b"<image>",
    b"<url>", b"<loc>", b"<urlset>", b"<![CDATA[", b"]]>", b"<!--", b"-->", b"<!DOCTYPE x [",
    b"<!ENTITY a 'b'>", b"&a;", b"&", b"<", b"&#0;", b"&nbsp;", b"---\n", b"+++\n", b"a: ",
    b"- ", b"{", b"}", b"[", b"]", b'"a":', b",", b"\x00", b"\xff", b"\xef\xbb\xbf", b"\x1b$B",
    b"\xe4\xb8\x89", b"\xc8\xfd", b"text", b"\n", b"<html>", b"<a href='http://[bad'>", b"<b>",
    b"cb(", b");",
]  # fmt: skip
documents = st.lists(st.sampled_from(PIECES) | st.binary(max_size=4), max_size=40).map(b"".join)
claims = st.sampled_from(
    ["", "text/xml", "text/html; charset=gbk", "x; charset=utf-16", "x; charset="]
)


def strings(entry: RawEntry) -> list[str]:
    texts = [entry.title.value, entry.summary.value, entry.content.value, entry.guid, entry.link]
    return [*texts, *entry.authors, *entry.tags, *entry.category_path, entry.published_text]


@pytest.mark.parametrize("name", KEYS)
@settings(max_examples=150, deadline=None)
@given(body=documents, claim=claims)
def test_any_bytes_are_read_or_refused(name: str, body: bytes, claim: str) -> None:
    """No bytes make a kind raise anything but ParseError, or give a character that XML forbids."""
    kind = kinds()[name]
    spec = kind.spec.model_validate({"id": "x", **KEYS[name]})
    try:
        found = kind.parse(
            Page("https://a.example/f", 200, {"content-type": claim}, body, NOW), spec
        )
    except ParseError:
        return
    assert isinstance(found, ParsedDocument)
    for entry in found.entries:
        assert all(text == strip_illegal(text) for text in strings(entry))


@settings(max_examples=300, deadline=None)
@given(
    text=st.text(max_size=40)
    | st.lists(
        st.sampled_from(
            [
                *"0123456789:-/.,+ TZ年月日前時",
                "2021",
                "Jun",
                "GMT",
                "上午",
                "小时",
                "令和",
                "ago",
                "٣",
            ]
        ),
        max_size=14,
    ).map("".join),
    zone=st.sampled_from(["UTC", "Asia/Shanghai", "America/New_York"]),
)
def test_no_text_makes_dates_raise(text: str, zone: str) -> None:
    """A date is a moment in UTC or nothing, never an exception."""
    found = parse_date(text, NOW, ZoneInfo(zone))
    assert found is None or found.utcoffset() == UTC.utcoffset(None)


@settings(max_examples=200, deadline=None)
@given(body=st.binary(max_size=200) | documents, claim=claims)
def test_any_bytes_are_text(body: bytes, claim: str) -> None:
    """Whatever bytes and claims come, there is a text."""
    assert isinstance(decode(body, {"content-type": claim}), str)
