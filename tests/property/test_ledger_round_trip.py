"""Whatever a store has seen, its ledger makes the same store again."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Callable
from contextlib import ExitStack, closing
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from aggregator.errors import StoreError
from aggregator.store.store import Store
from tests.support.histories import Step, fetches, reconfigurations, said, vanishings
from tests.support.ledgers import taken_in, written
from tests.support.outcomes import NOON, configuration, due_at_once
from tests.support.stores import opened, sqlite_template

__all__ = ["sqlite_template"]

Correction = Callable[[Store], object]


@st.composite
def _corrections(draw: st.DrawFn) -> Correction:
    """A person splits, merges or withdraws what there is, if it can be done."""
    which, first, second = (
        draw(st.sampled_from("smw")),
        draw(st.integers(0, 3)),
        draw(st.integers(0, 3)),
    )

    def correct(store: Store) -> object:
        tokens = [each.token for each in store.newest("all", 9, 0)]
        if not tokens:
            return None
        one, other = tokens[first % len(tokens)], tokens[second % len(tokens)]
        copies = store.copies(one)
        try:
            if which == "s":
                return store.split(copies[second % len(copies)].name, NOON)
            return store.merge(one, other, NOON) if which == "m" else store.withdraw(one, "", NOON)
        except StoreError:
            return None

    return correct


@settings(max_examples=40, deadline=None)
@given(
    steps=st.lists(fetches() | vanishings() | reconfigurations() | _corrections(), max_size=8),
    after=fetches() | vanishings(),
)
def test_the_ledger_makes_the_same_store(
    sqlite_template: Path, steps: list[Step | Correction], after: Step
) -> None:
    """It is written out of both with the same bytes, and both take what comes next alike."""
    with tempfile.TemporaryDirectory() as folder, ExitStack() as stack:
        stores = []
        for name in ("old", "new"):
            shutil.copyfile(sqlite_template, f"{folder}/{name}.db")
            stores.append(stack.enter_context(closing(opened(f"sqlite:///{folder}/{name}.db"))))
        old, new = stores
        old.sync_configuration(configuration(), NOON, due_at_once)
        for step in steps:
            step(old)
        lines = written(old)
        taken_in(new, lines)
        assert written(new) == lines
        assert said(new) == said(old)
        for store in stores:
            after(store)
        assert written(new) == written(old)
        assert said(new) == said(old)
