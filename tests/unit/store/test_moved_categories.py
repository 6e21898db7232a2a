"""Where categories went is remembered for good, on both databases."""

from __future__ import annotations

from aggregator.model.categories import CategorySpec
from tests.support.outcomes import NOON, configuration, due_at_once
from tests.support.stores import opened


def test_a_move_is_remembered(database_url: str) -> None:
    """What `was` says holds also when it is not said any more, until the old path is used again."""
    store = opened(database_url)
    inner = CategorySpec(id="new", was=("old", "/older/one/"))
    both = {"old": "top/new", "older/one": "top/new"}
    for categories, moved in (
        (
            (CategorySpec(id="top", categories=(inner,)),),
            both,
        ),
        ((CategorySpec(id="top"),), both),
        ((CategorySpec(id="old"),), {"older/one": "top/new"}),
        ((CategorySpec(id="old"), CategorySpec(id="x", was="old")), {"older/one": "top/new"}),
    ):
        wanted = configuration({}, categories)
        store.sync_configuration(wanted, NOON, due_at_once)
        assert store.moved_categories() == moved
    store.close()
