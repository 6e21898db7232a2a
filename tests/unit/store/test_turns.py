from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest

from aggregator.model.health import EventKind
from aggregator.model.results import SourceResult, SourceStatus
from aggregator.store.turns import Before, silence_begins, turns
from tests.support.outcomes import HOUR, NOON, result, state

DAY = timedelta(days=1)
LATER = NOON + 30 * DAY


def good(**changes: Any) -> SourceResult:
    return result(started_at=LATER, state=state(last_ok_at=LATER, **changes))


def failed(failures: int, error: str = "timeout: 20 s", **changes: Any) -> SourceResult:
    told = state(failures=failures, last_error=error, **changes)
    return result(status=SourceStatus.FAILED, state=told, error=error)


@pytest.mark.parametrize(
    ("before", "after", "expected"),
    [
        ({}, good(), []),
        ({}, failed(1), []),
        ({"failures": 1}, failed(2), []),
        ({"failures": 2}, failed(3), [(EventKind.BROKEN, "timeout: 20 s")]),
        ({"failures": 3}, failed(4), []),
        ({"failures": 2}, failed(3, "no_items: x"), [(EventKind.LAYOUT_CHANGED, "no_items: x")]),
        (
            {"failures": 2},
            failed(3, "layout_changed: x"),
            [(EventKind.LAYOUT_CHANGED, "layout_changed: x")],
        ),
        ({"failures": 2}, failed(3, "not_a_feed: x"), [(EventKind.BROKEN, "not_a_feed: x")]),
        ({"failures": 2}, good(), []),
        ({"failures": 3}, good(), [(EventKind.RECOVERED, "")]),
        ({}, failed(1, "gone: 410", gone=True), [(EventKind.GONE, "gone: 410")]),
        ({"gone": True, "failures": 2}, failed(3, "gone: 410", gone=True), []),
        ({"gone": True, "failures": 1}, good(), [(EventKind.RECOVERED, "")]),
        (
            {},
            good(moved_to="https://new.example/feed?token=secret"),
            [(EventKind.MOVED, "https://new.example/feed?token=…")],
        ),
        ({"moved_to": "https://a.example/"}, good(moved_to="https://a.example/"), []),
        ({"moved_to": "https://a.example/"}, good(), []),
    ],
)
def test_a_turn_is_told_when_it_is_reached(
    before: dict[str, Any], after: SourceResult, expected: list[tuple[EventKind, str]]
) -> None:
    """Each turn is told by the one fetch that reaches it, and by none of those that follow."""
    assert list(turns(Before(**before), after, posted=False)) == expected


@pytest.mark.parametrize(
    ("silent_after", "last_ok_at", "posted", "expected"),
    [
        (None, NOON, False, []),
        (LATER, NOON, False, [EventKind.SILENT]),
        (LATER + timedelta(microseconds=1), NOON, False, []),
        (LATER, NOON, True, []),
        (NOON + HOUR, NOON, False, [EventKind.SILENT]),
        (NOON, NOON, False, []),
        (NOON, NOON, True, [EventKind.RESUMED]),
        (NOON, None, True, []),
        (NOON, None, False, []),
    ],
)
def test_silence_is_told_once_and_its_end_too(
    silent_after: datetime | None,
    last_ok_at: datetime | None,
    posted: bool,
    expected: list[EventKind],
) -> None:
    """Silence begins with the first good fetch after its moment, and ends with a new article."""
    found = turns(Before(last_ok_at=last_ok_at, silent_after=silent_after), good(), posted=posted)
    assert [kind for kind, _ in found] == expected


def test_a_failed_fetch_says_nothing_about_silence() -> None:
    """What cannot be read may well have posted."""
    assert list(turns(Before(silent_after=NOON + HOUR), failed(1), posted=False)) == []


@pytest.mark.parametrize(
    ("hours", "expected"),
    [
        ([], None),
        ([0, 24, 48, 72], None),
        ([0, 0, 0, 0, 24], None),
        ([0, 1, 2, 24, 25, 26], None),
        ([0, 1, 2, 3, 24, 48], 5 * DAY),
        ([0, 1, 2, 3, 11, 13, 35, 37], 5 * DAY),
        ([48, 96, 144, 192, 240], 10 * DAY),
        ([*range(0, 240, 24), 900], 5 * DAY),
        ([24 * each for each in (0, 1, 2, 3, 4, 7, 8, 9, 10, 11, 14)], 5 * DAY),
        ([24 * 30 * month + hour for month in range(4) for hour in range(30)], 150 * DAY - 5 * DAY),
    ],
)
def test_silence_is_measured_by_what_is_usual(hours: list[int], expected: timedelta | None) -> None:
    """Five times the distance that three quarters of the days keep; a few days teach nothing."""
    found = silence_begins([NOON + hour * HOUR for hour in hours], LATER)
    assert found == (LATER + expected if expected else None)
