"""The health feed is judged by what a reader gets out of it."""

from __future__ import annotations

import io
from datetime import timedelta
from pathlib import Path
from typing import Any

import feedparser
import pytest

from aggregator.errors import FetchReason, ParseReason
from aggregator.formats.health_words import ENGLISH, error_in_words, health_words
from aggregator.model.health import EventKind, SourceEvent
from aggregator.publish.publisher import Publisher
from tests.support.publishing import NOON, SITE, ShelfStore, configuration, stored


def event(number: int = 1, **changes: Any) -> SourceEvent:
    values: dict[str, Any] = {
        "public_id": f"tag:news.example.org,2026-01-31:health/{number}",
        "source_id": "wire",
        "title": "The <Wire> & more",
        "kind": EventKind.BROKEN,
        "happened_at": NOON - timedelta(minutes=number),
        "detail": "timeout: 20 s <script>alert(1)</script>",
    }
    return SourceEvent(**values | changes)


def entries(root: Path, name: str) -> list[Any]:
    found = feedparser.parse(io.BytesIO((root / "feeds" / name).read_bytes()))
    assert not found.bozo
    return list(found.entries)


def test_an_event_is_an_entry(tmp_path: Path) -> None:
    """RSS, Atom and page tell what happened, why, and where to look, in the site's language."""
    store = ShelfStore(stored(1))
    store.happen(event())
    Publisher(store, configuration(tmp_path)).publish_changed()
    for name in ("health/rss.xml", "health/atom.xml"):
        (entry,) = entries(tmp_path, name)
        assert entry.title.endswith("：无法读取")
        assert entry.id == event().public_id
        assert entry.link == f"{SITE}status#source-wire"
        assert "未能及时响应" in entry.summary
    page = (tmp_path / "feeds/health/index.html").read_text()
    assert "The &lt;Wire&gt; &amp; more" in page
    assert "<script" not in page
    assert "/articles/" not in page


def test_content_feeds_never_tell_of_sources(tmp_path: Path) -> None:
    """Events are in no other feed, not on the home page and not in the OPML."""
    store = ShelfStore(stored(1))
    before = Publisher(store, configuration(tmp_path)).publish_changed()
    store.happen(event())
    after = Publisher(store, configuration(tmp_path)).publish_changed()
    assert set(after.written) == {"health/rss.xml", "health/atom.xml", "health/index.html"}
    assert "feeds.opml" in before.written
    assert "health" not in (tmp_path / "feeds/feeds.opml").read_text()


def test_an_empty_feed_is_there_from_the_start(tmp_path: Path) -> None:
    """One can subscribe before anything happened; a deleted file comes back by itself."""
    store = ShelfStore()
    publisher = Publisher(store, configuration(tmp_path))
    publisher.publish_changed()
    assert entries(tmp_path, "health/rss.xml") == []
    (tmp_path / "feeds/health/rss.xml").unlink()
    assert publisher.publish_changed().written == ("health/rss.xml",)


def test_the_same_events_give_the_same_bytes(tmp_path: Path) -> None:
    """A second publisher finds nothing to write."""
    store = ShelfStore()
    store.happen(event(2, kind=EventKind.MOVED, detail="https://new.example/"), event(3))
    Publisher(store, configuration(tmp_path)).publish_changed()
    assert Publisher(store, configuration(tmp_path)).publish_all().written == ()
    assert store.changed_categories() == {}


def test_without_pages_there_are_feeds_all_the_same(tmp_path: Path) -> None:
    """Whatever formats the content has, the health feed can be read; its page needs the style."""
    Publisher(ShelfStore(), configuration(tmp_path, {"formats": ["json"]})).publish_all()
    here = sorted(path.name for path in (tmp_path / "feeds/health").iterdir())
    assert here == ["atom.xml", "rss.xml"]


def test_it_holds_the_newest_hundred(tmp_path: Path) -> None:
    """The feed does not grow for ever."""
    store = ShelfStore()
    store.happen(*(event(number) for number in range(1, 131)))
    Publisher(store, configuration(tmp_path)).publish_changed()
    found = entries(tmp_path, "health/atom.xml")
    assert len(found) == 100
    assert found[0].id == event(1).public_id


@pytest.mark.parametrize("words", [ENGLISH, health_words("zh-CN")])
def test_no_word_is_missing(words: dict[str, str]) -> None:
    """Every event and every reason can be told in both languages."""
    assert words.keys() == ENGLISH.keys()
    for kind in EventKind:
        assert "{title}" in words[f"event_{kind}"]
        assert words[f"about_{kind}"]
    for reason in (*FetchReason, *ParseReason):
        assert error_in_words(f"{reason}: x", words) == words[f"reason_{reason}"]
    assert error_in_words("", words) == ""
    assert error_in_words("no such word: x", words) == "no such word: x"


def _lost(tmp_path: Path) -> tuple[ShelfStore, Publisher]:
    """A published feed of one article, and a publisher whose store has lost it."""
    Publisher(ShelfStore(stored(1)), configuration(tmp_path)).publish_changed()
    lost = ShelfStore()
    lost.change("finance/sina")
    return lost, Publisher(lost, configuration(tmp_path), clock=lambda: NOON)


def test_a_feed_that_is_held_back_is_told_once(tmp_path: Path) -> None:
    """Why, what to do and which feed; the next attempts, which fail alike, say no more."""
    lost, publisher = _lost(tmp_path)
    report = publisher.publish_changed()
    held = sorted(report.refused)
    assert held == ["all", "finance", "finance/sina"]
    for name in ("health/rss.xml", "health/atom.xml"):
        found = {entry.link: entry for entry in entries(tmp_path, name)}
        assert sorted(found) == sorted(f"{SITE}{path}/" for path in held)
        entry = found[f"{SITE}finance/sina/"]
        assert entry.title.endswith("：暂缓发布")
        assert "aggregator publish --force" in entry.summary
    whole = (tmp_path / "feeds/health/atom.xml").read_text()
    assert "finance/sina/rss.xml was not replaced: it would have 0 articles" in whole
    for _ in range(2):
        lost.change("finance/sina")
        publisher.publish_changed()
        assert (tmp_path / "feeds/health/atom.xml").read_text() == whole


def test_a_feed_that_is_published_again_is_told(tmp_path: Path) -> None:
    """By force, or because what was missing came back; and if it is held back anew, that too."""
    lost, publisher = _lost(tmp_path)
    publisher.publish_changed()
    lost.put(stored(1))
    assert not publisher.publish_changed().failed
    kinds = [each.kind for each in lost.events(9)]
    assert kinds == [EventKind.ACCEPTED] * 3 + [EventKind.REFUSED] * 3
    titles = [entry.title for entry in entries(tmp_path, "health/rss.xml")]
    assert sum(title.endswith("：恢复发布") for title in titles) == 3
    lost.articles.clear()
    lost.change("finance/sina")
    publisher.publish_changed()
    publisher.publish_all(force=True)
    assert [each.kind for each in lost.events(6)] == kinds


def test_other_trouble_of_a_feed_is_not_the_gate(tmp_path: Path) -> None:
    """A file that cannot be written is told by the report, not as a judgement on its content."""
    (tmp_path / "feeds/finance/sina/rss.xml").mkdir(parents=True)
    store = ShelfStore(stored(1))
    report = Publisher(store, configuration(tmp_path), clock=lambda: NOON).publish_changed()
    assert "finance/sina" in report.failed
    assert not report.refused
    assert store.events(9) == []
