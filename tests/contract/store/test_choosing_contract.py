"""What a feed beside the tree may ask of every store: candidates, and articles by their names."""

from __future__ import annotations

from datetime import timedelta

from aggregator.model.results import Outcome
from aggregator.store.store import Store
from tests.support.memory_store import MemoryStore
from tests.support.outcomes import HOUR, NOON, article, decide, digest, outcome

AnyStore = Store | MemoryStore

NAMES = ("storm", "flood", "match")


def fill(store: AnyStore) -> None:
    """Three articles: of the world, of the world and of sport, of sport; an hour apart."""
    paths = (("news/world",), ("news/world", "sport"), ("sport",))
    for hours, (name, categories) in enumerate(zip(NAMES, paths, strict=True)):
        time = NOON - hours * HOUR
        given = article(name, published_at=time, updated_at=time, categories=categories)
        store.record([outcome(given)], decide(), NOON)


def chosen(
    store: AnyStore, *paths: str, sources: tuple[str, ...] = (), limit: int = 9
) -> list[str]:
    """The titles' last words of what can be chosen."""
    tokens = [each.token for each in store.candidates(paths, sources, limit)]
    return [each.title.rpartition(" ")[2] for each in store.articles_named(tokens)]


def test_several_categories_give_each_article_once_in_order(store: AnyStore) -> None:
    """Candidates come newest first, whatever the order of the paths, and up to the limit."""
    fill(store)
    assert chosen(store, "sport", "news") == ["storm", "flood", "match"]
    assert chosen(store, "sport", "news", limit=2) == ["storm", "flood"]
    assert chosen(store, "sport") == ["flood", "match"]
    assert chosen(store, "elsewhere") == []


def test_a_source_has_what_it_has_a_copy_of(store: AnyStore) -> None:
    """An article counts for the source of a copy that does not stand, too."""
    fill(store)
    copy = article("storm", source="echo", categories=("sport",))
    store.record([Outcome(digest(copy, source="echo"), None)], decide(), NOON + HOUR)
    assert chosen(store, "all", sources=("echo",)) == ["storm"]
    assert chosen(store, "all", sources=("wire",)) == ["storm", "flood", "match"]
    assert chosen(store, "all", sources=("nobody",)) == []


def test_a_candidate_says_what_it_takes_to_choose(store: AnyStore) -> None:
    """Source and time are those of the article; the version changes with an edit and only then."""
    fill(store)
    (first, *_) = store.candidates(["news"], [], 9)
    (stored,) = store.newest("news", 1, 0)
    assert (first.token, first.source_id) == (stored.token, stored.source_id)
    assert first.published_at == stored.published_at
    assert store.candidates(["news"], [], 9)[0] == first
    later = NOON + timedelta(minutes=5)
    edited = article("storm", body="<p>Another text altogether.</p>", updated_at=later)
    store.record([outcome(edited)], decide(), later)
    assert store.candidates(["news"], [], 9)[0].version != first.version


def test_articles_come_in_the_order_of_their_names(store: AnyStore) -> None:
    """What is not there is left out."""
    fill(store)
    tokens = [each.token for each in store.candidates(["all"], [], 9)]
    asked = [tokens[2], "0" * 20, tokens[0]]
    assert [each.token for each in store.articles_named(asked)] == [tokens[2], tokens[0]]
