"""Which turns in a source's life one more fetch makes: a pure policy, no statements.

A turn is told once, when it is reached; the next fetches in the same state tell nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise

from aggregator.errors import ParseReason
from aggregator.model.health import EventKind
from aggregator.model.results import SourceResult, SourceStatus
from aggregator.text.redaction import showable

FAILURES_TO_BREAK = 3
"""So many in a row: one or two are everyday life and mend themselves."""
FAR_LONGER = 5
POSTS_LOOKED_AT = 20
FEWEST_POSTS, FEWEST_DAYS = 5, 3

_LAYOUT = {ParseReason.LAYOUT_CHANGED, ParseReason.NO_ITEMS}


@dataclass(frozen=True, slots=True)
class Before:
    """What was known of a source before a fetch; `silent_after` is when silence would begin."""

    failures: int = 0
    gone: bool = False
    moved_to: str = ""
    last_ok_at: datetime | None = None
    silent_after: datetime | None = None


def turns(before: Before, result: SourceResult, *, posted: bool) -> Iterator[tuple[EventKind, str]]:
    """What happened by this fetch, with a detail for people.

    `posted` says that the source brought something new.
    """
    if result.status is SourceStatus.FAILED:
        yield from _failing(before, result)
        return
    if before.gone or before.failures >= FAILURES_TO_BREAK:
        yield EventKind.RECOVERED, ""
    moved_to = result.state.moved_to
    if moved_to and moved_to != before.moved_to:
        yield EventKind.MOVED, showable(moved_to)
    silent_after = before.silent_after
    if silent_after and before.last_ok_at:
        was_silent = silent_after <= before.last_ok_at
        if posted and was_silent:
            yield EventKind.RESUMED, ""
        elif not (posted or was_silent) and silent_after <= _end(result):
            yield EventKind.SILENT, ""


def _failing(before: Before, result: SourceResult) -> Iterator[tuple[EventKind, str]]:
    after = result.state
    if after.gone:
        if not before.gone:
            yield EventKind.GONE, result.error
    elif before.failures < FAILURES_TO_BREAK <= after.failures:
        is_layout = result.reason in _LAYOUT
        yield EventKind.LAYOUT_CHANGED if is_layout else EventKind.BROKEN, result.error


def _end(result: SourceResult) -> datetime:
    return result.state.last_ok_at or result.started_at


def silence_begins(posted: Sequence[datetime], now: datetime) -> datetime | None:
    """When a source that has just posted would be silent for far longer than usual.

    Usual is the distance between days with posts that three quarters of them keep: weekends are
    long, and so is the time between bursts of many posts. None while too few days are known.
    """
    days = sorted({each.date() for each in posted})
    if len(posted) < FEWEST_POSTS or len(days) < FEWEST_DAYS:
        return None
    gaps = sorted(later - earlier for earlier, later in pairwise(days))
    usual = gaps[len(gaps) * 3 // 4]
    return now + FAR_LONGER * usual
