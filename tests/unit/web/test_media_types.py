from __future__ import annotations

from pathlib import Path

import pytest

from aggregator.web.media_types import prefers_plain_xml
from tests.support.serving import serving, site

CHROMIUM = (
    "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,image/webp,image/apng,"
    "*/*;q=0.8,application/signed-exchange;v=b3;q=0.7"
)
FIREFOX = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
MINIFLUX = (
    "application/xml, application/atom+xml, application/rss+xml, application/rdf+xml, "
    "application/feed+json, text/html, */*;q=0.9"
)


@pytest.mark.parametrize(
    ("accept", "is_browser"),
    [
        (CHROMIUM, True),
        (FIREFOX, True),
        (MINIFLUX, False),
        ("", False),
        ("*/*", False),
        ("application/xml", True),
        ("application/xml, */*", False),
        ("application/xml, application/*;q=0.9", True),
        ("application/xml;q=0.9, application/rss+xml;q=0.8, application/atom+xml;q=0.9", False),
        ("application/xml;q=0", False),
        ("application/xml;q=nonsense", True),
        (",;,=\xff", False),
        ("application/xml," + "x" * 983, True),
        ("application/xml," + "x" * 984, True),
        ("application/xml," + "x" * 985, False),
    ],
)
def test_who_gets_plain_xml(accept: str, is_browser: bool) -> None:
    """Whoever names plain XML and wants it more than what feeds are; a field too long says no."""
    assert prefers_plain_xml(accept.encode("latin-1")) == is_browser


@pytest.mark.parametrize(
    ("name", "media_type"),
    [("rss.xml", "application/rss+xml"), ("atom.xml", "application/atom+xml")],
)
def test_browsers_get_a_feed_that_they_can_show(tmp_path: Path, name: str, media_type: str) -> None:
    """The same bytes as plain XML for a browser, and as a feed for a program; caches are told."""
    (tmp_path / name).write_bytes(b"<rss/>")
    with serving(site(tmp_path)) as client:
        shown = client.get(f"/{name}", {"Accept": FIREFOX})
        read = client.get(f"/{name}", {"Accept": MINIFLUX})
    assert shown.headers["content-type"] == "application/xml; charset=utf-8"
    assert read.headers["content-type"] == f"{media_type}; charset=utf-8"
    assert shown.body == read.body
    assert shown.headers["vary"] == read.headers["vary"] == "Accept, Accept-Encoding"


def test_pages_are_what_they_are(tmp_path: Path) -> None:
    """What is no feed is sent as one type, whatever is asked for."""
    (tmp_path / "index.html").write_bytes(b"<p>x")
    with serving(site(tmp_path)) as client:
        reply = client.get("/", {"Accept": "application/xml"})
    assert reply.headers["content-type"] == "text/html; charset=utf-8"
    assert reply.headers["vary"] == "Accept-Encoding"
