from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta

import pytest

from aggregator.errors import StoreError
from aggregator.publish.report import PublishReport
from aggregator.scheduling.jobs import Sweep

START = datetime(2026, 1, 1, tzinfo=UTC)
SETTLE = timedelta(seconds=5)


class Desk:
    """A store with changes that wait, a publisher that takes them, and the clock."""

    def __init__(self) -> None:
        self.waiting: dict[str, int] = {}
        self.published_at: list[datetime] = []
        self.now = START
        self.broken = False
        self.failing = False
        self.breaking = False
        self.calls: list[tuple[timedelta, Callable[[], None]]] = []
        self.sweep = Sweep(
            self,
            self.publish,
            lambda: SETTLE,
            lambda: self.now,
            lambda *call: self.calls.append(call),
        )

    def changed_categories(self) -> Mapping[str, int]:
        if self.broken:
            raise StoreError("away")
        return self.waiting

    def publish(self) -> PublishReport:
        self.published_at.append(self.now)
        if self.breaking:
            raise StoreError("away")
        self.waiting = {}
        return PublishReport(failed={"a": "no room"} if self.failing else {})

    def at(self, seconds: float) -> None:
        self.now = START + timedelta(seconds=seconds)
        self.sweep()


@pytest.fixture
def desk() -> Desk:
    return Desk()


def test_nothing_is_published_where_nothing_changed(desk: Desk) -> None:
    """A beat without changes publishes nothing."""
    desk.at(0)
    desk.at(100)
    assert desk.published_at == []


@pytest.mark.parametrize(("after", "times"), [(4.999, 0), (5, 1), (5.001, 1)])
def test_change_waits_for_settle(desk: Desk, after: float, times: int) -> None:
    """What changed is published once `settle` has passed since it was first seen, not before."""
    desk.waiting = {"a": 1}
    desk.at(0)
    desk.at(after)
    assert len(desk.published_at) == times


def test_more_changes_do_not_put_it_off(desk: Desk) -> None:
    """Changes that keep coming are published together, `settle` after the first of them."""
    for second in range(6):
        desk.waiting = {"a": second + 1}
        desk.at(second)
    assert desk.published_at == [START + SETTLE]


def test_what_is_noticed_is_published_to_the_moment(desk: Desk) -> None:
    """The sweep is called when what was noticed settled, once for all that comes by then."""
    desk.at(0)
    for seconds in (0.2, 0.4):
        desk.waiting = {"a": 1}
        desk.now = START + timedelta(seconds=seconds)
        desk.sweep.noticed()
    desk.at(0.5)
    assert desk.calls == [(SETTLE, desk.sweep)]
    desk.at(5.199)
    assert desk.published_at == []
    desk.at(5.2)
    assert desk.published_at == [desk.now]
    desk.sweep.noticed()
    assert len(desk.calls) == 2


def test_what_changed_nothing_is_waited_for_no_longer(desk: Desk) -> None:
    """A notice of what is in no feed is forgotten; the next change gets its own time to settle."""
    desk.sweep.noticed()
    desk.at(0.5)
    desk.waiting = {"a": 1}
    desk.at(4)
    desk.at(8.999)
    assert desk.published_at == []
    desk.at(9)
    assert desk.published_at == [desk.now]


def test_next_change_waits_anew(desk: Desk) -> None:
    """After publishing, the next change gets its own time to settle."""
    desk.waiting = {"a": 1}
    desk.at(0)
    desk.at(5)
    desk.waiting = {"a": 2}
    desk.at(6)
    desk.at(10)
    assert len(desk.published_at) == 1
    desk.at(11)
    assert len(desk.published_at) == 2


def test_database_away_is_no_end(desk: Desk) -> None:
    """A store that cannot be asked leaves the sweep as it was, for the next beat."""
    desk.waiting = {"a": 1}
    desk.at(0)
    desk.broken = True
    desk.at(3)
    desk.broken = False
    desk.at(5)
    assert len(desk.published_at) == 1


@pytest.mark.parametrize(("later", "times"), [(34.9, 1), (35, 2)])
def test_what_failed_is_tried_again_after_a_rest(desk: Desk, later: float, times: int) -> None:
    """A category that could not be published is tried again, not at every beat but after a rest."""
    desk.failing = True
    desk.waiting = {"a": 1}
    desk.at(0)
    desk.at(5)
    for second in (6, 10, 20, later):
        desk.waiting = {"a": 1}
        desk.at(second)
    assert len(desk.published_at) == times


@pytest.mark.parametrize(("later", "times"), [(9.9, 1), (10, 2)])
def test_a_database_that_went_away_meanwhile_is_asked_soon(
    desk: Desk, later: float, times: int
) -> None:
    """Where the database broke off publishing, the rest before the next try is a short one."""
    desk.breaking = True
    desk.waiting = {"a": 1}
    desk.at(0)
    for seconds in (5, 5, later):
        desk.at(seconds)
    assert len(desk.published_at) == times


@pytest.mark.parametrize("failing", [False, True])
def test_a_clock_that_is_set_back_puts_nothing_off(desk: Desk, *, failing: bool) -> None:
    """A wait that began before somebody set the clock back begins anew, and is no longer."""
    desk.failing = failing
    desk.waiting = {"a": 1}
    desk.at(0)
    if failing:
        desk.at(5)
        desk.waiting = {"a": 2}
    day = 24 * 3600
    desk.at(6 - day)
    desk.at(11 - day)
    assert desk.published_at[-1] == START + timedelta(seconds=11 - day)
