"""K13: each system call by which SQLite writes fails once."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.support.failing_calls import build, run
from tests.support.shared import require


@pytest.mark.slow
def test_the_database_is_before_or_after_whichever_call_fails(tmp_path: Path) -> None:
    """What was refused left no trace, what was not is stored whole; the next try stores it."""
    require("cc", present=shutil.which("cc") is not None)
    attempts = run(build(tmp_path), tmp_path)
    assert [each["n"] for each in attempts] == list(range(1, len(attempts) + 1))
    assert {each["state"] for each in attempts} == {"before", "after"}
    for each in attempts:
        assert each["state"] == ("before" if each["refused"] else "after"), each
        assert not each["refused"] or "disk I/O error" in each["refused"], each
        assert each["sound"], each
        assert each["healed"], each
