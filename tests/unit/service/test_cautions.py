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


@pytest.mark.parametrize(
    ("url", "warns"),
    [
        ("https://news.example/all/rss.xml", True),
        ("http://news.example:80/news/atom.xml", True),
        ("https://news.example.org/all/rss.xml", False),
        ("https://other.example/?from=https://news.example/", False),
    ],
)
def test_a_feed_of_our_own_is_told(tmp_path: Path, url: str, *, warns: bool) -> None:
    """Who reads back what this site publishes is told of it at each start, by the source's id."""
    sources = [{"id": "mirror", "url": url, "category": "news"}]
    folder = configured(
        tmp_path, sources, [{"id": "news"}],
        site={"url": "https://news.example/"}, fetch={"allow_private": False},
    )  # fmt: skip
    found = cautions(load(folder / "config", {}), "expat_99.0.0")
    assert ["(mirror)" in each for each in found] == [True] * warns


def test_private_networks_are_told(tmp_path: Path) -> None:
    """Where private addresses are allowed, the log says so at each start."""
    configuration = load(configured(tmp_path, []) / "config", {})
    (caution,) = cautions(configuration, "expat_99.0.0")
    assert "fetch.allow_private" in caution
    assert pyexpat.EXPAT_VERSION.startswith("expat_")
