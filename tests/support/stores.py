"""Databases for tests: a fresh one for each test, copied from one that was migrated once."""

from __future__ import annotations

import contextlib
import shutil
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy.engine import URL

from aggregator.store.store import Store, open_store
from tests.support.postgres import create_database, drop_database, postgres_server

AUTHORITY = "feeds.example"


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[URL]:
    """A PostgreSQL server."""
    with postgres_server() as url:
        yield url


@pytest.fixture(scope="session")
def postgres_template(postgres_url: URL) -> Iterator[str]:
    """Name of a migrated, empty database on it."""
    name = f"template_{uuid.uuid4().hex}"
    url = create_database(postgres_url, name)
    open_store(url.render_as_string(hide_password=False), AUTHORITY).close()
    yield name
    drop_database(postgres_url, name)


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated, empty SQLite file."""
    path = tmp_path_factory.mktemp("template") / "empty.db"
    open_store(f"sqlite:///{path}", AUTHORITY).close()
    return path


@pytest.fixture(params=["sqlite", "postgres"])
def database_kind(request: pytest.FixtureRequest) -> str:
    """Which database the test runs on."""
    return str(request.param)


@pytest.fixture
def empty_url(database_kind: str, request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """Address of a database without any table."""
    if database_kind == "sqlite":
        yield f"sqlite:///{tmp_path}/empty.db"
        return
    server: URL = request.getfixturevalue("postgres_url")
    name = f"test_{uuid.uuid4().hex}"
    yield create_database(server, name).render_as_string(hide_password=False)
    drop_database(server, name)


@pytest.fixture
def database_url(
    database_kind: str, request: pytest.FixtureRequest, tmp_path: Path
) -> Iterator[str]:
    """Address of a database with our tables, and nothing in them."""
    with fresh_database(database_kind, request, tmp_path) as url:
        yield url


@contextlib.contextmanager
def fresh_database(kind: str, request: pytest.FixtureRequest, folder: Path) -> Iterator[str]:
    """A database of a kind with our tables, and nothing in them; gone afterwards."""
    if kind == "sqlite":
        path = folder / f"store-{uuid.uuid4().hex}.db"
        shutil.copyfile(request.getfixturevalue("sqlite_template"), path)
        yield f"sqlite:///{path}"
        return
    server: URL = request.getfixturevalue("postgres_url")
    name = f"test_{uuid.uuid4().hex}"
    url = create_database(server, name, request.getfixturevalue("postgres_template"))
    yield url.render_as_string(hide_password=False)
    drop_database(server, name)


@pytest.fixture
def store(database_url: str) -> Iterator[Store]:
    """An open store with nothing in it."""
    with contextlib.closing(opened(database_url)) as made:
        yield made


def opened(url: str) -> Store:
    """The store at an address."""
    return open_store(url, AUTHORITY)
