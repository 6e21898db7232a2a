"""The rules for JSON Feed and OPML are tried with one good document, and one fault at a time."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.support.validator import json_feed, opml

ITEM: dict[str, Any] = {
    "id": "1",
    "url": "https://a.example/1",
    "title": "One",
    "content_html": "<p>One</p>",
    "image": "https://a.example/1.png",
    "date_published": "2026-01-31T12:00:00Z",
    "authors": [{"name": "A"}],
    "tags": ["x"],
    "language": "zh-CN",
    "attachments": [{"url": "https://a.example/1.mp3", "mime_type": "audio/mpeg"}],
    "_ours": {"about": "https://a.example/"},
}
FEED: dict[str, Any] = {
    "version": "https://jsonfeed.org/version/1.1",
    "title": "News",
    "feed_url": "https://a.example/feed.json",
    "next_url": "https://a.example/2.json",
    "hubs": [{"type": "WebSub", "url": "https://hub.example/"}],
    "items": [ITEM],
}
FILE = {"url": "https://a.example/1.mp3", "mime_type": "audio/mpeg"}


def _told(feed: object) -> set[str]:
    return {finding.event for finding in json_feed.judge(json.dumps(feed).encode())}


def test_good_lists_are_good() -> None:
    """Nothing is found where nothing is wrong."""
    assert _told(FEED) == set()
    assert opml.judge(_opml()) == []


@pytest.mark.parametrize(
    ("changes", "event"),
    [
        ({"version": "https://jsonfeed.org/version/1"}, "WrongVersion"),
        ({"title": 1}, "WrongType"),
        ({"items": {}}, "WrongType"),
        ({"items": ["x"]}, "WrongType"),
        ({"home_page_url": "/news"}, "InvalidLink"),
        ({"icon": "icon.png"}, "InvalidLink"),
        ({"favicon": "data:,"}, "InvalidLink"),
        ({"next_url": FEED["feed_url"]}, "SelfReference"),
        ({"expired": "no"}, "WrongType"),
        ({"language": "english language"}, "InvalidLanguage"),
        ({"hubs": [{"type": "WebSub"}]}, "MissingElement"),
        ({"hubs": [{"type": "WebSub", "url": "hub"}]}, "InvalidLink"),
        ({"authors": [{}]}, "NotBlank"),
        ({"authors": [{"_x": {}}]}, "NotBlank"),
        ({"authors": ["A"]}, "WrongType"),
        ({"authors": [{"name": "A", "avatar": "a.png"}]}, "InvalidLink"),
        ({"author": {"name": "A"}}, "UndefinedElement"),
        ({"_1": {}}, "InvalidExtension"),
        ({"_a.b": {}}, "InvalidExtension"),
        ({"_a": "text"}, "InvalidExtension"),
    ],
)
def test_a_wrong_feed_is_told(changes: dict[str, Any], event: str) -> None:
    """Each rule of JSON Feed 1.1 about the feed itself finds its fault, and only that one."""
    assert _told({**FEED, **changes}) == {event}


@pytest.mark.parametrize(
    ("changes", "event"),
    [
        ({"id": ""}, "NotBlank"),
        ({"id": 1}, "WrongType"),
        ({"content_html": None}, "WrongType"),
        ({"content_html": "<img src='a.png'>"}, "ContainsRelRef"),
        ({"content_html": "<script>1</script>"}, "SecurityRisk"),
        ({"url": "a"}, "InvalidLink"),
        ({"external_url": "a"}, "InvalidLink"),
        ({"banner_image": "a"}, "InvalidLink"),
        ({"date_published": "Sat, 31 Jan 2026 12:00:00 GMT"}, "InvalidRFC3339Date"),
        ({"date_modified": "2126-01-31T12:00:00Z"}, "ImplausibleDate"),
        ({"tags": [""]}, "NotBlank"),
        ({"tags": "x"}, "WrongType"),
        ({"attachments": [{"url": FILE["url"]}]}, "InvalidMIMEType"),
        ({"attachments": [{**FILE, "mime_type": "mp3"}]}, "InvalidMIMEType"),
        ({"attachments": [{**FILE, "size_in_bytes": -1}]}, "InvalidNonNegativeInteger"),
        ({"attachments": [{**FILE, "size_in_bytes": True}]}, "InvalidNonNegativeInteger"),
        ({"attachments": [{**FILE, "size_in_bytes": "9"}]}, "WrongType"),
        ({"attachments": [{**FILE, "duration_in_seconds": -1}]}, "InvalidNonNegativeInteger"),
        ({"guid": "1"}, "UndefinedElement"),
    ],
)
def test_a_wrong_item_is_told(changes: dict[str, Any], event: str) -> None:
    """Each rule about an item finds its fault."""
    assert event in _told({**FEED, "items": [{**ITEM, **changes}]})


@pytest.mark.parametrize(
    ("body", "event"),
    [
        (b"[]", "NotJson"),
        (b"{", "NotJson"),
        (json.dumps(FEED).encode("utf-16"), "NotJson"),
        (b'{"title": NaN}', "NotJson"),
        (b'{"title": "a", "title": "b"}', "NotJson"),
        (json.dumps({**FEED, "items": [ITEM, ITEM]}).encode(), "DuplicateEntries"),
        (json.dumps({**FEED, "items": [{"id": "1"}]}).encode(), "MissingContent"),
        (json.dumps({**FEED, "items": [{"content_text": "x"}]}).encode(), "MissingElement"),
    ],
)
def test_what_is_no_json_feed_is_told(body: bytes, event: str) -> None:
    """Other encodings, keys that come twice and ids that are missing or repeated, too."""
    assert event in {finding.event for finding in json_feed.judge(body)}


_RSS = '<outline text="A" type="rss" xmlUrl="https://a.example/rss.xml"/>'


def _opml(outlines: str = _RSS, head: str = "<title>News</title>", version: str = "2.0") -> bytes:
    space = 'xmlns:x="https://x.example/"'
    inside = f"<head>{head}</head><body>{outlines}</body>"
    return f'<opml version="{version}" {space}>{inside}</opml>'.encode()


@pytest.mark.parametrize(
    "outline",
    [
        '<outline text="A"><outline text="B" language="zh-CN" category="/a/b,c"/></outline>',
        '<outline text="A" type="link" url="https://a.example/" isComment="false"/>',
        '<outline text="A" x:id="1" created="Sat, 31 Jan 2026 12:00:00 GMT"/><x:more/>',
        '<outline text="A" type="rss" version="RSS1" xmlUrl="https://a.example/a?b=1"/>',
    ],
)
def test_an_outline_may_say_what_the_specification_names(outline: str) -> None:
    """And what stands in a namespace of its own."""
    assert opml.judge(_opml(outline)) == []


@pytest.mark.parametrize(
    ("body", "event"),
    [
        (b"<opml", "SAXError"),
        (_opml(version="1.0"), "WrongVersion"),
        (b'<opml version="2.0"><body/><head/></opml>', "MissingElement"),
        (_opml(""), "MissingElement"),
        (_opml("<outline/>"), "NotBlank"),
        (_opml('<outline text=" "/>'), "NotBlank"),
        (_opml('<outline text="A"><feed/></outline>'), "UndefinedElement"),
        (_opml('<outline text="A" feed="x"/>'), "UndefinedAttribute"),
        (_opml('<outline text="A" type="rss"/>'), "MissingAttribute"),
        (_opml('<outline text="A" type="link"/>'), "MissingAttribute"),
        (_opml('<outline text="A" type="include"/>'), "MissingAttribute"),
        (_opml('<outline text="A" type="rss" xmlUrl="feed.xml"/>'), "InvalidLink"),
        (_opml('<outline text="A" htmlUrl="ftp://a.example/"/>'), "InvalidLink"),
        (_opml('<outline text="A" isComment="yes"/>'), "InvalidValue"),
        (_opml('<outline text="A" isBreakpoint="1"/>'), "InvalidValue"),
        (_opml('<outline text="A" version="2.0"/>'), "InvalidValue"),
        (_opml('<outline text="A" created="2026-01-31"/>'), "InvalidRFC2822Date"),
        (_opml('<outline text="A" category="a,,b"/>'), "NotBlank"),
        (_opml('<outline text="A" language="in English"/>'), "InvalidLanguage"),
        (_opml(_RSS + _RSS), "DuplicateEntries"),
        (_opml(head="<title>A</title><title>B</title>"), "DuplicateElement"),
        (_opml(head="<name>A</name>"), "UndefinedElement"),
        (_opml(head="<dateCreated>today</dateCreated>"), "InvalidRFC2822Date"),
        (_opml(head="<ownerEmail>A at a</ownerEmail>"), "InvalidContact"),
        (_opml(head="<ownerId>A</ownerId>"), "InvalidLink"),
        (_opml(head="<expansionState>1, two</expansionState>"), "InvalidNonNegativeInteger"),
        (_opml(head="<windowTop>top</windowTop>"), "InvalidNonNegativeInteger"),
    ],
)
def test_a_wrong_list_is_told(body: bytes, event: str) -> None:
    """Each rule of OPML 2.0 finds its fault, and only that one."""
    assert {finding.event for finding in opml.judge(body)} == {event}
