"""What is told about `feeds:` in categories.yaml, with file, line and column."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from aggregator.config.load import load
from aggregator.config.tree import CategoryTree
from aggregator.errors import ConfigurationError
from aggregator.model.settings import Configuration

TREE = "categories:\n- {id: Finance, categories: [{id: sina}]}\nfeeds:\n"
SOURCES = "sources:\n- {id: wire, url: 'https://wire.example/feed.xml'}\n"


def read(folder: Path, feeds: str) -> Configuration:
    """The configuration with these feeds, which begin in line 4."""
    (folder / "sources").mkdir()
    (folder / "categories.yaml").write_text(TREE + feeds, encoding="utf-8")
    (folder / "sources/all.yaml").write_text(SOURCES, encoding="utf-8")
    return load(folder, {})


FAULTS = [
    ("- {id: all}", "4:8: feeds.all.id: this id is reserved for pages of our own"),
    ("- {id: finance}", "4:8: feeds.finance.id: the id is taken by the category `Finance`"),
    ("- {id: a}\n- {id: A}", "5:8: feeds.A.id: the id is taken by the feed `a`"),
    ("- {id: a/b}", "4:8: feeds.a/b.id: an id holds letters, digits, - and _ only, not '/'"),
    ("- {title: a}", "4:3: feeds.0: the key `id` is missing"),
    ("- {id: a, formats: [x]}", "4:21: feeds.a.formats.0: this format is not known"),
    ("- {id: a, categories: finance/sina}", "4:23: feeds.a.categories: the category"),
    ("- {id: a, categories: [Finance/sin]}", "did you mean 'Finance/sina'?"),
    ("- {id: a, sources: [wine]}", "4:21: feeds.a.sources.0: there is no source `wine`; did you"),
    ("- {id: a, rules: [{keep: {title: '('}}]}", "this is not a regular expression"),
    (
        "- {id: a, rules: [{category: Finance}]}",
        "4:30: feeds.a.rules.0.category: a feed's rules choose what it shows",
    ),
    ("- {id: a, max_age: 7}", "4:20: feeds.a.max_age: write a duration as a number and a unit"),
    ("- {id: a, articles: 0}", "4:21: feeds.a.articles: must be 1 or more"),
    ("- {id: a, source: wire}", "unknown key `source`; did you mean 'sources'?"),
]


@pytest.mark.parametrize(("text", "told"), FAULTS)
def test_a_fault_in_a_feed_is_told_with_its_place(tmp_path: Path, text: str, told: str) -> None:
    """Each mistake gives one line: file, line, column, key, what is wrong and what is right."""
    with pytest.raises(ConfigurationError) as caught:
        read(tmp_path, text)
    (fault,) = caught.value.faults
    assert told in str(fault)
    assert str(fault).startswith(f"{tmp_path}/categories.yaml:")


def test_a_feed_is_read_as_it_is_written(tmp_path: Path) -> None:
    """Every key has its place, and one value may stand where several are allowed."""
    text = "- {id: 长文, categories: Finance/sina, sources: [wire], max_age: 7d, per_source: 3}"
    (feed,) = read(tmp_path, text).feeds
    assert (feed.categories, feed.sources) == (("Finance/sina",), ("wire",))
    assert (feed.max_age, feed.per_source) == (timedelta(days=7), 3)


def test_a_category_that_articles_bring_keeps_clear_of_feeds(tmp_path: Path) -> None:
    """The path of a feed stays the feed's, whatever titles posts bring along."""
    configuration = read(tmp_path, "- {id: weekly}")
    tree = CategoryTree.of(configuration.categories, configuration.feeds)
    path, _ = tree.place(["Weekly"])
    assert path.startswith("weekly-")


SECRETS = [
    ("{token: abcdefgh-012345}", "4:28: feeds.a.private.token: a token has 16 to 200 characters"),
    ("{token: 'abcdefgh 0123456'}", "a token has 16 to 200 characters: letters from A to Z"),
    ("{}", "4:20: feeds.a.private: a private feed has either a `token`, or `user` and `password`"),
    ("{user: ann}", "`password` has 8 characters or more"),
    ("{user: ann, password: '1234567'}", "`password` has 8 characters or more"),
    ("{password: '12345678'}", "`user` is missing beside `password`"),
    ("{user: 'a:b', password: '12345678'}", "is not written as it must be"),
    ("{token: abcdefgh-0123456, user: ann, password: '12345678'}", "has either a `token`, or"),
]


@pytest.mark.parametrize(("private", "told"), SECRETS)
def test_a_fault_in_a_secret_is_told_without_it(tmp_path: Path, private: str, told: str) -> None:
    """A secret that cannot be right is a fault with its place, and is not repeated."""
    with pytest.raises(ConfigurationError) as caught:
        read(tmp_path, f"- {{id: a, private: {private}}}")
    (fault,) = caught.value.faults
    assert told in str(fault)
    assert "abcdefgh" not in str(fault)
    assert "123456" not in str(fault)


def test_a_secret_comes_out_of_the_environment(tmp_path: Path) -> None:
    """`${NAME}` stands for a secret; one that is too short is told without showing it."""
    text = TREE + "- {id: a, private: {token: '${TOKEN}'}}"
    (tmp_path / "categories.yaml").write_text(text, encoding="utf-8")
    (feed,) = load(tmp_path, {"TOKEN": "x" * 16}).feeds
    assert feed.private is not None
    assert feed.private.token.get_secret_value() == "x" * 16
    with pytest.raises(ConfigurationError) as caught:
        load(tmp_path, {"TOKEN": "hush"})
    assert "hush" not in str(caught.value)
