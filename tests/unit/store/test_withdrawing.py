"""What a person took back is gone for good, on both databases."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from aggregator.errors import StoreError
from aggregator.model.articles import Article
from aggregator.model.published import Withdrawal
from aggregator.store.store import Store
from tests.support.outcomes import HOUR, NOON, article, configuration, decide, due_at_once, outcome
from tests.support.stores import opened

WHY = "It was wrong."


@pytest.fixture
def store(database_url: str) -> Iterator[Store]:
    """A store with one article of the source `wire`, published."""
    made = opened(database_url)
    made.sync_configuration(configuration(), NOON, due_at_once)
    made.record([outcome(article())], decide(), NOON)
    made.mark_published(made.changed_categories())
    yield made
    made.close()


def test_a_withdrawn_article_stands_nowhere(store: Store) -> None:
    """It leaves every category, which are published again, and its page knows why."""
    (stored,) = store.newest("all", 10, 0)
    done = store.withdraw(stored.token, WHY, NOON + HOUR)
    paths = ("all", "news", "news/world")
    assert done == Withdrawal(stored.public_id, stored.token, WHY, NOON + HOUR, paths)
    assert store.newest("all", 10, 0) == []
    assert store.article(stored.token) is None
    assert store.withdrawn(stored.token) == done
    assert set(store.changed_categories()) == {"all", "news", "news/world"}
    for path in ("all", "news", "news/world"):
        assert store.withdrawals(path, 10) == [done]
    assert store.withdrawals("sport", 10) == []


@pytest.mark.parametrize(
    "again",
    [
        article(),
        article(title="Edited", body="<p>Edited</p>", updated_at=NOON + HOUR),
        article(source="echo", link="https://echo.example/1"),
    ],
    ids=["the same", "edited", "another source"],
)
def test_it_never_comes_back(store: Store, again: Article) -> None:
    """Sent again, edited or by another source, the article stays away and shows nothing."""
    (stored,) = store.newest("all", 10, 0)
    store.withdraw(stored.token, WHY, NOON)
    store.record([outcome(again, source=again.entry.source_id)], decide(), NOON + HOUR)
    assert store.newest("all", 10, 0) == []
    assert store.article(stored.token) is None


def test_only_what_is_there_can_be_withdrawn(store: Store) -> None:
    """An unknown article, and one that was withdrawn, are refused, each for its own reason."""
    (stored,) = store.newest("all", 10, 0)
    with pytest.raises(StoreError, match="no such article"):
        store.withdraw("0" * 20, WHY, NOON)
    store.withdraw(stored.token, WHY, NOON)
    with pytest.raises(StoreError, match="withdrawn before, on 20"):
        store.withdraw(stored.token, WHY, NOON)


def test_what_left_is_told_from_what_was_never_known(store: Store) -> None:
    """`left` names articles that are known and stand elsewhere or nowhere, and no others."""
    (stored,) = store.newest("all", 10, 0)
    asked = [stored.public_id, "tag:feeds.example,2026-01-31:" + "0" * 20]
    assert store.left("all", asked) == set()
    assert store.left("sport", asked) == {stored.public_id}
    store.withdraw(stored.token, WHY, NOON)
    assert store.left("all", asked) == {stored.public_id}
