"""The command that reads and publishes once."""

from __future__ import annotations

import multiprocessing
from pathlib import Path

from aggregator.cli.console import Voice
from aggregator.cli.once import ingest_once
from aggregator.config.load import load
from tests.support.feeds import Item, rss
from tests.support.folders import configured, published
from tests.support.hub import Form, Hub
from tests.support.origin import Origin


def test_no_worker_is_left_when_it_publishes(tmp_path: Path) -> None:
    """The processes that read have given their memory back before anything is published."""
    others = set(multiprocessing.active_children())
    left: list[set[multiprocessing.process.BaseProcess]] = []

    def look(_: Form) -> None:
        left.append(set(multiprocessing.active_children()) - others)

    with Origin() as origin, Hub(heard=look) as hub:
        origin.serve("/rss", rss([Item("A first story of its own", "https://wire.example/1")]))
        source = {"id": "wire", "url": origin.url("/rss"), "category": "news"}
        configured(
            tmp_path, [source], [{"id": "news"}], publish={"settle": "0s", "hubs": [hub.url]}
        )
        summary, _ = ingest_once(load(tmp_path / "config", {}), [], Voice(quiet=True))
    assert not summary.failed
    assert "news/rss.xml" in published(tmp_path)
    assert left
    assert not any(left)
