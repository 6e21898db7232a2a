"""The running service as people meet it: in a browser, in a reader, on the command line."""

from __future__ import annotations

import shutil
import signal
import sqlite3
import subprocess
import time
from collections.abc import Iterator
from contextlib import closing
from io import BytesIO
from pathlib import Path

import feedparser
import pytest

from tests.support.feeds import Item, rss
from tests.support.folders import configured, write
from tests.support.newsroom import until
from tests.support.origin import Origin
from tests.support.running import RunningService, aggregator
from tests.support.shared import require

CHINESE = "第二篇文章，标题足够长，可以区分"
TREE = [{"id": "news", "title": "新闻", "categories": [{"id": "world", "title": "World & more"}]}]


@pytest.fixture
def origin() -> Iterator[Origin]:
    with Origin() as origin:
        items = [
            Item("A first story that has a title of its own", "https://wire.example/1"),
            Item(CHINESE, "https://wire.example/2", body="<p>正文。</p>"),
        ]
        origin.serve("/rss", rss(items), content_type="application/rss+xml", etag='"1"')
        yield origin


@pytest.fixture
def folder(tmp_path: Path, origin: Origin) -> Path:
    sources = [{"id": "wire", "url": origin.url("/rss"), "category": "news/world"}]
    return configured(tmp_path, sources, TREE, publish={"settle": "0s"})


def test_feeds_and_pages_are_served(folder: Path) -> None:
    """What comes in is published and served, in the feed of each category on its path."""
    with RunningService(folder) as service:
        service.wait_for_log("source read", "published")
        for path in ("/all/", "/news/", "/news/world/"):
            answer = service.get(f"{path}rss.xml")
            assert answer.headers["content-type"] == "application/rss+xml; charset=utf-8"
            feed = feedparser.parse(BytesIO(answer.content))
            assert feed.entries[0].title.startswith(("A first", "第二篇"))
            assert len(feed.entries) == 2
            assert "第二篇文章" in service.get(path).text
        assert "World &amp; more" in service.get("/").text
        assert service.get("/readyz").json()["ready"] is True
        assert service.get("/feeds.opml").status_code == 200


def test_new_article_reaches_the_feed(folder: Path, origin: Origin) -> None:
    """A story that the origin adds is in the feeds after the next visit; what was there stays."""
    first = feed_of(folder)
    items = [Item("Another story, which came later", "https://wire.example/3")]
    origin.serve("/rss", rss(items), content_type="application/rss+xml", etag='"2"')
    second = feed_of(folder)
    assert set(first) < set(second)
    assert len(second) == 3


def feed_of(folder: Path) -> dict[str, str]:
    aggregator(folder, "ingest")
    entries = feedparser.parse(BytesIO((folder / "feeds/news/rss.xml").read_bytes())).entries
    return {entry.id: entry.title for entry in entries}


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_signal_ends_it_cleanly(folder: Path, number: signal.Signals) -> None:
    """SIGTERM and Ctrl-C end the service with status 0 within ten seconds."""
    with RunningService(folder) as service:
        began = time.monotonic()
        assert service.stop(number) == 0
        assert time.monotonic() - began < 10


def test_a_first_publishing_is_ended_between_two_files(folder: Path) -> None:
    """Who stops a service that is still publishing for the first time waits for no more of it."""
    many = [{"id": f"c{number}"} for number in range(1500)]  # seconds of work, whatever the load
    write(folder / "config/categories.yaml", {"categories": [*TREE, *many]})
    service = RunningService(folder)
    service.begin()
    until((folder / "feeds/.published").exists, "it publishes", service, 30)
    assert service.stop() == 0
    assert not (folder / "feeds/index.html").exists()


def test_restart_goes_on_where_it_stopped(folder: Path, origin: Origin) -> None:
    """After a restart nothing that is not due is asked for again, and nothing is posted twice."""
    with RunningService(folder) as service:
        service.wait_for_log("source read", "published")
        before = service.get("/news/rss.xml").content
    asked = len(origin.requests)
    with RunningService(folder) as service:
        assert service.get("/news/rss.xml").content == before
    assert len(origin.requests) == asked


def test_a_restart_serves_what_is_there_and_publishes_it_anew(folder: Path) -> None:
    """What an earlier run published is served at once, and soon as today's configuration says."""
    with RunningService(folder) as service:
        service.wait_for_log("source read", "published")
    write(folder / "config/categories.yaml", {"categories": [{**TREE[0], "title": "Tidings"}]})
    with RunningService(folder) as service:
        assert service.get("/news/rss.xml").status_code == 200
        service.wait_for_log("published")
        assert "Tidings" in service.get("/news/rss.xml").text


def test_second_instance_is_refused(folder: Path) -> None:
    """A second service on the same database says so and leaves with status 2."""
    with RunningService(folder):
        second = aggregator(folder, "run")
    assert second.returncode == 2
    assert "in use by process" in second.stderr


def test_valid_change_of_configuration_is_taken_over(folder: Path) -> None:
    """A changed category is published without a restart."""
    with RunningService(folder) as service:
        service.wait_for_log("source read", "published")
        tree = [{**TREE[0], "title": "Nachrichten"}]
        write(folder / "config/categories.yaml", {"categories": tree})
        service.wait_for_log("configuration taken over")
        assert "Nachrichten" in service.get("/news/rss.xml").text


def test_invalid_change_of_configuration_is_refused(folder: Path) -> None:
    """A configuration with a fault leaves the old one in force; log and health say why."""
    with RunningService(folder) as service:
        service.wait_for_log("source read", "published")
        write(folder / "config/categories.yaml", {"categories": [{"id": "news", "titel": "x"}]})
        service.wait_for_log("the old one stays")
        assert any("title" in line and "categories.yaml:1:" in line for line in service.log)
        assert "configuration" in service.get("/readyz").text
        assert "新闻" in service.get("/news/rss.xml").text


def test_newsboat_shows_the_articles(folder: Path, tmp_path: Path) -> None:
    """A reader from Debian subscribes to a category of the running service and shows it."""
    require("newsboat", present=shutil.which("newsboat") is not None)
    with RunningService(folder) as service:
        service.wait_for_log("source read", "published")
        (tmp_path / "urls").write_text(service.url("/news/atom.xml") + "\n")
        files = ["-u", f"{tmp_path}/urls", "-c", f"{tmp_path}/cache.db", "-C", "/dev/null"]
        environment = {"HOME": str(tmp_path), "LANG": "C.UTF-8", "TERM": "xterm", "NO_PROXY": "*"}
        for command in ("reload", "print-unread"):
            done = subprocess.run(
                ["newsboat", *files, "-x", command],
                capture_output=True, text=True, timeout=60, check=True, env=environment,
            )  # fmt: skip
        assert done.stdout.startswith("2 ")
    with closing(sqlite3.connect(tmp_path / "cache.db")) as cache:
        assert CHINESE in {title for (title,) in cache.execute("select title from rss_item")}


def test_failing_source_shows_in_status_and_words(folder: Path, origin: Origin) -> None:
    """A source that fails makes `ingest` leave with 1 and is told with its reason."""
    origin.serve("/rss", b"gone fishing", content_type="text/plain", status=500)
    done = aggregator(folder, "ingest")
    assert done.returncode == 1
    assert "wire failed: http_error" in done.stderr
    listed = aggregator(folder, "sources")
    assert listed.returncode == 0
    assert "failing (1)" in listed.stdout
