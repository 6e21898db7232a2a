"""Subscriptions and rests in the real store, on both databases."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import pytest

from aggregator.model.results import Outcome
from aggregator.model.schedule import Hints
from aggregator.model.websub import Subscription
from aggregator.store.store import Store
from tests.support.outcomes import HOUR, NOON, configuration, decide, due_at_once, result, state

FIRST = Subscription("wire", "https://hub.example/", "https://wire.example/", "t1", "s1", NOON)


@pytest.fixture(params=["sqlite", "postgres"])
def database_kind(request: pytest.FixtureRequest) -> str:
    """The stores that keep subscriptions."""
    return str(request.param)


@pytest.fixture
def real(opened_store: Store) -> Iterator[Store]:
    """A store that knows `wire` and `echo`."""
    opened_store.sync_configuration(configuration(), NOON, due_at_once)
    yield opened_store
    opened_store.close()


def test_subscriptions_come_out_as_they_went_in(real: Store) -> None:
    """Each source has one; a newer state takes the place of the older."""
    second = Subscription(
        "echo", "https://h.example/", "x", "t2", "s2", NOON, 3, NOON + HOUR, NOON, trusted=True
    )
    real.keep_subscription(FIRST)
    real.keep_subscription(second)
    assert real.subscriptions() == [second, FIRST]
    real.keep_subscription(changed := replace(FIRST, token="t3", tries=1))
    assert real.subscriptions() == [second, changed]
    real.drop_subscription("echo")
    assert real.subscriptions() == [changed]


def test_a_source_rests_until_later_and_never_until_sooner(real: Store) -> None:
    """The next reading moves away only."""
    real.record([Outcome(None, result())], decide(), NOON)
    real.rest("wire", NOON + 5 * HOUR, "its hub tells")
    assert real.fetch_state("wire").next_due_at == NOON + 5 * HOUR
    assert real.fetch_state("wire").why == "its hub tells"
    real.rest("wire", NOON + 2 * HOUR, "no")
    assert real.fetch_state("wire").next_due_at == NOON + 5 * HOUR


def test_the_announced_hub_is_remembered(real: Store) -> None:
    """A poll that finds nothing new still knows which hub there was."""
    for hints in (Hints(hub="https://hub.example/", topic="https://wire.example/"), Hints()):
        given = state(hints=hints)
        real.record([Outcome(None, result(state=given))], decide(), NOON)
        assert real.fetch_state("wire").hints == hints
