from __future__ import annotations

import pytest

from aggregator.store.store import Store
from tests.support.outcomes import NOON, configuration, due_at_once
from tests.support.stores import (
    database_kind,
    database_url,
    empty_url,
    opened,
    postgres_template,
    postgres_url,
    sqlite_template,
    store,
)

__all__ = [
    "database_kind",
    "database_url",
    "empty_url",
    "postgres_template",
    "postgres_url",
    "sqlite_template",
    "store",
]


@pytest.fixture
def ready_url(database_url: str) -> str:
    """Address of a database that knows the sources `wire` (news/world) and `echo` (sport)."""
    made = opened(database_url)
    made.sync_configuration(configuration(), NOON, due_at_once)
    made.close()
    return database_url


@pytest.fixture
def ready(store: Store) -> Store:
    """An open store that knows these sources."""
    store.sync_configuration(configuration(), NOON, due_at_once)
    return store
