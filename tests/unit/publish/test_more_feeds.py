"""Feeds beside the tree: which articles they choose, and when they are published again."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import feedparser
import pytest
from lxml import etree

from aggregator.config.tree import all_feeds
from aggregator.model.published import StoredArticle
from aggregator.publish.choosing import LOOKED_THROUGH, Chooser
from aggregator.publish.publisher import Publisher
from tests.support.publishing import SITE, ShelfStore, configuration, stored

SINA, TECH = "finance/sina", "tech"


def titles(root: Path, name: str) -> list[str]:
    """The titles of a published feed, as a reader sees them."""
    data = (root / "feeds" / name).read_bytes()
    return [entry.title for entry in feedparser.parse(data).entries]


def chosen(tmp_path: Path, feed: Mapping[str, Any], *articles: StoredArticle) -> list[str]:
    """The titles in a feed that makes its choice among some articles."""
    wanted = configuration(tmp_path, {}, {"id": "more", **feed})
    report = Publisher(ShelfStore(*articles), wanted).publish_changed()
    assert not report.failed
    return titles(tmp_path, "more/rss.xml")


def shelf(*paths: str, **changes: Any) -> list[StoredArticle]:
    """An article for each path, numbered from 1, the newest first."""
    return [stored(number, paths=(path,), **changes) for number, path in enumerate(paths, start=1)]


def test_a_feed_that_names_nothing_has_everything(tmp_path: Path) -> None:
    """Without categories and sources, a feed chooses from all articles."""
    assert chosen(tmp_path, {}, *shelf(SINA, TECH)) == ["Article 1", "Article 2"]


def test_a_feed_has_the_articles_of_all_its_categories_once(tmp_path: Path) -> None:
    """Several categories are merged in order; what stands in two of them comes once."""
    both = stored(3, paths=(SINA, TECH))
    articles = [*shelf(SINA, TECH), both, stored(4, paths=("other",))]
    feed = {"categories": ["tech", "finance"]}
    assert chosen(tmp_path, feed, *articles) == ["Article 1", "Article 2", "Article 3"]


def test_a_feed_has_the_articles_of_its_sources(tmp_path: Path) -> None:
    """A feed that names sources has nothing from others."""
    articles = [stored(1, source_id="a"), stored(2, source_id="b"), stored(3, source_id="a")]
    assert chosen(tmp_path, {"sources": "a"}, *articles) == ["Article 1", "Article 3"]


def test_rules_choose_and_change_what_the_feed_shows(tmp_path: Path) -> None:
    """`keep` and `drop` decide who stands in the feed; the others change articles there only."""
    rules = [
        {"replace": {"field": "title", "find": "Article", "by": "No."}},
        {"keep": {"title": "[135]"}},
    ]
    articles = [stored(number) for number in range(1, 6)]
    assert chosen(tmp_path, {"rules": rules}, *articles) == ["No. 1", "No. 3", "No. 5"]
    assert titles(tmp_path, "all/rss.xml")[0] == "Article 1"


def test_the_limits_of_a_feed_are_its_own(tmp_path: Path) -> None:
    """`articles` counts what the rules left, `per_source` holds for each source."""
    articles = [stored(n, source_id="loud" if n < 9 else "calm") for n in range(1, 13)]
    rules = [{"drop": {"title": "Article 1$"}}]
    feed = {"rules": rules, "articles": 4, "per_source": 2}
    expected = ["Article 2", "Article 3", "Article 9", "Article 10"]
    assert chosen(tmp_path, feed, *articles) == expected


@pytest.mark.parametrize(("minutes", "count"), [(58, 2), (59, 3), (60, 3)])
def test_ages_count_back_from_the_newest_article(tmp_path: Path, minutes: int, count: int) -> None:
    """`max_age` leaves out what is older than that before the newest one, not before today."""
    articles = [stored(1), stored(30), stored(60)]  # 0, 29 and 59 minutes before the newest
    assert len(chosen(tmp_path, {"max_age": f"{minutes}m"}, *articles)) == count


def test_rules_change_the_text_of_bodies_there(tmp_path: Path) -> None:
    """`replace` over bodies holds for the feed that asks for it, not for the others."""
    rules = [{"replace": {"field": "body", "find": "old", "by": "<new>"}}]
    chosen(tmp_path, {"rules": rules}, stored(1, body="<p>An old text</p>"))
    more, whole = (
        feedparser.parse((tmp_path / "feeds" / name).read_bytes()).entries[0].content[0].value
        for name in ("more/atom.xml", "all/atom.xml")
    )
    assert (more, whole) == ("<p>An &lt;new&gt; text</p>", "<p>An old text</p>")


def test_rules_that_look_at_ages_move_with_the_newest_article(tmp_path: Path) -> None:
    """A condition of age is asked again when a newer article came, and only then."""
    feed = {"id": "more", "rules": [{"drop": {"older": "9m"}}]}
    store = ShelfStore(stored(20), stored(15))
    publisher = Publisher(store, configuration(tmp_path, {}, feed))
    publisher.publish_changed()
    assert titles(tmp_path, "more/rss.xml") == ["Article 15", "Article 20"]
    store.put(stored(10))
    publisher.publish_changed()
    assert titles(tmp_path, "more/rss.xml") == ["Article 10", "Article 15"]


def test_a_feed_is_published_when_what_it_chooses_from_changed(tmp_path: Path) -> None:
    """A change elsewhere does not touch the feed; a change in its category does."""
    store = ShelfStore(*shelf(SINA, TECH))
    feed = {"id": "more", "categories": "finance"}
    publisher = Publisher(store, configuration(tmp_path, {}, feed))
    publisher.publish_changed()
    store.put(stored(5, paths=(TECH,)))
    touched = publisher.publish_changed()
    assert not [name for name in touched.written if name.startswith("more/")]
    store.put(stored(6, paths=(SINA,)))
    assert "more/rss.xml" in publisher.publish_changed().written


def test_rules_look_at_a_version_of_an_article_once(tmp_path: Path) -> None:
    """After one more article came, only that one and what is shown are loaded again."""
    wanted = configuration(tmp_path, {}, {"id": "more", "rules": [{"keep": {"title": " 99$"}}]})
    store = ShelfStore(*(stored(number) for number in range(1, 100)))
    publisher = Publisher(store, wanted)
    publisher.publish_changed()
    store.loaded.clear()
    store.put(new := stored(0))
    publisher.publish_changed()
    assert store.loaded == [new.token, stored(99).token]
    assert titles(tmp_path, "more/rss.xml") == ["Article 99"]


def test_an_edit_is_judged_again(tmp_path: Path) -> None:
    """An article that an edit makes unfit for the rules leaves the feed."""
    feed = {"id": "more", "rules": [{"keep": {"title": "Article 2$"}}]}
    store = ShelfStore(stored(1), stored(2))
    publisher = Publisher(store, configuration(tmp_path, {}, feed))
    publisher.publish_changed()
    store.articles[1] = replace(stored(2), title="Withdrawn")
    store.change(SINA)
    publisher.publish_changed()
    assert titles(tmp_path, "more/rss.xml") == []


def test_a_feed_looks_through_so_many_articles_and_no_more(tmp_path: Path) -> None:
    """What is older than the newest 5,000 is not looked at."""
    feed = {"id": "more", "rules": [{"keep": {"title": "^rare$"}}]}
    articles = [stored(number) for number in range(LOOKED_THROUGH + 1)]
    (category,) = all_feeds(configuration(tmp_path, {}, feed))
    articles[LOOKED_THROUGH - 1] = replace(articles[LOOKED_THROUGH - 1], title="rare")
    assert len(Chooser(ShelfStore(*articles)).articles(category)) == 1
    articles.insert(0, stored(-1))
    assert Chooser(ShelfStore(*articles)).articles(category) == []


def test_more_feeds_stand_in_the_opml_and_on_the_home_page(tmp_path: Path) -> None:
    """A feed beside the tree is offered like a category, after them."""
    feed = {"id": "long-reads", "title": "长文", "formats": ["atom", "html"]}
    Publisher(ShelfStore(stored(1)), configuration(tmp_path, {}, feed)).publish_changed()
    outlines = etree.parse(tmp_path / "feeds/feeds.opml").iterfind("body/outline")
    last = list(outlines)[-1]
    assert (last.get("text"), last.get("xmlUrl")) == ("长文", f"{SITE}long-reads/atom.xml")
    home = (tmp_path / "feeds/index.html").read_text(encoding="utf-8")
    assert 'href="long-reads/index.html"' in home
    assert 'href="long-reads/atom.xml"' in home


def test_a_feed_that_left_the_configuration_loses_its_files(tmp_path: Path) -> None:
    """Files of a feed that nobody names any more go."""
    store = ShelfStore(stored(1))
    Publisher(store, configuration(tmp_path, {}, {"id": "more"})).publish_changed()
    assert (tmp_path / "feeds/more/rss.xml").exists()
    Publisher(store, configuration(tmp_path)).publish_all()
    assert not (tmp_path / "feeds/more").exists()


def test_a_feed_may_become_empty(tmp_path: Path) -> None:
    """The gate lets a feed shrink to nothing when its rules want it so."""
    store = ShelfStore(*(stored(number) for number in range(1, 9)))
    Publisher(store, configuration(tmp_path, {}, {"id": "more"})).publish_changed()
    none = {"id": "more", "rules": [{"keep": {"title": "nothing"}}]}
    report = Publisher(store, configuration(tmp_path, {}, none)).publish_all()
    assert not report.failed
    assert titles(tmp_path, "more/rss.xml") == []


def test_the_same_articles_give_the_same_feed(tmp_path: Path) -> None:
    """A feed that is published anew, in another folder and at another time, has the same bytes."""
    feed = {"id": "more", "max_age": "20m", "rules": [{"drop": {"older": "5m"}}]}
    articles = [
        replace(stored(n), published_at=stored(n).published_at + timedelta(n)) for n in (1, 2)
    ]
    for folder in ("one", "two"):
        wanted = configuration(tmp_path / folder, {}, feed)
        Publisher(ShelfStore(*articles), wanted).publish_changed()
    one, two = ((tmp_path / name / "feeds/more/rss.xml").read_bytes() for name in ("one", "two"))
    assert one == two
