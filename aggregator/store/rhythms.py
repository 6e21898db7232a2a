"""Hints and rhythms of sources, between the types and the JSON columns that hold them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import accumulate, pairwise
from typing import Any

from aggregator.model.schedule import Hints, QuietTimes, Rhythm
from aggregator.text.xml_chars import strip_illegal


def from_hints(hints: Hints) -> list[Any]:
    """Hints as they lie in a JSON column; nothing for those that say nothing."""
    if hints == Hints():
        return []
    hub = [hints.hub, hints.topic] if hints.hub else []
    asked = [hints.at_least.total_seconds(), strip_illegal(hints.said_by)]
    return [*asked, *_from_quiet(hints.quiet), *hub]


def to_hints(columns: list[Any]) -> Hints:
    """The hints in a JSON column."""
    if not columns:
        return Hints()
    seconds, said_by, hours, days, *hub = columns
    return Hints(timedelta(seconds=seconds), said_by, _to_quiet([hours, days]), *hub)


def from_rhythm(rhythm: Rhythm) -> list[Any]:
    """A rhythm as it lies in a JSON column: times as seconds from each to the one before it."""
    if rhythm == Rhythm():
        return []
    times = [int(each.timestamp()) for each in rhythm.times]
    steps = [*times[:1], *(earlier - later for later, earlier in pairwise(times))]
    gap = rhythm.gap.total_seconds() if rhythm.gap is not None else None
    since = rhythm.watched_since.timestamp() if rhythm.watched_since else None
    return [steps, gap, since, *_from_quiet(rhythm.quiet)]


def to_rhythm(columns: list[Any]) -> Rhythm:
    """The rhythm in a JSON column."""
    if not columns:
        return Rhythm()
    steps, gap, since, *quiet = columns
    return Rhythm(
        times=tuple(datetime.fromtimestamp(each, UTC) for each in accumulate(steps)),
        gap=None if gap is None else timedelta(seconds=gap),
        quiet=_to_quiet(quiet),
        watched_since=None if since is None else datetime.fromtimestamp(since, UTC),
    )


def _from_quiet(quiet: QuietTimes) -> list[list[int]]:
    return [sorted(quiet.hours), sorted(quiet.days)]


def _to_quiet(columns: list[list[int]]) -> QuietTimes:
    hours, days = columns
    return QuietTimes(frozenset(hours), frozenset(days))
