"""One instance on one database: a lock that the system takes back when the process ends."""

from __future__ import annotations

import contextlib
import fcntl
import os
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Protocol

from sqlalchemy import Connection, text
from sqlalchemy.exc import SQLAlchemyError

from aggregator.errors import DatabaseBusyError, StoreError
from aggregator.store.database import Database, shown, translated

_INSTANCE_LOCK = 0x6665_6564_0002

_ADVICE = "end it first, or give this one another database"

_PATIENCE = 2.0
"""Seconds in which PostgreSQL notices that the process of a session was killed."""

_GLANCE = 0.05


class InstanceLock(Protocol):
    """A lock that is held; see `instance_lock`."""

    def renew(self) -> None:
        """See that it is still ours, and take it again where the database forgot it.

        Raises:
            DatabaseBusyError: another instance took it in the meantime.
            StoreError: the database cannot be reached; nobody can have it then.
        """


@contextlib.contextmanager
def instance_lock(database: Database, patience: float = _PATIENCE) -> Iterator[InstanceLock]:
    """Be the only instance of the service on this database.

    Raises:
        DatabaseBusyError: another instance holds it, and held it for `patience` seconds.
    """
    if database.url.get_backend_name() == "sqlite":
        with _file_lock(database):
            yield _FileLock()
        return
    lock = _AdvisoryLock(database)
    try:
        _take_within(patience, lock)
        yield lock
    finally:
        lock.give_back()


def in_use(url: str) -> bool:
    """Whether an instance of the service holds a database, which is not opened for that.

    Raises:
        StoreError: it cannot be reached.
    """
    database = Database(url)
    with contextlib.closing(database):
        try:
            with instance_lock(database, patience=0):
                return False
        except DatabaseBusyError:
            return True


def _take_within(seconds: float, lock: InstanceLock) -> None:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        try:
            lock.renew()
        except DatabaseBusyError:
            time.sleep(_GLANCE)
        else:
            return
    lock.renew()


class _FileLock:
    """The lock of a file ends with its process, and not before."""

    def renew(self) -> None:
        """Nothing can have taken it away."""


@contextlib.contextmanager
def _file_lock(database: Database) -> Iterator[None]:
    """A lock on a file beside the database; the file stays, the lock ends with the process."""
    path = Path(f"{database.url.database}.lock")
    try:
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
    except OSError as error:
        raise StoreError(f"{path}: {error.strerror}; its folder must be writable") from error
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            holder = os.pread(descriptor, 20, 0).decode(errors="replace").strip()
            raise DatabaseBusyError(
                f"{shown(database.url)}: in use by process {holder or 'unknown'}; {_ADVICE}"
            ) from None
        os.ftruncate(descriptor, 0)
        os.pwrite(descriptor, f"{os.getpid()}\n".encode(), 0)
        yield
    finally:
        os.close(descriptor)


class _AdvisoryLock:
    """A session lock of PostgreSQL, held by a connection that does nothing else.

    The lock lives as long as the session: a server that was restarted has forgotten both.
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        self._connection: Connection | None = None
        self._alone = threading.Lock()

    def renew(self) -> None:
        """See `InstanceLock`."""
        with self._alone, translated(self._database.url):
            if self._connection is None or not _answers(self._connection):
                self._let_go()
                self._connection = self._taken()

    def give_back(self) -> None:
        """Free the lock at once; the server may take a moment to notice that a session ended."""
        with self._alone:
            if self._connection is not None:
                with contextlib.suppress(SQLAlchemyError):
                    self._connection.execute(_FREE, {"key": _INSTANCE_LOCK})
            self._let_go()

    def _taken(self) -> Connection:
        connection = self._database.engine.connect()
        holder = None
        try:
            connection = connection.execution_options(isolation_level="AUTOCOMMIT")
            key = {"key": _INSTANCE_LOCK}
            if connection.execute(_TAKE, key).scalar_one():
                return connection
            holder = connection.execute(_HOLDER, key).scalar()
        except BaseException:
            connection.close()
            raise
        connection.close()
        where, who = shown(self._database.url), holder or "another process"
        raise DatabaseBusyError(f"{where}: in use by {who}; {_ADVICE}")

    def _let_go(self) -> None:
        if self._connection is not None:
            self._connection.invalidate()
            self._connection.close()
            self._connection = None


def _answers(connection: Connection) -> bool:
    """Whether the session is still there."""
    try:
        connection.execute(text("SELECT 1"))
    except SQLAlchemyError:
        return False
    return True


_FREE = text("SELECT pg_advisory_unlock(:key)")
_TAKE = text("SELECT pg_try_advisory_lock(:key)")
_HOLDER = text(
    "SELECT 'a process at ' || coalesce(host(a.client_addr), 'this machine')"
    " || ' (database session ' || a.pid || ')'"
    " FROM pg_locks l JOIN pg_stat_activity a ON a.pid = l.pid"
    " WHERE l.locktype = 'advisory' AND l.granted"
    " AND l.classid = (CAST(:key AS bigint) >> 32)"
    " AND l.objid = (CAST(:key AS bigint) & 4294967295)"
    " AND l.database = (SELECT oid FROM pg_database WHERE datname = current_database()) LIMIT 1"
)
