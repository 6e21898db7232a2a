"""A feed source whose address is a page: the feed that the page names is read."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from aggregator.fetch.due import FAILURES_ELSEWHERE
from aggregator.model.results import SourceStatus
from tests.support.origin import Origin
from tests.support.visiting import Visits

DAY = timedelta(days=1)


@pytest.fixture
def origin() -> Iterator[Origin]:
    with Origin() as running:
        yield running


@pytest.fixture
def visits(tmp_path: Path, origin: Origin) -> Iterator[Visits]:
    with Visits(tmp_path, url=origin.url("/")) as made:
        yield made


def page(origin: Origin, *feeds: str) -> None:
    """Serve the page at the source's address, which names these feeds."""
    links = "".join(f'<link rel="alternate" type="application/rss+xml" href="{f}">' for f in feeds)
    html = f"<html><head><title>A blog</title>{links}</head><body>posts</body></html>"
    origin.serve("/", html, content_type="text/html")


def feed(origin: Origin, path: str, title: str) -> None:
    item = f"<item><title>{title}</title><link>/of{path}</link></item>"
    body = f"<rss><channel><title>Blog</title>{item}</channel></rss>"
    origin.serve(path, body, etag='"1"')


def asked(origin: Origin) -> list[str]:
    return [seen.path for seen in origin.requests]


def test_feed_behind_a_page_is_read_and_remembered(visits: Visits, origin: Origin) -> None:
    """The first visit finds the feed; from then on it is asked for, conditionally."""
    page(origin, "/feed.xml", "/comments.xml")
    feed(origin, "/feed.xml", "Out of the feed")
    assert visits.visit().status is SourceStatus.OK
    assert list(visits.articles()) == ["Out of the feed"]
    assert visits.store.fetch_state("wire").moved_to == origin.url("/feed.xml")
    assert visits.visit(DAY).status is SourceStatus.NOT_MODIFIED
    assert asked(origin) == ["/", "/feed.xml", "/feed.xml"]


def test_first_feed_that_can_be_read_counts(visits: Visits, origin: Origin) -> None:
    """A link that leads nowhere is passed over."""
    page(origin, "/gone.xml", "/feed.xml")
    feed(origin, "/feed.xml", "Out of the feed")
    assert visits.visit().status is SourceStatus.OK
    assert asked(origin) == ["/", "/gone.xml", "/feed.xml"]


def test_page_without_a_feed_is_a_failure(visits: Visits, origin: Origin) -> None:
    """What came instead is told, as ever."""
    page(origin, "/gone.xml")
    result = visits.visit()
    assert result.error == "not_a_feed: an HTML page titled “A blog” came instead of a feed"
    assert visits.store.fetch_state("wire").moved_to == ""


def test_page_in_place_of_a_known_feed_is_not_followed(visits: Visits, origin: Origin) -> None:
    """An error page links to other feeds as well: where a feed was read, it stays that feed."""
    feed(origin, "/", "The feed itself")
    visits.visit()
    page(origin, "/other.xml")
    feed(origin, "/other.xml", "Not wanted")
    for _ in range(FAILURES_ELSEWHERE + 1):
        assert visits.visit(DAY).status is SourceStatus.FAILED
    assert list(visits.articles()) == ["The feed itself"]
    assert "/other.xml" not in asked(origin)


def test_feed_that_moved_is_found_again(visits: Visits, origin: Origin) -> None:
    """When the feed fails several times in a row, the page is asked again where it is now."""
    page(origin, "/feed.xml")
    feed(origin, "/feed.xml", "Before")
    visits.visit()
    page(origin, "/new.xml")
    feed(origin, "/new.xml", "After")
    origin.serve("/feed.xml", status=404)
    for _ in range(FAILURES_ELSEWHERE):
        assert visits.visit(DAY).status is SourceStatus.FAILED
    assert visits.visit(DAY).status is SourceStatus.OK
    assert set(visits.articles()) == {"Before", "After"}
