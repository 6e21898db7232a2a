"""What a beat starts: what is due, once, while there is room; and what a set clock changes."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import cast
from zoneinfo import ZoneInfo

import pytest

from aggregator.errors import StoreError
from aggregator.fetch.due import DuePlan, after_success
from aggregator.ingest.engine import Engine, Unstored
from aggregator.model.pages import FetchState
from aggregator.model.results import SourceResult
from aggregator.scheduling.clock import ClockWatch
from aggregator.scheduling.jobs import PAUSE_AFTER_REFUSAL, Tick

HOUR, MINUTE, SECOND = timedelta(hours=1), timedelta(minutes=1), timedelta(seconds=1)
NOON = datetime(2026, 10, 24, 12, tzinfo=UTC)
PLAN = DuePlan(HOUR, 5 * MINUTE, 24 * HOUR, fixed=True)


@dataclass
class World:
    """Two clocks, a schedule of sources that are read at once, and a log of when they were."""

    wall: datetime = NOON
    steady: float = 0.0
    states: dict[str, FetchState] = field(default_factory=dict)
    visits: list[tuple[float, str]] = field(default_factory=list)
    free: int = 9
    is_broken: bool = False
    under_way: frozenset[str] = frozenset()

    def due_sources(
        self, now: datetime, limit: int, _per_domain: int, _under_way: Collection[str]
    ) -> list[str]:
        if self.is_broken:
            raise StoreError("away")
        due = [source for source, state in self.states.items() if state.next_due_at <= now]
        return sorted(due, key=lambda source: self.states[source].next_due_at)[:limit]

    def shift_schedule(self, by: timedelta) -> None:
        if self.is_broken:
            raise StoreError("away")
        for source, state in self.states.items():
            self.states[source] = FetchState(state.next_due_at + by, state.interval)

    def submit_all(
        self, source_ids: Sequence[str], _report: Callable[[SourceResult | Unstored], None]
    ) -> int:
        for source_id in source_ids:
            self.visits.append((self.steady, source_id))
            self.states[source_id] = after_success(self.states[source_id], PLAN, self.wall)
        return len(source_ids)

    def tick(self) -> Tick:
        """A tick over all this."""
        return Tick(
            self,
            cast("Engine", self),
            lambda: self.wall,
            lambda _result: None,
            lambda: 2,
            ClockWatch(lambda: self.wall, lambda: self.steady),
        )

    def run(self, tick: Tick, length: timedelta, step: timedelta = MINUTE) -> None:
        """Let time pass, beat after beat."""
        for _ in range(int(length / step)):
            self.wall += step
            self.steady += step.total_seconds()
            tick()


def world(sources: int = 60) -> World:
    """Sources that are read every hour, one each minute."""
    return World(
        states={f"s{n}": FetchState(NOON + MINUTE * (n + 1), HOUR) for n in range(sources)}
    )


def gaps(world: World, source: str) -> set[float]:
    """Distances between the visits of a source, by the clock that nobody sets."""
    times = [moment for moment, visited in world.visits if visited == source]
    return {later - earlier for earlier, later in itertools.pairwise(times)}


def test_a_day_is_as_planned() -> None:
    """Every source is read each hour, and no minute holds more than its one."""
    here = world()
    here.run(here.tick(), 24 * HOUR)
    assert len(here.visits) == 24 * 60
    assert all(gaps(here, source) == {3600.0} for source in here.states)


@pytest.mark.parametrize("change", [datetime(2026, 10, 25, 1), datetime(2026, 3, 29, 1)])  # noqa: DTZ001 - UTC follows
def test_changes_of_the_clocks_change_nothing(
    monkeypatch: pytest.MonkeyPatch, change: datetime
) -> None:
    """In the night in which Berlin goes to winter or summer time no cycle is doubled or missed."""
    monkeypatch.setenv("TZ", "Europe/Berlin")
    here = world()
    here.wall = change.replace(tzinfo=UTC) - 6 * HOUR
    here.shift_schedule(here.wall - NOON)
    berlin = ZoneInfo("Europe/Berlin")
    before = here.wall.astimezone(berlin).utcoffset()
    here.run(here.tick(), 12 * HOUR)
    assert here.wall.astimezone(berlin).utcoffset() != before
    assert len(here.visits) == 12 * 60
    assert all(gaps(here, source) == {3600.0} for source in here.states)


@pytest.mark.parametrize(
    "jump",
    [HOUR, -HOUR, 24 * HOUR, -24 * HOUR, timedelta(days=-3650), timedelta(days=365)],
)
def test_a_clock_that_is_set_makes_no_storm_and_no_stall(jump: timedelta) -> None:
    """Sources go on at their distance, as if nobody had touched the clock."""
    here = world()
    tick = here.tick()
    here.run(tick, 3 * HOUR)
    here.wall += jump
    here.run(tick, 3 * HOUR)
    assert len(here.visits) == 6 * 60
    assert all(gaps(here, source) == {3600.0} for source in here.states)


def test_a_jump_is_followed_when_the_database_is_back() -> None:
    """While the database is away the schedule cannot follow; it does at the first chance."""
    here = world()
    tick = here.tick()
    here.run(tick, HOUR)
    here.wall -= 24 * HOUR
    here.is_broken = True
    here.run(tick, 10 * MINUTE)
    here.is_broken = False
    here.run(tick, 50 * MINUTE)
    assert len(here.visits) in (119, 120)
    assert max(here.states.values(), key=lambda s: s.next_due_at).next_due_at <= here.wall + HOUR


def test_a_late_beat_misses_nothing() -> None:
    """When no beat came for hours, everything is read once, and goes on from there."""
    here = world()
    here.free = 60
    tick = here.tick()
    here.run(tick, 5 * HOUR, step=5 * HOUR)
    assert sorted({source for _, source in here.visits}) == sorted(here.states)
    assert len(here.visits) == 60


def test_without_room_nothing_starts() -> None:
    """The free threads are the most that a beat starts."""
    here = world()
    here.free = 0
    tick = here.tick()
    here.run(tick, HOUR)
    assert here.visits == []
    here.free = 7
    here.run(tick, SECOND, step=SECOND)
    assert len(here.visits) == 7


def test_a_database_that_is_away_is_given_a_rest() -> None:
    """After a refusal some seconds pass before the next question."""
    here = world()
    tick = here.tick()
    here.run(tick, HOUR, step=HOUR)
    here.visits.clear()
    here.is_broken = True
    here.run(tick, SECOND, step=SECOND)
    here.is_broken = False
    here.run(tick, PAUSE_AFTER_REFUSAL - SECOND, step=SECOND)
    assert here.visits == []
    here.run(tick, SECOND, step=SECOND)
    assert here.visits


def test_a_rest_ends_though_the_clock_is_set_back() -> None:
    """A rest that began before somebody set the clock back by a day takes its seconds, no day."""
    here = world()
    tick = here.tick()
    here.run(tick, HOUR)
    here.is_broken = True
    here.run(tick, SECOND, step=SECOND)
    here.is_broken = False
    here.wall -= 24 * HOUR
    here.run(tick, 3 * HOUR)
    assert len(here.visits) == 4 * 60
