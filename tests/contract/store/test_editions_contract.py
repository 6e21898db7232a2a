"""Editions of digests in every store: kept once, as they were."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from aggregator.model.published import Edition
from aggregator.store.store import Store
from tests.support.memory_store import MemoryStore
from tests.support.outcomes import NOON

AnyStore = Store | MemoryStore
FIRST = Edition(
    feed_id="morning",
    closed_at=NOON,
    opened_at=NOON - timedelta(days=1),
    public_id="tag:feeds.example,2026:digests/morning/1",
    title="早报: 2026-01-31",
    summary="One · Two",
    body="<h3>One</h3>",
    members=("a" * 20, "b" * 20),
)


def test_an_edition_comes_out_as_it_went_in(store: AnyStore) -> None:
    """Every field survives, of each digest on its own."""
    store.keep_edition(FIRST)
    store.keep_edition(empty := replace(FIRST, feed_id="evening", body="", members=()))
    assert list(store.editions("morning", 9)) == [FIRST]
    assert list(store.editions("evening", 9)) == [empty]
    assert list(store.editions("noon", 9)) == []


def test_the_newest_editions_come_first(store: AnyStore) -> None:
    """They are ordered by their closing, up to the limit."""
    editions = [replace(FIRST, closed_at=NOON + timedelta(days=day)) for day in (1, 0, 2)]
    for each in editions:
        store.keep_edition(each)
    days = [(each.closed_at - NOON).days for each in store.editions("morning", 2)]
    assert days == [2, 1]


def test_an_edition_is_closed_once(store: AnyStore) -> None:
    """Whoever closes the same period second changes nothing."""
    store.keep_edition(FIRST)
    store.keep_edition(replace(FIRST, title="Another", members=()))
    assert list(store.editions("morning", 9)) == [FIRST]
