"""PostgreSQL by changing one line: the whole way gives the same feeds as with SQLite."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy.engine import URL

from tests.support.feeds import Item, rss
from tests.support.folders import configured, published
from tests.support.origin import Origin
from tests.support.postgres import create_database, drop_database
from tests.support.running import RunningService, aggregator

ITEMS = [
    Item("A story that both databases tell alike", "https://wire.example/1", body="<p>One.</p>"),
    Item("另一篇文章：标题里有标点，和一个表情 🙂", "https://wire.example/2", body="<p>二。</p>"),
    Item("A nul and a bell \x07 in a title", "https://wire.example/3"),
]


@pytest.fixture
def database(postgres_url: URL) -> Iterator[str]:
    name = f"whole_way_{uuid.uuid4().hex}"
    yield create_database(postgres_url, name).render_as_string(hide_password=False)
    drop_database(postgres_url, name)


def test_same_feeds_from_both_databases(tmp_path: Path, database: str) -> None:
    """The same sources give the same published bytes, whichever database is in between."""
    with Origin() as origin:
        origin.serve("/rss", rss(ITEMS).replace(b"\x07", b"&#7;"), content_type="text/xml")
        sources = [{"id": "wire", "url": origin.url("/rss"), "category": "news"}]
        folders = [
            configured(tmp_path / "sqlite", sources, [{"id": "news"}]),
            configured(tmp_path / "postgres", sources, [{"id": "news"}], database=database),
        ]
        for folder in folders:
            for _ in range(2):
                done = aggregator(folder, "ingest")
                assert done.returncode == 0, done.stderr
    first, second = map(published, folders)
    assert len(first["news/rss.xml"]) > 1000
    assert first == second
    assert not (tmp_path / "postgres/data").exists()


def test_second_instance_on_postgres_is_refused(tmp_path: Path, database: str) -> None:
    """Two services from two folders on one PostgreSQL database: the second leaves with status 2."""
    folders = [configured(tmp_path / name, [], database=database) for name in ("one", "two")]
    with RunningService(folders[0]):
        second = aggregator(folders[1], "run")
    assert second.returncode == 2
    assert "in use" in second.stderr
    assert "Traceback" not in second.stderr
