"""What publishing notes about categories that are not where they were."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from aggregator.publish.folder import FeedFolder
from aggregator.publish.publisher import Publisher
from tests.support.publishing import ShelfStore, configuration, stored


def publish(folder: Path, store: ShelfStore, *categories: str) -> dict[str, Any]:
    """Publish with these of the categories at the top; what is noted afterwards."""
    wanted = configuration(folder)
    kept = tuple(each for each in wanted.categories if each.id in categories)
    wanted = wanted.model_copy(update={"categories": kept})
    Publisher(store, wanted, FeedFolder(folder / "feeds")).publish_all()
    noted = (folder / "feeds/.addresses").read_bytes()
    found: dict[str, Any] = json.loads(noted)
    return found


def test_a_removed_category_is_noted_as_gone_until_it_comes_back(tmp_path: Path) -> None:
    """What was published and is named no more is gone; named again, it is not."""
    store = ShelfStore()
    Publisher(store, configuration(tmp_path), FeedFolder(tmp_path / "feeds")).publish_all()
    assert not (tmp_path / "feeds/.addresses").exists()
    assert publish(tmp_path, store, "finance")["gone"] == ["tech"]
    assert publish(tmp_path, store, "finance")["gone"] == ["tech"]
    assert publish(tmp_path, store, "finance", "tech")["gone"] == []


def test_a_moved_category_takes_its_archive_along(tmp_path: Path) -> None:
    """The closed documents lie below the new path, and the old one leads there."""
    store = ShelfStore(stored(1, paths=("tech",)))
    store.moved = {"computing": "tech"}
    closed = tmp_path / "feeds/computing/archive/2020-01/rss.xml"
    closed.parent.mkdir(parents=True)
    closed.write_bytes(b"<rss/>")
    assert publish(tmp_path, store, "finance", "tech")["moved"] == {"computing": "tech"}
    assert (tmp_path / "feeds/tech/archive/2020-01/rss.xml").read_bytes() == b"<rss/>"
    assert not closed.exists()
