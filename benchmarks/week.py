"""A week of five kinds of sources under our own scheduling policy: `python -m benchmarks.week`.

Drives `fetch.rhythm` and `fetch.due`, as the service does, with a clock that jumps from visit to
visit; there is no origin and no database. What is simulated are the sources: when each of them
posts, and when its server is down. `--write` draws the picture, and puts the table into
docs/scheduling.md.
"""

from __future__ import annotations

import argparse
import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

from aggregator.errors import FetchError, FetchReason
from aggregator.fetch.due import DuePlan, after_failure, after_success, share
from aggregator.fetch.rhythm import learn
from aggregator.model.pages import FetchState
from aggregator.model.quantities import format_duration
from aggregator.model.settings import Fetch
from benchmarks.week_picture import draw
from benchmarks.written import PICTURES, write_table

MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
MONDAY = datetime(2026, 11, 16, tzinfo=UTC)
"""The first of the seven days that are shown; the sources have been followed for a while then."""
FOLLOWED = 8 * 7 * DAY
ITEMS = 20
"""Articles that stand in a document: an older one is not seen any more."""
DOWN = (MONDAY + 30 * HOUR, MONDAY + 78 * HOUR)
"""While the server of the broken source is down."""
DEFAULTS = Fetch()
PLAN = DuePlan(DEFAULTS.every, DEFAULTS.every_at_least, DEFAULTS.every_at_most)


@dataclass(frozen=True)
class Visit:
    """One fetch: when, whether it could be read, and how long until the next one and why."""

    at: datetime
    good: bool
    interval: timedelta
    why: str


@dataclass
class Source:
    """A kind of source, when it posts, and how its week went."""

    name: str
    posts: Sequence[datetime]
    is_down: Callable[[datetime], bool] = lambda _: False
    visits: list[Visit] = field(default_factory=list)
    delays: list[timedelta] = field(default_factory=list)


def follow(source: Source, seed: random.Random) -> Source:
    """Visit a source whenever the policy says so, until the end of the week."""
    now = MONDAY - FOLLOWED + PLAN.every * share(source.name)
    state, seen = FetchState(now, PLAN.interval), now - 10_000 * DAY
    while now < MONDAY + 7 * DAY:
        good = not source.is_down(now)
        if good:
            shown = [each for each in source.posts if each <= now][-ITEMS:]
            new = [each for each in shown if each > seen]
            source.delays += [now - each for each in new if each >= MONDAY]
            rhythm = learn(state.rhythm, new, now) if new else state.rhythm
            seen = max(new, default=seen)
            state = after_success(replace(state, rhythm=rhythm), PLAN, now)
        else:
            error = FetchError(FetchReason.HTTP_ERROR, "down", status=502)
            state = after_failure(state, error, PLAN, now, seed.random())
        if now >= MONDAY:
            source.visits.append(Visit(now, good, state.next_due_at - now, state.why))
        now = state.next_due_at
    return source


def _regular(gap: timedelta, spread: timedelta, seed: random.Random) -> Iterator[datetime]:
    """Posts at about this distance, day and night."""
    moment = MONDAY - FOLLOWED
    while moment < MONDAY + 7 * DAY:
        yield moment + spread * seed.uniform(-1, 1)
        moment += gap


def _bursts(seed: random.Random) -> Iterator[datetime]:
    """Nothing for days, then many in an evening: match reports on Wednesdays and Saturdays."""
    day = MONDAY - FOLLOWED
    while day < MONDAY + 7 * DAY:
        if day.weekday() in (2, 5):
            yield from (day + 19 * HOUR + 8 * MINUTE * n for n in range(seed.randint(12, 18)))
        day += DAY


def sources(seed: random.Random) -> list[Source]:
    """Five kinds of sources."""
    is_down = lambda now: DOWN[0] <= now < DOWN[1]  # noqa: E731 - a name helps more than a def
    return [
        Source("hourly agency", sorted(_regular(HOUR, 12 * MINUTE, seed))),
        Source("daily blog", [each + 9 * HOUR for each in _regular(DAY, 25 * MINUTE, seed)]),
        Source("dead", [MONDAY - 1000 * DAY + 3 * DAY * each for each in range(30)]),
        Source("bursty", list(_bursts(seed))),
        Source("broken", sorted(_regular(2 * HOUR, 20 * MINUTE, seed)), is_down),
    ]


def followed() -> list[Source]:
    """All of them, and how their week went; the same each time."""
    seed = random.Random(1)
    return [follow(source, seed) for source in sources(seed)]


def table(week: Sequence[Source]) -> str:
    """What the week came to, one source a line."""
    lines = [
        "| source | articles | visits | failed | waits | article seen after |",
        "|---|---|---|---|---|---|",
    ]
    for source in week:
        waits = sorted(visit.interval for visit in source.visits)
        delays = sorted(source.delays)
        seen = (
            f"{_short(delays[len(delays) // 2])}, at most {_short(delays[-1])}" if delays else "–"
        )
        failed = sum(not visit.good for visit in source.visits)
        lines.append(
            f"| {source.name} | {len(delays)} | {len(source.visits)} | {failed} "
            f"| {_short(waits[0])} to {_short(waits[-1])} | {seen} |"
        )
    return "\n".join(lines) + "\n"


def _short(length: timedelta) -> str:
    """A length of time, to the minute or, above two hours, to the hour."""
    unit = HOUR if length > 2 * HOUR else MINUTE
    return format_duration(round(length / unit) * unit)


def main() -> None:
    """Print the table; with `--write`, put it and the picture into the documentation."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--write", action="store_true")
    options = parser.parse_args()
    week = followed()
    print(table(week))
    if options.write:
        (PICTURES / "week.svg").write_text(draw(week, MONDAY), "utf-8")
        write_table("week", table(week))


if __name__ == "__main__":
    main()
