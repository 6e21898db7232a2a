"""C16: our own feeds come back to us, at once or by way of another instance."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from aggregator.config.load import load
from aggregator.ingest.workers import InlineWorkers
from aggregator.service.assembly import assemble, open_configured_store
from tests.support.feeds import Item, rss
from tests.support.folders import configured, published
from tests.support.invariants import check, rows
from tests.support.origin import Origin

CYCLES = 4
START = datetime.now(UTC) - timedelta(hours=1)
"""A little before the machine's clock, by which it is judged in the end when all is due."""
ITEMS = [
    Item("A first story that has a title of its own", "https://wire.example/1", body="<p>One.</p>"),
    Item("另一篇文章：标题里有标点，和一个表情 🙂", "https://wire.example/2", body="<p>二。</p>"),
    Item("No date, and a [tag] in its title", "https://wire.example/3", when=None),
    Item("No link and no guid, but a long title all the same", body="<p>Four.</p>"),
]


@pytest.fixture
def origin() -> Iterator[Origin]:
    with Origin() as origin:
        origin.serve("/wire", rss(ITEMS))
        yield origin


class Instance:
    """An instance that reads the wire, and what instances publish."""

    def __init__(self, folder: Path, origin: Origin, *reads: str) -> None:
        self.name, self._origin = folder.name, origin
        sources: list[dict[str, Any]] = [
            {"id": "wire", "url": origin.url("/wire"), "category": "news"},
            *(
                {"id": f"from-{n}", "url": origin.url(r), "category": "loop"}
                for n, r in enumerate(reads)
            ),
        ]
        self.folder = configured(folder, sources, [{"id": "news"}, {"id": "loop"}])

    def cycle(self, number: int) -> None:
        """Read every source once, publish, and let the origin have what was published."""
        configuration = load(self.folder / "config", {})
        now = START + timedelta(minutes=number)
        with closing(open_configured_store(configuration)) as store:
            parts = assemble(configuration, store, lambda: now, InlineWorkers())
            with closing(parts):
                list(parts.engine.ingest_all([spec.id for spec in configuration.sources]))
                parts.publisher.publish_changed()
        for name, body in published(self.folder).items():
            self._origin.serve(f"/{self.name}/{name}", body)


FORMATS = ("rss.xml", "atom.xml", "feed.json")


@pytest.mark.parametrize(
    "feed", [f"{place}/{name}" for place in ("all", "loop") for name in FORMATS]
)
def test_our_own_feed_read_back(tmp_path: Path, origin: Origin, feed: str) -> None:
    """An instance that reads its own feed has no more articles for it, however often."""
    one = Instance(tmp_path / "one", origin, f"/one/{feed}")
    one.cycle(0)
    one.cycle(1)
    articles = rows(one.folder)["article"]
    settled: list[tuple[dict[str, int], dict[str, bytes]]] = []
    for number in range(2, 2 + CYCLES):
        one.cycle(number)
        settled.append((rows(one.folder), published(one.folder)))
    assert articles == len(ITEMS)
    assert all(each == settled[0] for each in settled)
    check(one.folder)


@pytest.mark.parametrize("name", FORMATS)
def test_two_instances_feed_each_other(tmp_path: Path, origin: Origin, name: str) -> None:
    """Two instances that read the same wire and one another come to rest after two cycles."""
    one = Instance(tmp_path / "one", origin, f"/two/all/{name}")
    two = Instance(tmp_path / "two", origin, f"/one/all/{name}")
    seen = []
    for number in range(2 + CYCLES):
        for each in (one, two):
            each.cycle(number)
        seen.append([(rows(each.folder), published(each.folder)) for each in (one, two)])
    assert all(each == seen[2] for each in seen[2:])
    assert [rows(each.folder)["article"] for each in (one, two)] == [len(ITEMS)] * 2
    for each in (one, two):
        check(each.folder)
