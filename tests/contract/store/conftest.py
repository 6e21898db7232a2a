from __future__ import annotations

from collections.abc import Iterator

import pytest

from aggregator.store.store import Store
from tests.support.memory_store import MemoryStore
from tests.support.outcomes import NOON, configuration, due_at_once
from tests.support.stores import (
    AUTHORITY,
    database_url,
    opened,
    postgres_template,
    postgres_url,
    sqlite_template,
)

__all__ = ["database_url", "postgres_template", "postgres_url", "sqlite_template"]


@pytest.fixture(params=["memory", "sqlite", "postgres"])
def database_kind(request: pytest.FixtureRequest) -> str:
    """Which store the test runs on."""
    return str(request.param)


@pytest.fixture
def store(database_kind: str, request: pytest.FixtureRequest) -> Iterator[Store | MemoryStore]:
    """A store that knows the sources `wire` (news/world) and `echo` (sport), all published."""
    if database_kind == "memory":
        made: Store | MemoryStore = MemoryStore(AUTHORITY)
    else:
        made = request.getfixturevalue("opened_store")
    made.sync_configuration(configuration(), NOON, due_at_once)
    made.mark_published(made.changed_categories())
    yield made
    made.close()


@pytest.fixture
def opened_store(database_url: str) -> Store:
    """The real store on a fresh database."""
    return opened(database_url)
