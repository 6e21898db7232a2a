"""Every limit on what comes from outside holds exactly where docs/faults.md says."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from tests.support.limits import LIMITS

PAGE = (Path(__file__).resolve().parents[2] / "docs/faults.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", LIMITS)
def test_just_below_at_and_above(name: str) -> None:
    """One less than the limit fits, as much as the limit fits, one more does not."""
    limit = LIMITS[name]
    around = [limit.value - 1, limit.value, limit.value + 1]
    assert [limit.fits(size) for size in around] == [True, True, False]


def test_the_page_has_every_limit() -> None:
    """The table of limits in the documentation is that of the code."""
    section = PAGE.partition("## Limits")[2].partition("## ")[0]
    table = section.partition("| limit | value |")[2].partition("\n\n")[0]
    rows = re.findall(r"^\| (?!limit|---).*", table, re.MULTILINE)
    assert sorted(rows) == sorted(limit.row(name) for name, limit in LIMITS.items())
