"""What is told about `was:` in categories.yaml, with file, line and column."""

from __future__ import annotations

from pathlib import Path

import pytest

from aggregator.config.load import load
from aggregator.errors import ConfigurationError
from aggregator.model.settings import Configuration

SOURCES = "sources:\n- {id: wire, url: 'https://wire.example/feed.xml', category: news}\n"
EIGHT = "/".join("abcdefgh")


def read(folder: Path, categories: str) -> Configuration:
    """The configuration with these categories, which begin in line 2, and the feed `weekly`."""
    (folder / "sources").mkdir()
    text = f"categories:\n{categories}\nfeeds:\n- {{id: weekly}}\n"
    (folder / "categories.yaml").write_text(text, encoding="utf-8")
    (folder / "sources/all.yaml").write_text(SOURCES, encoding="utf-8")
    return load(folder, {})


FAULTS = [
    ("- {id: news, was: [a//b]}", "2:20: categories.news.was.0: this was never the path of a"),
    ("- {id: news, was: [a b]}", "2:20: categories.news.was.0: this was never the path of a"),
    ("- {id: news, was: ['../x']}", "letters, digits, - and _ only, not '.'; write the ids from"),
    ("- {id: news, was: ['']}", "an id has 1 to"),
    ("- {id: news, was: '/'}", "2:19: categories.news.was: this was never the path of a category"),
    (f"- {{id: news, was: {EIGHT}/i}}", "categories stand 8 levels deep at most"),
    ("- {id: news, was: all}", "this path is reserved for pages of our own; take it out"),
    ("- {id: news, was: Static/x}", "this path is reserved for pages of our own"),
    ("- {id: news, was: old/archive}", "this path is reserved for pages of our own"),
    ("- {id: news, was: news}", "2:19: categories.news.was: something has this path now"),
    ("- {id: news, was: /news/}", "2:19: categories.news.was: something has this path now"),
    ("- {id: news, was: weekly}", "2:19: categories.news.was: something has this path now"),
    (
        "- {id: news, was: sport/ball}\n- {id: sport, categories: [{id: ball}]}",
        "2:19: categories.news.was: something has this path now",
    ),
    (
        "- {id: news, was: old}\n- {id: sport, categories: [{id: ball, was: [old]}]}",
        "3:45: categories.sport.categories.ball.was.0: another category had this path, too",
    ),
    ("- {id: news, was: [old, old]}", "2:25: categories.news.was.1: another category had this"),
    ("- {id: news, was: [1]}", "2:20: categories.news.was.0: "),
]


@pytest.mark.parametrize(("text", "told"), FAULTS)
def test_a_fault_in_a_former_path_is_told_with_its_place(
    tmp_path: Path, text: str, told: str
) -> None:
    """Each mistake gives one line: file, line, column, key, what is wrong and what is right."""
    with pytest.raises(ConfigurationError) as caught:
        read(tmp_path, text)
    (fault,) = caught.value.faults
    assert told in str(fault)
    assert str(fault).startswith(f"{tmp_path}/categories.yaml:")


@pytest.mark.parametrize(
    "was", ["old", "/old/", "[old, older/one]", EIGHT, "sport/old", "新闻", "News", "weekly/old"]
)
def test_a_path_that_nothing_has_can_have_been_one(tmp_path: Path, was: str) -> None:
    """Also below another category, with other capitals, and at the greatest depth."""
    tree = read(tmp_path, f"- {{id: news, was: {was}}}\n- {{id: sport}}").categories
    assert tree[0].was


def test_a_fault_from_the_environment_is_kept_back(tmp_path: Path) -> None:
    """What a variable holds is not shown, as it may be a secret."""
    (tmp_path / "sources").mkdir()
    text = "categories:\n- {id: news, was: '${OLD}'}\n"
    (tmp_path / "categories.yaml").write_text(text, encoding="utf-8")
    (tmp_path / "sources/all.yaml").write_text(SOURCES, encoding="utf-8")
    with pytest.raises(ConfigurationError) as caught:
        load(tmp_path, {"OLD": "s3cret value"})
    assert "s3cret" not in str(caught.value)
