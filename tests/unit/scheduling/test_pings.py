"""Hubs are told of changed feeds: once, again after a failure, and never in anybody's way."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from aggregator.fetch.budget import Budget
from aggregator.fetch.http import HttpFetcher
from aggregator.model.settings import Fetch
from aggregator.scheduling.pings import AT_ONCE, FIRST_WAIT, LONGEST_WAIT, MOST_TRIES, Pings
from tests.support.hub import Hub

NOON = datetime(2026, 1, 31, 12, tzinfo=UTC)
TOPIC = "https://news.example.org/finance/rss.xml"


class World:
    """Pings to a hub, and the time of day."""

    def __init__(self, hub: Hub, fetcher: HttpFetcher) -> None:
        self.now = NOON
        self.hub = hub
        self.pings = Pings(lambda: fetcher, lambda: self.now)

    def add(self, *topics: str) -> None:
        """Say that feeds changed."""
        self.pings.add([self.hub.url], topics)

    def beat(self, after: timedelta = timedelta()) -> list[list[str]]:
        """What the hub hears at a moment: the feeds of each request."""
        self.now += after
        self.hub.forms.clear()
        self.pings()
        return [form["hub.url"] for form in self.hub.forms]


@pytest.fixture
def world() -> Iterator[World]:
    """A hub that is up, told by the fetcher that reads sources."""
    settings = Fetch(allow_private=True)
    with Hub() as hub, HttpFetcher(settings, "test/1", budget=Budget(9, 0)) as fetcher:
        yield World(hub, fetcher)


def test_a_hub_is_told_once(world: World) -> None:
    """One request names every feed that changed, in both ways that hubs understand."""
    world.add(TOPIC, TOPIC + "?2")
    world.add(TOPIC)
    assert world.beat() == [[TOPIC, TOPIC + "?2"]]
    (form,) = world.hub.forms
    assert form["hub.mode"] == ["publish"]
    assert form["hub.topic"] == form["hub.url"]
    assert world.beat() == []


def test_without_a_change_nobody_is_told(world: World) -> None:
    """A publication that wrote no feed tells nothing."""
    world.add()
    assert world.beat() == []


def test_a_hub_that_failed_is_told_again_later(world: World) -> None:
    """The wait doubles; feeds that changed meanwhile are told with the others."""
    world.hub.answers = [503, 500, 204]
    world.add(TOPIC)
    assert world.beat() == [[TOPIC]]
    world.add(TOPIC + "?2")
    assert world.beat(FIRST_WAIT - timedelta(seconds=1)) == []
    assert world.beat(timedelta(seconds=1)) == [[TOPIC, TOPIC + "?2"]]
    assert world.beat(2 * FIRST_WAIT - timedelta(seconds=1)) == []
    assert world.beat(timedelta(seconds=1)) == [[TOPIC, TOPIC + "?2"]]
    assert world.beat(LONGEST_WAIT) == []


def test_a_hub_that_stays_down_is_given_up_until_the_next_change(world: World) -> None:
    """After so many tries nothing is sent, until a feed changes again."""
    world.hub.answers = [500] * MOST_TRIES
    world.add(TOPIC)
    heard = [world.beat(LONGEST_WAIT) for _ in range(MOST_TRIES + 2)]
    assert heard == [[[TOPIC]]] * MOST_TRIES + [[], []]
    world.add(TOPIC + "?2")
    assert world.beat() == [[TOPIC + "?2"]]


@pytest.mark.parametrize(("count", "requests"), [(AT_ONCE, 1), (AT_ONCE + 1, 2)])
def test_a_request_names_so_many_feeds_and_no_more(world: World, count: int, requests: int) -> None:
    """What is left over goes with the next beat."""
    world.add(*(f"{TOPIC}?{number}" for number in range(count)))
    heard = [*world.beat(), *world.beat(), *world.beat()]
    assert [len(feeds) for feeds in heard] == [AT_ONCE, count - AT_ONCE][:requests]


def test_a_hub_that_left_the_configuration_is_told_nothing(world: World) -> None:
    """What waited for it goes with it."""
    world.add(TOPIC)
    world.pings.add([], [TOPIC])
    assert world.beat() == []


def test_hubs_are_reached_by_the_rules_for_sources() -> None:
    """A hub on a private address is not asked, unless private addresses are allowed."""
    with Hub() as hub, HttpFetcher(Fetch(), "test/1") as fetcher:
        world = World(hub, fetcher)
        world.add(TOPIC)
        assert world.beat() == []
