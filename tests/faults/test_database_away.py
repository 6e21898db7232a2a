"""B1, B2, B4: a database that is locked, gone for a while, or that another instance took."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from tests.support.invariants import check, nothing_moves, watching
from tests.support.newsroom import (
    Newsroom,
    until,
    wait_for_notice,
    wait_for_story,
    wait_until_well,
)
from tests.support.origin import Origin
from tests.support.postgres import PostgresServer, connect, end_sessions, restartable_server
from tests.support.running import RunningService, aggregator

HURRIED = "tests.support.hurried"
RECONNECTS_WITHIN = 10.0


@pytest.fixture
def room() -> Iterator[Newsroom]:
    with Origin() as origin:
        yield Newsroom(origin)


@pytest.fixture(scope="module")
def server() -> Iterator[PostgresServer]:
    with restartable_server() as server:
        yield server


def address(server: PostgresServer) -> str:
    return server.url.render_as_string(hide_password=False)


@pytest.mark.slow
def test_sqlite_is_locked(tmp_path: Path, room: Newsroom) -> None:
    """While another program holds the database readers are served; then the work is done."""
    folder = room.configured(tmp_path)
    with RunningService(folder, "run", HURRIED) as service:
        wait_for_story(service, room.newest)
        with (
            closing(sqlite3.connect(folder / "data/aggregator.db", isolation_level=None)) as other,
            watching(service.url("/news/rss.xml"), service.url("/all/feed.json")),
        ):
            other.execute("BEGIN EXCLUSIVE")
            room.post()
            wait_for_notice(service, "database")
            service.wait_for_log("another program holds it; end that program")
            assert service.get("/news/").status_code == 200
            other.execute("ROLLBACK")
            wait_for_story(service, room.newest)
        wait_until_well(service)
    check(folder, service.log)
    nothing_moves(folder, "wire")


@pytest.mark.slow
def test_postgres_is_gone_for_a_while(
    tmp_path: Path, room: Newsroom, server: PostgresServer
) -> None:
    """Feeds are served on, nothing is lost, and within ten seconds all goes on by itself."""
    folder = room.configured(tmp_path, database=address(server))
    with RunningService(folder) as service:
        wait_for_story(service, room.newest)
        with watching(service.url("/news/rss.xml"), service.url("/all/atom.xml")):
            server.stop()
            missed = room.post()
            service.wait_for_log("the database does not answer")
            until(lambda: service.get("/readyz").status_code == 503, "503", service, 30)
            assert "database" in service.get("/readyz").json()["problems"]
            assert service.get("/healthz").status_code == 200
            server.start()
            wait_until_well(service, RECONNECTS_WITHIN)
            wait_for_story(service, missed)
            wait_for_story(service, room.post())
        wait_until_well(service)
        second = aggregator(folder, "run")
        assert (second.returncode, "in use" in second.stderr) == (2, True)
    check(folder, service.log)


@pytest.mark.slow
def test_another_instance_took_the_database(
    tmp_path: Path, room: Newsroom, server: PostgresServer
) -> None:
    """Whose lock a restart of the server took away, and who was too late, ends with status 2."""
    folder = room.configured(tmp_path, database=address(server))
    with RunningService(folder, "run", HURRIED) as service:
        wait_for_story(service, room.newest)
        with connect(server.url) as other:
            for _ in range(100):
                end_sessions(other)
                found = other.execute("SELECT pg_try_advisory_lock(%s)", (0x6665_6564_0002,))
                if found.fetchone() == (True,):
                    break
            assert service.process.wait(30) == 2
    said = "".join(service.log)
    assert "another instance took the database" in said
    assert "Traceback" not in said
