"""The store in memory says the same as the real one, whatever happened to both."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.support.histories import Step, fetches, reconfigurations, said, vanishings
from tests.support.memory_store import MemoryStore
from tests.support.outcomes import NOON, configuration, due_at_once
from tests.support.stores import AUTHORITY, opened, sqlite_template

__all__ = ["sqlite_template"]


@settings(max_examples=60, deadline=None)
@given(steps=st.lists(fetches() | vanishings() | reconfigurations(), max_size=8))
def test_the_store_in_memory_is_as_good_as_the_real_one(
    sqlite_template: Path, steps: list[Step]
) -> None:
    """After any history both give out the same articles, ledgers and states."""
    with tempfile.TemporaryDirectory() as folder:
        shutil.copyfile(sqlite_template, f"{folder}/store.db")
        real, memory = opened(f"sqlite:///{folder}/store.db"), MemoryStore(AUTHORITY)
        for store in (real, memory):
            store.sync_configuration(configuration(), NOON, due_at_once)
        for step in steps:
            for store in (real, memory):
                store.mark_published(store.changed_categories())
            before = {path: memory.newest(path, 100, 0) for path in ("all", "news", "sport")}
            step(real)
            step(memory)
            assert said(real) == said(memory)
            moved = {path for path, was in before.items() if was != memory.newest(path, 100, 0)}
            assert moved <= real.changed_categories().keys()
        real.close()
