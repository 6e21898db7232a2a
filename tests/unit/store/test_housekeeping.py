from __future__ import annotations

from datetime import timedelta

import pytest

from aggregator.model.articles import Article
from aggregator.model.pages import ArticlePage
from aggregator.model.results import Outcome, Tally
from aggregator.model.settings import Keep
from aggregator.store.store import Store
from tests.support.outcomes import NOON, article, decide, digest, outcome, result

DAY = timedelta(days=1)
KEEP = Keep(articles=365 * DAY, fetches=30 * DAY)


def test_old_articles_go_and_never_come_back(ready: Store) -> None:
    """Retention empties an article; its keys stay, so that it is not new when it shows up again."""
    old = article()
    ready.record([outcome(old)], decide(), NOON)
    (stored,) = ready.newest("all", 10, 0)
    ready.mark_published(ready.changed_categories())
    later = NOON + 365 * DAY + timedelta(microseconds=1)
    assert ready.housekeeping(later, KEEP)["articles"] == 1
    assert list(ready.newest("all", 10, 0)) == []
    assert set(ready.changed_categories()) == {"all", "news", "news/world"}
    assert ready.article(stored.token) is None
    assert len(ready.copies(stored.token)) == 1
    assert ready.record([outcome(old)], decide(), later) == (Tally(unchanged=1),)
    edited = article(body="<p>edited</p>")
    assert ready.record([outcome(edited)], decide(), later) == (Tally(changed=1),)
    assert list(ready.newest("all", 10, 0)) == []
    assert ready.article(stored.token) is None
    assert ready.housekeeping(later, KEEP)["articles"] == 0


@pytest.mark.parametrize(
    "again",
    [
        article(source="echo", categories=("sport",)),
        article(source="echo", categories=("sport",), title="The whole long story of the STORM"),
        article(key="another id"),
    ],
)
def test_another_copy_of_what_was_removed_is_not_new(ready: Store, again: Article) -> None:
    """A copy of an article that retention removed joins it: from another source, or by a new id."""
    ready.record([outcome(article())], decide(), NOON)
    later = NOON + 400 * DAY
    ready.housekeeping(later, KEEP)
    source = again.entry.source_id
    assert ready.record([outcome(again, source=source)], decide(), later) == (Tally(duplicate=1),)
    assert list(ready.newest("all", 10, 0)) == []


def test_the_next_article_of_a_title_gets_another_name(ready: Store) -> None:
    """An article that retention emptied still counts, so that public ids are never used twice."""
    first = article(title="Daily thread", key="one")
    ready.record([outcome(first)], decide(), NOON)
    (before,) = ready.newest("all", 10, 0)
    later = NOON + 400 * DAY
    ready.housekeeping(later, KEEP)
    ready.record(
        [outcome(article(title="Daily thread", key="2", published_at=later))], decide(), later
    )
    (after,) = ready.newest("all", 10, 0)
    assert after.token != before.token


def test_young_articles_stay(ready: Store) -> None:
    """Neither an old date nor an old first sight is enough by itself; the limit itself stays."""
    ready.record([outcome(article("long ago", published_at=NOON - 400 * DAY))], decide(), NOON)
    ahead = article("ahead", published_at=NOON + DAY)
    ready.record([outcome(ahead)], decide(), NOON)
    assert ready.housekeeping(NOON + 365 * DAY, KEEP)["articles"] == 0
    assert ready.housekeeping(NOON + 365.5 * DAY, KEEP)["articles"] == 1
    assert [each.title for each in ready.newest("all", 9, 0)] == [ahead.title]


def test_articles_stay_while_their_document_is_there(ready: Store) -> None:
    """A post that still lies in its folder does not grow too old."""
    post = digest(article(document="a.md"), stamps={"a.md": "1"})
    ready.record([Outcome(post, result())], decide(), NOON)
    later = NOON + 400 * DAY
    assert ready.housekeeping(later, KEEP)["articles"] == 0
    ready.record([Outcome(digest(vanished=("a.md",)), result())], decide(), later)
    assert ready.housekeeping(later, KEEP)["articles"] == 1


def test_old_records_of_fetches_go(ready: Store) -> None:
    """The record of each fetch stays as long as the settings say."""
    days = [Outcome(None, result(started_at=NOON + n * DAY)) for n in range(5)]
    ready.record(days, decide(), NOON)
    assert ready.housekeeping(NOON + 32 * DAY, KEEP) == {
        "articles": 0, "dropped": 0, "events": 0, "fetches": 2, "pages": 0,
    }  # fmt: skip
    assert ready.counts()["fetches"] == 3


def test_much_goes_in_small_transactions(ready: Store) -> None:
    """More than one transaction takes is removed in several."""
    many = [article(f"wave {n}") for n in range(501)]
    ready.record([outcome(*many)], decide(), NOON)
    assert ready.housekeeping(NOON + 400 * DAY, KEEP)["articles"] == 501
    assert ready.counts()["articles"] == 0


def test_texts_of_pages_stay_as_long_as_articles(ready: Store) -> None:
    """What was read of an article's own page goes after `keep.articles`; the limit itself stays."""
    ready.record(
        [outcome(pages=(ArticlePage("1", "f" * 64, NOON, html="<p>x</p>"),))], decide(), NOON
    )
    assert ready.housekeeping(NOON + 365 * DAY, KEEP)["pages"] == 0
    assert ready.housekeeping(NOON + 365 * DAY + timedelta(microseconds=1), KEEP)["pages"] == 1
    assert ready.article_pages("wire", ["1"]) == {}
