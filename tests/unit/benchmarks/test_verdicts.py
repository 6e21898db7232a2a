"""The benchmark's own arithmetic: what it keeps, what it calls reached, and its work."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks.measure import Cost
from benchmarks.runs import Run, cases_of, load, median, save
from benchmarks.verdicts import verdicts
from benchmarks.work import Work


def cold(ours: float) -> list[Run]:
    """A first import, ours with nh3 beside a floor of 10 seconds."""
    facts = {"articles": 20_000.0}
    return [
        Run("cold", "ours, nh3", Cost(ours, ours, 299, facts)),
        Run("cold", "floor", Cost(10, 10, 50, facts)),
    ]


@pytest.mark.parametrize(
    ("seconds", "word"), [(19.9, "reached"), (20, "reached"), (20.1, "**missed**")]
)
def test_a_target_is_missed_when_the_ratio_is_above_it(seconds: float, word: str) -> None:
    """A row is reached up to its limit and missed beyond it."""
    first, *_ = verdicts(cases_of(cold(seconds), 1000))
    assert (first.word, first.wanted) == (word, "≤ 2.00 ×")


def test_what_was_not_measured_is_said_to_be_so() -> None:
    """A row whose figures are not there is neither reached nor missed."""
    words = {each.what: each.word for each in verdicts(cases_of(cold(10), 1000))}
    assert words["serving, 304: CPU beside nginx"] == "not measured"
    assert words["articles stored"] == "reached"


def test_parts_are_measured_one_by_one(tmp_path: Path) -> None:
    """What is measured again replaces its own case and leaves the others."""
    file = tmp_path / "measured.json"
    help_first, help_again = (Run("help", "ours", Cost(n, n, 20)) for n in (1.0, 2.0))
    for runs in ([*cold(10)], [help_first], [help_again]):
        save(cases_of(runs, 1000), file)
    kept = load(file)
    assert set(kept) == {"cold", "help"}
    assert kept["help"].medians() == {"ours": Cost(2.0, 2.0, 20)}


def test_medians_are_taken_figure_by_figure() -> None:
    """One run that was slow does not count, whatever its memory was."""
    runs = [Cost(1, 9, 5, {"n": 1}), Cost(2, 1, 6, {"n": 1}), Cost(9, 2, 4, {"n": 3})]
    assert median(runs) == Cost(2, 2, 5, {"n": 1})


def test_a_later_edition_has_one_more_entry_at_the_top_of_some_feeds() -> None:
    """Of 200 feeds one in a hundred changes: a new entry on top, the oldest gone; no other byte."""
    before = Work(200)
    after = before.next(10)
    assert after.changed() == [0, 100]
    old, new = before.entries(100), after.entries(100)
    assert new[1:] == old[:-1]
    assert new[0] not in old
    assert after.document(1) == before.document(1)
    assert after.next(10).changed() == [0, 100]


def test_the_same_seed_gives_the_same_bytes() -> None:
    """The work is made of its seed alone."""
    assert Work(3).document(2) == Work(3).document(2)
    assert Work(3).document(2) != Work(3, seed=8).document(2)
