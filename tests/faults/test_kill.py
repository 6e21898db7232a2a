"""K1-K11: kill -9 at any moment costs nothing but time."""

from __future__ import annotations

import os

import pytest

from tests.support.kills import ROWS, kill_run, row_of
from tests.support.moments import COMMIT, FUNCTIONS, HALF, STATEMENT

SEEDS = int(os.environ.get("AGGREGATOR_TEST_KILLS", "20"))


@pytest.mark.slow
@pytest.mark.timeout(60 + 10 * SEEDS)
def test_killed_at_any_moment() -> None:
    """After kill -9 anywhere, a restart and one cycle publish the very bytes of a quiet run."""
    verdicts = kill_run(range(SEEDS))
    assert [str(verdict) for verdict in verdicts if verdict.wrong] == []
    assert sum(not verdict.was_reached for verdict in verdicts) <= SEEDS // 10


def test_every_moment_has_its_row() -> None:
    """Whatever moment a seed can choose belongs to a stage of the fault table, K1 to K11."""
    assert {*FUNCTIONS, STATEMENT, COMMIT, HALF} == ROWS.keys()
    named = {number for row in ROWS.values() for number in row.replace(",", "").split()}
    assert {f"K{number}" for number in range(1, 12)} <= named
    assert row_of("before rename") == row_of("after rename")
