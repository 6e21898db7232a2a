"""How the running service is watched: logs, table, status page, metrics, health feed."""

from __future__ import annotations

import json
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

import feedparser
import pytest
from prometheus_client.parser import text_string_to_metric_families

from tests.support.feeds import Item, rss
from tests.support.folders import configured, write
from tests.support.origin import Origin
from tests.support.running import RunningService, aggregator

SECRET = "geheim123"


@pytest.fixture
def origin() -> Iterator[Origin]:
    with Origin() as origin:
        items = [Item("A first story that has a title of its own", "https://wire.example/1")]
        origin.serve("/rss", rss(items), content_type="application/rss+xml", etag='"1"')
        yield origin


@pytest.fixture
def folder(tmp_path: Path, origin: Origin) -> Path:
    """A good source, and one that fails, with secrets in its address."""
    bad = origin.url(f"/bad?token={SECRET}").replace("http://", f"http://user:{SECRET}@")
    sources = [
        {"id": "wire", "url": origin.url("/rss"), "category": "news"},
        {"id": "bad", "url": bad, "category": "news"},
    ]
    return configured(tmp_path, sources, [{"id": "news"}], publish={"settle": "0s"})


def samples(text: str) -> dict[str, float]:
    """Metrics by name and label values."""
    return {
        " ".join((sample.name, *filter(None, sample.labels.values()))): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


def test_a_source_in_trouble_is_seen_everywhere(folder: Path) -> None:
    """Log, status page and metrics tell of the same failure, by its reason code and in words."""
    with RunningService(folder) as service:
        service.wait_for_log("source failed")
        service.wait_for_log("source read", "published")
        page = service.get("/status")
        metrics = service.get("/metrics")
        spoofed = service.get("/metrics", headers={"X-Forwarded-For": "127.0.0.1"})
    lines = [line for line in service.log if "source failed" in line]
    (told,) = (json.loads(line) for line in lines)
    assert (told["source"], told["reason"], told["failures"]) == ("bad", "http_error", 1)
    assert page.status_code == 200
    assert page.text.index('id="source-bad"') < page.text.index('id="source-wire"')
    assert "It answers with an error." in page.text
    found = samples(metrics.text)
    assert found["aggregator_fetches_total ok"] == 1
    assert found["aggregator_fetches_total failed http_error"] == 1
    assert found["aggregator_entries_total new"] == 1
    assert found["aggregator_articles"] == 1
    assert found["aggregator_sources failing"] == 1
    assert found["aggregator_published_files_total written"] > 5
    assert spoofed.status_code == 403


def test_no_secret_of_an_address_is_shown(folder: Path) -> None:
    """Neither log nor table nor any page or feed shows a password or the value of a query."""
    with RunningService(folder) as service:
        service.wait_for_log("source failed")
        service.wait_for_log("source read", "published")
        shown = [service.get(path).text for path in ("/status", "/metrics", "/readyz", "/")]
    for _ in range(3):
        aggregator(folder, "ingest", "bad")
    for command in (["sources"], ["sources", "--json"], ["ingest", "bad"]):
        done = aggregator(folder, *command)
        shown += [done.stdout, done.stderr]
    shown += [path.read_text() for path in (folder / "feeds").rglob("*") if path.is_file()]
    assert "bad" in (folder / "feeds/health/rss.xml").read_text()
    assert not [text for text in (*shown, *service.log) if SECRET in text]


def test_faults_show_no_secret(folder: Path) -> None:
    """An address that cannot be used is told without what it hides."""
    address = f"ftp://user:{SECRET}@h.example/feed?token={SECRET}"
    write(folder / "config/sources/all.yaml", {"sources": [{"id": "wire", "url": address}]})
    done = aggregator(folder, "check")
    assert done.returncode == 2
    assert "all.yaml:1:" in done.stderr
    assert SECRET not in done.stdout + done.stderr


def test_the_health_feed_tells_trouble_and_its_end(folder: Path, origin: Origin) -> None:
    """The third failure in a row and the recovery are entries, newest first, with stable ids."""
    for _ in range(3):
        assert aggregator(folder, "ingest", "bad").returncode == 1
    before = feedparser.parse(BytesIO((folder / "feeds/health/atom.xml").read_bytes())).entries
    assert [entry.title for entry in before] == ["bad cannot be read any more"]
    assert before[0].link == "https://news.example.org/status#source-bad"
    origin.serve(f"/bad?token={SECRET}", rss([]), content_type="application/rss+xml")
    assert aggregator(folder, "ingest", "bad").returncode == 0
    after = feedparser.parse(BytesIO((folder / "feeds/health/atom.xml").read_bytes())).entries
    assert [entry.title for entry in after] == ["bad can be read again", before[0].title]
    assert after[1].id == before[0].id
    everything = feedparser.parse(BytesIO((folder / "feeds/all/atom.xml").read_bytes())).entries
    assert everything == []


def test_the_table_tells_why(folder: Path) -> None:
    """`sources` sorts by trouble and says when each is due next and why; --json for programs."""
    aggregator(folder, "ingest")
    table = aggregator(folder, "sources").stdout.splitlines()
    assert "failing (1)" in table[1]
    assert "It answers with an error." in table[1]
    assert table[2].startswith("wire")
    bad, wire = json.loads(aggregator(folder, "sources", "--json").stdout)
    assert (bad["state"], bad["reason"], bad["failures"]) == ("failing", "http_error", 1)
    assert (wire["state"], wire["articles"], wire["error"]) == ("ok", 1, "")
    assert bad["why"]
    assert wire["why"]


def test_a_wrong_configuration_shows_on_the_status_page(folder: Path) -> None:
    """While files are wrong the page says where, and that the old configuration is in force."""
    with RunningService(folder) as service:
        service.wait_for_log("running")
        write(folder / "config/categories.yaml", {"categories": [{"id": "news", "titel": "x"}]})
        service.wait_for_log("the old one stays")
        page = service.get("/status").text
    assert "categories.yaml:1:" in page
    assert "the one before it is in force" in page


def test_serving_alone_shows_the_status(folder: Path) -> None:
    """`serve` has the page out of the database, and counts nothing."""
    aggregator(folder, "ingest")
    with RunningService(folder, "serve") as service:
        assert 'id="source-bad"' in service.get("/status").text
        assert service.get("/metrics").status_code == 404
