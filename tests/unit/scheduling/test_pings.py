"""Hubs are told of changed feeds: once, again after a failure, and never in anybody's way."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from aggregator.fetch.budget import Budget
from aggregator.fetch.http import HttpFetcher
from aggregator.model.settings import Fetch
from aggregator.publish.folder import FeedFolder
from aggregator.publish.told import Told
from aggregator.scheduling.pings import AT_ONCE, FIRST_WAIT, LONGEST_WAIT, MOST_TRIES, Pings
from tests.support.hub import Hub

NOON = datetime(2026, 1, 31, 12, tzinfo=UTC)
TOPIC = "https://news.example.org/finance/rss.xml"


class World:
    """Pings to a hub, and the time of day."""

    def __init__(self, hub: Hub, fetcher: HttpFetcher, folder: Path) -> None:
        self.now = NOON
        self.hub = hub
        self.written: dict[str, datetime] = {}
        self.folder = folder
        self._fetcher = fetcher
        self._told = Told(FeedFolder(folder))
        self.pings = self._new()

    def _new(self) -> Pings:
        return Pings(lambda: self._fetcher, lambda: self.now, self._told)

    def restart(self) -> None:
        """Another process, that knows what was written when."""
        self.pings = self._new()

        def since(moment: datetime) -> list[str]:
            return [topic for topic, when in self.written.items() if when > moment]

        self.pings.recall([self.hub.url], since)

    def add(self, *topics: str) -> None:
        """Say that feeds changed, which were written a second ago."""
        self.written |= dict.fromkeys(topics, self.now - timedelta(seconds=1))
        self.pings.add([self.hub.url], topics)

    def beat(self, after: timedelta = timedelta()) -> list[list[str]]:
        """What the hub hears at a moment: the feeds of each request."""
        self.now += after
        self.hub.forms.clear()
        self.pings()
        return [form["hub.url"] for form in self.hub.forms]


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    """A hub that is up, told by the fetcher that reads sources."""
    settings = Fetch(allow_private=True)
    with Hub() as hub, HttpFetcher(settings, "test/1", budget=Budget(9, 0)) as fetcher:
        yield World(hub, fetcher, tmp_path)


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


def test_a_clock_that_is_set_back_delays_no_ping(world: World) -> None:
    """A wait of thirty seconds that began before the clock was set back by an hour is over."""
    world.hub.answers = [503, 500, 204]
    world.add(TOPIC)
    assert world.beat() == [[TOPIC]]
    assert world.beat(timedelta(hours=-1)) == [[TOPIC]]
    assert world.beat(2 * FIRST_WAIT - timedelta(seconds=1)) == []
    assert world.beat(timedelta(seconds=1)) == [[TOPIC]]


def test_a_hub_that_stays_down_is_given_up_until_the_next_change(world: World) -> None:
    """After so many tries nothing is sent, until a feed changes; then it hears of all."""
    world.hub.answers = [500] * MOST_TRIES
    world.add(TOPIC)
    heard = [world.beat(LONGEST_WAIT) for _ in range(MOST_TRIES + 2)]
    assert heard == [[[TOPIC]]] * MOST_TRIES + [[], []]
    world.add(TOPIC + "?2")
    assert world.beat() == [[TOPIC, TOPIC + "?2"]]


def test_a_hub_has_some_three_hours_to_come_back(world: World) -> None:
    """The last try of all comes three hours after the first one."""
    world.hub.answers = [500] * (MOST_TRIES - 1)
    world.add(TOPIC)
    began, tries = world.now, len(world.beat())
    while tries < MOST_TRIES and world.now - began < timedelta(days=1):
        tries += len(world.beat(FIRST_WAIT))
    assert timedelta(hours=3) < world.now - began < timedelta(hours=3, minutes=15)


def test_what_a_hub_missed_is_told_after_a_restart(world: World) -> None:
    """Whether it was down, or there was no time to tell it; what it knows is not told again."""
    world.add(TOPIC)
    assert world.beat() == [[TOPIC]]
    world.now += LONGEST_WAIT
    world.restart()
    assert world.beat() == []
    world.hub.answers = [500]
    world.add(TOPIC + "?2")
    assert world.beat() == [[TOPIC + "?2"]]
    world.now += LONGEST_WAIT
    world.add(TOPIC + "?3")
    world.restart()
    assert world.beat() == [[TOPIC + "?2", TOPIC + "?3"]]
    world.now += LONGEST_WAIT
    world.restart()
    assert world.beat() == []


@pytest.mark.parametrize("later", [timedelta(minutes=1), timedelta(hours=3)])
def test_a_clock_that_is_set_back_hides_nothing_from_a_hub(world: World, later: timedelta) -> None:
    """What a hub missed after that is told by the next process, before or after the former time."""
    world.add(TOPIC)
    assert world.beat() == [[TOPIC]]
    world.now -= timedelta(hours=2)
    world.hub.answers = [500]
    world.add(TOPIC + "?2")
    assert world.beat() == [[TOPIC + "?2"]]
    world.now += later
    world.restart()
    assert world.beat() == [[TOPIC, TOPIC + "?2"]]


def test_a_clock_that_was_set_back_while_nothing_ran_hides_nothing(world: World) -> None:
    """What was noted for a time to come does not count at a start."""
    world.add(TOPIC)
    assert world.beat() == [[TOPIC]]
    world.now -= timedelta(hours=2)
    world.written[TOPIC + "?2"] = world.now
    world.restart()
    assert world.beat() == [[TOPIC, TOPIC + "?2"]]


def test_what_waits_behind_a_full_request_is_not_taken_for_told(world: World) -> None:
    """A process that ends between two requests has told the first part only: all is told again."""
    topics = [f"{TOPIC}?{number}" for number in range(AT_ONCE + 1)]
    world.add(*topics)
    assert world.beat() == [topics[:AT_ONCE]]
    world.restart()
    assert [*world.beat(), *world.beat(), *world.beat()] == [topics[:AT_ONCE], topics[AT_ONCE:]]


def test_a_hub_that_is_new_is_told_of_everything(world: World) -> None:
    """Nothing is noted of it; a note that cannot be read counts as none."""
    world.written = {TOPIC: NOON - 99 * LONGEST_WAIT}
    world.restart()
    assert world.beat() == [[TOPIC]]
    (world.folder / ".told").write_text("{")
    world.restart()
    assert world.beat() == [[TOPIC]]


def test_a_folder_that_takes_no_note_stops_no_ping(world: World) -> None:
    """The hub is told, and told again after a restart."""
    (world.folder / ".told").mkdir()
    world.add(TOPIC)
    assert world.beat() == [[TOPIC]]
    assert world.beat() == []
    world.restart()
    assert world.beat() == [[TOPIC]]


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


def test_hubs_are_reached_by_the_rules_for_sources(tmp_path: Path) -> None:
    """A hub on a private address is not asked, unless private addresses are allowed."""
    with Hub() as hub, HttpFetcher(Fetch(), "test/1") as fetcher:
        world = World(hub, fetcher, tmp_path)
        world.add(TOPIC)
        assert world.beat() == []
