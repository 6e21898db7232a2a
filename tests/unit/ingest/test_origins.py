"""Whom an article comes from: the source, or another feed that the entry names."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from aggregator.model.entries import Origin as ComesFrom
from tests.support.origin import Origin
from tests.support.visiting import Visits


@pytest.fixture
def origin() -> Iterator[Origin]:
    with Origin() as running:
        yield running


def feed(source: str) -> str:
    """A planet's feed with one entry that names its source."""
    return (
        '<feed xmlns="http://www.w3.org/2005/Atom"><id>urn:planet</id><title>Planet</title>'
        '<link href="https://planet.example/"/><entry><id>urn:1</id><title>The article</title>'
        f"<source>{source}</source></entry></feed>"
    )


OF_ANOTHER = '<id>urn:a</id><title>Ann</title><link href="https://ann.example/"/><rights>R</rights>'


def comes_from(visits: Visits) -> ComesFrom:
    """The origin of the one article."""
    visits.visit()
    (article,) = visits.articles().values()
    return article.origin


def test_an_entry_of_another_feed_is_that_feeds(tmp_path: Path, origin: Origin) -> None:
    """A planet's entries stay those of their authors, also where the planet has a name here."""
    origin.serve("/x", feed(OF_ANOTHER))
    site = "https://mine.example/"
    with Visits(tmp_path, url=origin.url("/x"), title="My planet", site_link=site) as visits:
        assert comes_from(visits) == ComesFrom("Ann", "https://ann.example/", "", "urn:a", "R")


def test_an_entry_that_names_its_own_feed_is_the_sources(tmp_path: Path, origin: Origin) -> None:
    """What is configured stands for a feed that names itself in its entries."""
    origin.serve("/x", feed("<id>urn:planet</id><title>Planet, the old name</title>"))
    with Visits(tmp_path, url=origin.url("/x"), title="My planet") as visits:
        expected = ComesFrom("My planet", "https://planet.example/", origin.url("/x"), "urn:planet")
        assert comes_from(visits) == expected


def test_a_source_without_a_name_is_still_named(tmp_path: Path, origin: Origin) -> None:
    """Where only an address of the other feed is told, the source's name stands beside it."""
    other = '<link rel="self" href="https://ann.example/feed"/>'
    origin.serve("/x", feed(other))
    with Visits(tmp_path, url=origin.url("/x"), title="My planet") as visits:
        expected = ComesFrom("My planet", "", "https://ann.example/feed")
        assert comes_from(visits) == expected
