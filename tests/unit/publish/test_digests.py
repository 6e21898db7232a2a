"""Digests, judged by the feed that they publish: one entry a period, which never changes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import feedparser
import pytest
from lxml import html

from aggregator.model.published import StoredArticle
from aggregator.publish.editions import EDITIONS_SHOWN, FIRST_EDITIONS, MOST_MISSED
from aggregator.publish.publisher import Publisher
from tests.support.publishing import SITE, ShelfStore, configuration, stored

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
SEVEN = datetime(2026, 1, 30, 23, tzinfo=UTC)
"""Seven in the morning of 31 January in Shanghai, which is the site's zone."""
DAILY = {"id": "morning", "title": "早报", "digest": {"at": "07:00"}}


class World:
    """A publisher over a shelf, and the time of day."""

    def __init__(self, root: Path, feed: Mapping[str, Any], *articles: StoredArticle) -> None:
        self.now = SEVEN
        self.root = root
        self.store = ShelfStore(*articles)
        self.publisher = self._publisher(feed)

    def _publisher(self, feed: Mapping[str, Any]) -> Publisher:
        return Publisher(self.store, configuration(self.root, {}, feed), clock=lambda: self.now)

    def restart(self, feed: Mapping[str, Any]) -> None:
        """Begin again with another configuration, on the same database."""
        self.publisher = self._publisher(feed)
        self.publisher.publish_all()

    def at(self, moment: datetime) -> list[Any]:
        """Publish what changed at a moment; the entries of the digest then."""
        self.now = moment
        assert not self.publisher.publish_changed().failed
        return self.entries()

    def entries(self) -> list[Any]:
        """The digest as a reader sees it."""
        parsed = feedparser.parse((self.root / "feeds/morning/atom.xml").read_bytes())
        return list(parsed.entries)


def told(entry: Any) -> list[str]:
    """The titles in an edition."""
    body = entry.content[0].value
    return [str(each.xpath("string()")) for each in html.fromstring(f"<p>{body}</p>").iter("h3")]


def at(moment: datetime, number: int, **changes: Any) -> StoredArticle:
    """An article of that moment."""
    return stored(number, published_at=moment, updated_at=moment, **changes)


def test_an_edition_has_the_titles_and_summaries_of_its_day(tmp_path: Path) -> None:
    """From seven to seven: the first moment belongs to it, the last one to the next."""
    articles = [at(SEVEN - DAY - HOUR / 3600, 1), at(SEVEN - DAY, 2), at(SEVEN - HOUR, 3)]
    world = World(tmp_path, DAILY, *articles, at(SEVEN, 4))
    newest, before = world.at(SEVEN)
    assert (newest.title, told(newest)) == ("早报: 2026-01-31", ["Article 3", "Article 2"])
    assert told(before) == ["Article 1"]
    assert "What article 2 is about" in newest.content[0].value
    assert 'href="https://origin.example/2"' in newest.content[0].value
    assert newest.summary == "Article 3 · Article 2"
    assert newest.published_parsed[:5] == (2026, 1, 30, 23, 0)
    assert newest.id == "tag:news.example.org,2026:digests/morning/20260130T2300Z"
    assert newest.link == f"{SITE}morning/#digest-20260130T2300Z"


def test_nothing_is_told_before_the_period_ends(tmp_path: Path) -> None:
    """A second before seven there is no edition of the day; at seven there is."""
    world = World(tmp_path, DAILY, at(SEVEN - HOUR, 1))
    assert world.at(SEVEN - HOUR / 3600) == []
    assert len(world.at(SEVEN)) == 1


def test_a_closed_edition_never_changes(tmp_path: Path) -> None:
    """Edits, lost articles, new titles of the digest and other rules leave its bytes alone."""
    world = World(tmp_path, DAILY, at(SEVEN - HOUR, 1), at(SEVEN - 2 * HOUR, 2))
    (before,) = world.at(SEVEN)
    world.store.articles[0] = replace(world.store.articles[0], title="Edited", body="<p>New</p>")
    del world.store.articles[1]
    world.store.change("finance/sina")
    (after,) = world.at(SEVEN + HOUR)
    assert after == before
    world.restart({**DAILY, "title": "晨报", "rules": [{"drop": {"title": "."}}]})
    assert world.entries() == [before]


def test_what_came_late_stands_in_the_next_edition(tmp_path: Path) -> None:
    """An article of yesterday that came after closing is told today, and no article twice."""
    world = World(tmp_path, DAILY, at(SEVEN - HOUR, 1))
    world.at(SEVEN)
    world.store.put(at(SEVEN - 2 * HOUR, 2), at(SEVEN + HOUR, 3))
    newest, _ = world.at(SEVEN + DAY)
    assert told(newest) == ["Article 3", "Article 2"]
    assert len(world.at(SEVEN + 2 * DAY)) == 2


def test_a_day_without_articles_has_no_entry(tmp_path: Path) -> None:
    """Nothing to tell is not told; the next edition covers its own day only."""
    world = World(tmp_path, DAILY, at(SEVEN - HOUR, 1))
    world.at(SEVEN)
    assert len(world.at(SEVEN + DAY)) == 1
    world.store.put(at(SEVEN + DAY + HOUR, 2))
    newest, _ = world.at(SEVEN + 2 * DAY)
    assert (newest.title, told(newest)) == ("早报: 2026-02-02", ["Article 2"])


def test_a_digest_is_due_when_its_time_comes_and_only_then(tmp_path: Path) -> None:
    """New articles do not touch it; the time alone does, without any change."""
    world = World(tmp_path, DAILY, at(SEVEN - HOUR, 1))
    world.at(SEVEN)
    path = tmp_path / "feeds/morning/rss.xml"
    stamp = path.stat().st_mtime_ns
    world.store.put(at(SEVEN + HOUR, 2))
    world.at(SEVEN + 2 * HOUR)
    assert path.stat().st_mtime_ns == stamp
    world.at(SEVEN + DAY)
    assert path.stat().st_mtime_ns != stamp


def test_days_that_were_missed_are_made_up_for(tmp_path: Path) -> None:
    """After a pause each day gets its edition, as if nothing had happened."""
    world = World(tmp_path, DAILY, *(at(SEVEN + day * DAY - HOUR, day + 1) for day in range(4)))
    world.at(SEVEN)
    assert [told(entry) for entry in world.at(SEVEN + 3 * DAY)] == [
        [f"Article {number}"] for number in (4, 3, 2, 1)
    ]


@pytest.mark.parametrize("more", [0, 1])
def test_so_many_days_are_made_up_for_and_no_more(tmp_path: Path, more: int) -> None:
    """After a longer pause the first edition covers all that was missed before."""
    world = World(tmp_path, DAILY, at(SEVEN + HOUR, 1))
    world.at(SEVEN)
    world.at(SEVEN + (MOST_MISSED + more) * DAY)
    editions = world.store.editions("morning", 99)
    assert len(editions) == FIRST_EDITIONS + MOST_MISSED
    first = editions[MOST_MISSED - 1]
    assert first.closed_at - first.opened_at == (1 + more) * DAY
    assert "Article 1" in first.body


def test_a_new_digest_goes_back_a_few_periods(tmp_path: Path) -> None:
    """Stored articles fill it at once, and not without bound."""
    articles = [at(SEVEN - day * DAY - HOUR, day + 1) for day in range(FIRST_EDITIONS + 1)]
    assert len(World(tmp_path, DAILY, *articles).at(SEVEN)) == FIRST_EDITIONS


def test_the_feed_holds_so_many_editions(tmp_path: Path) -> None:
    """The oldest ones leave the feed, and stay as they were in the database."""
    articles = [at(SEVEN + day * DAY - HOUR, day + 1) for day in range(MOST_MISSED)]
    world = World(tmp_path, DAILY, *articles)
    world.at(SEVEN)
    assert len(world.at(SEVEN + (MOST_MISSED - 1) * DAY)) == EDITIONS_SHOWN
    assert told(world.entries()[-1]) == ["Article 2"]


def test_a_digest_chooses_like_other_feeds(tmp_path: Path) -> None:
    """Categories, sources, rules and limits hold for each edition."""
    feed = {
        **DAILY,
        "categories": "finance",
        "rules": [{"drop": {"title": "1"}}],
        "per_source": 2,
        "articles": 3,
    }
    articles = [
        at(SEVEN - number * HOUR, number, source_id="a" if number < 7 else "b")
        for number in range(1, 10)
    ]
    world = World(tmp_path, feed, *articles, at(SEVEN - HOUR, 99, paths=("tech",)))
    (entry,) = world.at(SEVEN)
    assert told(entry) == ["Article 2", "Article 3", "Article 7"]


def test_a_weekly_digest_names_its_days(tmp_path: Path) -> None:
    """A week that ends on Monday at midnight is named by its Monday and its Sunday."""
    feed = {**DAILY, "digest": {"every": "week"}}
    midnight = datetime(2026, 1, 25, 16, tzinfo=UTC)
    world = World(tmp_path, feed, at(midnight - HOUR, 1), at(midnight - 6 * DAY, 2))
    (entry,) = world.at(midnight + HOUR)
    assert entry.title == "早报: 2026-01-19 – 2026-01-25"
    assert told(entry) == ["Article 1", "Article 2"]


def test_another_time_of_day_leaves_no_gap(tmp_path: Path) -> None:
    """After a change the next edition begins where the last one ended."""
    world = World(tmp_path, DAILY, at(SEVEN - HOUR, 1))
    world.at(SEVEN)
    world.store.put(at(SEVEN + HOUR, 2), at(SEVEN + 12 * HOUR, 3))
    world.now = SEVEN + 11 * HOUR  # 18:00
    world.restart({**DAILY, "digest": {"at": "18:00"}})
    newest, _ = world.entries()
    assert told(newest) == ["Article 2"]
    assert told(world.at(SEVEN + 35 * HOUR)[0]) == ["Article 3"]


def test_what_sources_write_stays_text(tmp_path: Path) -> None:
    """Titles, summaries and origins are escaped in an edition's body."""
    evil = "<script>alert(1)</script>"
    world = World(tmp_path, DAILY, at(SEVEN - HOUR, 1, title=evil, summary=evil, link=f'"{evil}'))
    world.at(SEVEN)
    page = (tmp_path / "feeds/morning/index.html").read_text(encoding="utf-8")
    assert "<script" not in page
    assert 'id="digest-20260130T2300Z"' in page
    (edition,) = (each for each in world.store.editions("morning", 9) if each.body)
    assert edition.body.count("&lt;script&gt;") == 2


def test_without_a_clock_no_digest_closes(tmp_path: Path) -> None:
    """Whoever publishes without knowing the time shows what is closed, and closes nothing."""
    store = ShelfStore(at(SEVEN - HOUR, 1))
    Publisher(store, configuration(tmp_path, {}, DAILY)).publish_all()
    assert store.editions("morning", 9) == []
