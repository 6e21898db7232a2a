"""The documentation shows what the policy does now, not what it once did."""

from __future__ import annotations

from benchmarks.week import MINUTE, MONDAY, Source, followed, table
from benchmarks.week_picture import draw
from benchmarks.written import PICTURES, SCHEDULING

WEEK = {source.name: source for source in followed()}


def longest(source: Source) -> float:
    """Minutes until an article of the week was seen, at the most."""
    return max(source.delays) / MINUTE


def test_the_documentation_shows_this_policy() -> None:
    """Table and picture are those that `python -m benchmarks.week --write` makes."""
    assert table(list(WEEK.values())) in SCHEDULING.read_text(encoding="utf-8")
    assert draw(list(WEEK.values()), MONDAY) == (PICTURES / "week.svg").read_text(encoding="utf-8")


def test_every_kind_is_read_as_it_posts() -> None:
    """Regular sources are seen soon with few visits, bursts within minutes, the dead once a day."""
    assert longest(WEEK["hourly agency"]) <= 35
    assert len(WEEK["hourly agency"].visits) <= 2.1 * len(WEEK["hourly agency"].delays)
    assert longest(WEEK["daily blog"]) <= 90
    assert len(WEEK["daily blog"].visits) <= 21
    assert longest(WEEK["bursty"]) <= 15
    assert len(WEEK["bursty"].visits) <= 120
    assert len(WEEK["dead"].visits) == 7
    assert WEEK["dead"].delays == []


def test_a_broken_source_is_left_more_and_more_alone_and_is_back_at_once() -> None:
    """Two days of failures take few visits, and the first success restores the old interval."""
    visits = WEEK["broken"].visits
    failed = [each for each in visits if not each.good]
    assert len(failed) <= 7
    assert [each.interval for each in failed] == sorted(each.interval for each in failed)
    before, after = visits[visits.index(failed[0]) - 1], visits[visits.index(failed[-1]) + 1]
    assert abs(after.interval - before.interval) <= 5 * MINUTE
