"""Which feeds name hubs, which of their changes are told, and what the web side says of both."""

from __future__ import annotations

import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from aggregator.publish.addresses import hub_links
from aggregator.publish.publisher import Publisher
from aggregator.publish.told import EVER
from aggregator.web.app import create_app
from tests.support.publishing import SITE, ShelfStore, configuration, stored
from tests.support.serving import Condition, serving

HUBS = ("https://hub.example/", "https://other.example/h?a=1&b=2")
PRIVATE = {"id": "desk", "private": {"token": "abcdefgh-0123456"}}
LINKS = f'<{HUBS[0]}>; rel="hub", <{HUBS[1]}>; rel="hub", <{SITE}%E8%B4%A2/rss.xml>; rel="self"'


def test_what_is_told_are_changed_feeds(tmp_path: Path) -> None:
    """Every feed for readers that was written, at its own address; no page, nothing private."""
    store = ShelfStore(stored(1))
    wanted = configuration(tmp_path, {"hubs": HUBS, "formats": ["rss", "html", "posts"]}, PRIVATE)
    publisher = Publisher(store, wanted)
    first = publisher.publish_changed()
    paths = ("all", "finance", "finance/sina", "tech")
    assert sorted(first.topics) == [f"{SITE}{path}/rss.xml" for path in paths]
    assert publisher.publish_changed().topics == ()
    store.put(stored(2, paths=("tech",)))
    told = publisher.publish_changed().topics
    assert sorted(told) == [f"{SITE}{path}/rss.xml" for path in ("all", "tech")]


def test_what_was_written_since_is_found_again(tmp_path: Path) -> None:
    """By the times of the files: at the moment itself it was told, later it was not."""
    store = ShelfStore(stored(1))
    wanted = configuration(tmp_path, {"hubs": HUBS, "formats": ["rss", "html", "posts"]}, PRIVATE)
    publisher = Publisher(store, wanted)
    told = publisher.publish_changed().topics
    now = datetime(2026, 11, 24, 12, tzinfo=UTC)
    for file in (tmp_path / "feeds").rglob("rss.xml"):
        os.utime(file, (now.timestamp(), now.timestamp()))
    assert sorted(publisher.topics(now - timedelta(seconds=1))) == sorted(told)
    assert publisher.topics(now) == []
    later = now.timestamp() + 1
    os.utime(tmp_path / "feeds/tech/rss.xml", (later, later))
    assert publisher.topics(now) == [f"{SITE}tech/rss.xml"]
    assert Publisher(store, configuration(tmp_path)).topics(now) == []


def test_what_hubs_were_told_is_noted_without_their_addresses(tmp_path: Path) -> None:
    """A hub's path may hold a secret, and the folder may be served by others."""
    told = Publisher(ShelfStore(), configuration(tmp_path)).told
    now = datetime(2026, 11, 24, 12, tzinfo=UTC)
    for hub, moment in zip(HUBS, (now, now + timedelta(hours=1)), strict=True):
        told.note(hub, moment)
    assert [told.until(hub) < now + timedelta(hours=1) for hub in HUBS] == [True, True]
    assert told.until(HUBS[1]) - told.until(HUBS[0]) == timedelta(hours=1)
    assert told.until("https://new.example/") == EVER
    (note,) = (tmp_path / "feeds").iterdir()
    assert b"hub.example" not in note.read_bytes()


def test_without_hubs_nothing_is_told(tmp_path: Path) -> None:
    """Feeds that name no hub are nobody's business."""
    report = Publisher(ShelfStore(stored(1)), configuration(tmp_path)).publish_changed()
    assert report.topics == ()


@pytest.mark.parametrize(
    ("name", "hubs", "links"),
    [
        ("财/rss.xml", HUBS, LINKS),
        ("财/rss.xml", (), ""),
        ("财/index.html", HUBS, ""),
        ("feeds.opml", HUBS, ""),
        ("health/rss.xml", HUBS, ""),
        ("财/archive/2026-01/rss.xml", HUBS, ""),
    ],
)
def test_a_feed_links_to_its_hubs_and_to_itself(
    name: str, hubs: tuple[str, ...], links: str
) -> None:
    """Pages, the health feed and a site without hubs have no such links."""
    assert hub_links(SITE, hubs, name) == links


def test_the_links_come_with_every_answer(tmp_path: Path) -> None:
    """`Link` is there in a 200 and in a 304, and in no answer for a page."""
    (tmp_path / "财").mkdir()
    (tmp_path / "财/rss.xml").write_text("<rss/>")
    (tmp_path / "财/index.html").write_text("page")
    app = create_app(tmp_path, Condition({}), links=lambda name: hub_links(SITE, HUBS, name))
    with serving(app) as client:
        reply = client.get("/%E8%B4%A2/rss.xml")
        assert reply.headers["link"] == LINKS
        again = client.get("/%E8%B4%A2/rss.xml", {"If-None-Match": reply.headers["etag"]})
        assert (again.status, again.headers["link"]) == (304, LINKS)
        assert "link" not in client.get("/%E8%B4%A2/").headers
