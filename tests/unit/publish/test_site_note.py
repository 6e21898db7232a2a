"""The pages of the whole site are made when something they show changed, not to find that out."""

from __future__ import annotations

from pathlib import Path

from aggregator.model.settings import Configuration
from aggregator.publish.publisher import Publisher
from tests.support.publishing import ShelfStore, configuration, stored


def published_again(store: ShelfStore, wanted: Configuration) -> tuple[tuple[str, ...], int]:
    """What a program that was just started writes, and how much it made that was there already."""
    report = Publisher(store, wanted).publish_changed()
    return report.written, report.unchanged


def test_a_start_where_nothing_changed_makes_nothing(tmp_path: Path) -> None:
    """Another program on the same folder, configuration and articles has nothing to make."""
    store = ShelfStore(stored(1))
    Publisher(store, configuration(tmp_path)).publish_changed()
    assert published_again(store, configuration(tmp_path)) == ((), 0)


def test_another_title_of_the_site_is_shown(tmp_path: Path) -> None:
    """A changed configuration changes the home page though no article did, once."""
    store, before = ShelfStore(stored(1)), configuration(tmp_path)
    Publisher(store, before).publish_changed()
    site = before.settings.site.model_copy(update={"title": "Another name"})
    settings = before.settings.model_copy(update={"site": site})
    after = before.model_copy(update={"settings": settings})
    assert "index.html" in published_again(store, after)[0]
    assert published_again(store, after) == ((), 0)


def test_a_home_page_that_was_taken_away_comes_back(tmp_path: Path) -> None:
    """Where the page is missing, no note keeps it from being made."""
    store = ShelfStore(stored(1))
    Publisher(store, configuration(tmp_path)).publish_changed()
    (tmp_path / "feeds/index.html").unlink()
    assert published_again(store, configuration(tmp_path))[0] == ("index.html",)


def test_pages_that_failed_are_made_by_the_next_program(tmp_path: Path) -> None:
    """What could not be made is not taken for made after a restart."""
    store = ShelfStore(stored(1))
    (tmp_path / "feeds/feeds.opml").mkdir(parents=True)
    failed = Publisher(store, configuration(tmp_path)).publish_changed()
    assert list(failed.failed) == [""]
    (tmp_path / "feeds/feeds.opml").rmdir()
    assert published_again(store, configuration(tmp_path))[0] == ("feeds.opml",)
