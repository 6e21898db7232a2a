"""What is said at the start about the machine and the configuration."""

from __future__ import annotations

import pyexpat
from pathlib import Path

import pytest

from aggregator.config.load import load
from aggregator.service.cautions import cautions
from tests.support.folders import configured


@pytest.mark.parametrize(
    ("expat", "warns"),
    [
        ("expat_2.5.0", True),
        ("expat_2.7.1", True),
        ("expat_2.7.2", False),
        ("expat_2.7.3", False),
        ("expat_2.10.0", False),
        ("expat_3.0.0", False),
    ],
)
def test_an_old_expat_is_told(tmp_path: Path, expat: str, *, warns: bool) -> None:
    """Below 2.7.2 the log says at the start that hostile XML can be slow to read."""
    configuration = load(configured(tmp_path, [], fetch={"allow_private": False}) / "config", {})
    assert [expat in each for each in cautions(configuration, expat)] == [True] * warns


def test_private_networks_are_told(tmp_path: Path) -> None:
    """Where private addresses are allowed, the log says so at each start."""
    configuration = load(configured(tmp_path, []) / "config", {})
    (caution,) = cautions(configuration, "expat_99.0.0")
    assert "fetch.allow_private" in caution
    assert pyexpat.EXPAT_VERSION.startswith("expat_")
