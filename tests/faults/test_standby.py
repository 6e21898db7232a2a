"""B4: an instance that waits for its turn."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.support.invariants import check
from tests.support.newsroom import Newsroom, wait_for_story
from tests.support.origin import Origin
from tests.support.postgres import PostgresServer, restartable_server
from tests.support.running import RunningService


@pytest.fixture(params=["sqlite", "postgres"])
def database(request: pytest.FixtureRequest) -> Iterator[dict[str, Any]]:
    """The setting that names a database; for PostgreSQL one that nobody else uses."""
    if request.param == "sqlite":
        yield {}
        return
    with restartable_server() as server:
        yield {"database": _address(server)}


def _address(server: PostgresServer) -> str:
    return server.url.render_as_string(hide_password=False)


@pytest.mark.slow
def test_a_standby_takes_over(tmp_path: Path, database: dict[str, Any]) -> None:
    """It does nothing while another instance runs, and goes on where that one was killed."""
    with Origin() as origin:
        room = Newsroom(origin)
        folder = room.configured(tmp_path, **database)
        standby = RunningService(folder, "run --standby")
        with RunningService(folder) as first:
            wait_for_story(first, room.newest)
            standby.begin()
            standby.wait_for_log("waits for its turn")
            wait_for_story(first, room.post())
            assert len(standby.log) == 1
            first.kill()
        standby.wait_until_ready()
        assert room.newest in standby.get("/news/rss.xml").text
        wait_for_story(standby, room.post())
        assert standby.stop() == 0
    check(folder, standby.log)


def test_a_standby_ends_when_it_is_told_to(tmp_path: Path) -> None:
    """A signal ends the wait, with 0, and nothing was touched."""
    with Origin() as origin:
        folder = Newsroom(origin).configured(tmp_path)
        standby = RunningService(folder, "run --standby")
        with RunningService(folder):
            standby.begin()
            standby.wait_for_log("waits for its turn")
            assert standby.stop() == 0
