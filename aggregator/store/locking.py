"""One instance on one database: a lock that the system takes back when the process ends."""

from __future__ import annotations

import contextlib
import fcntl
import os
from collections.abc import Iterator
from pathlib import Path

from sqlalchemy import text

from aggregator.errors import DatabaseBusyError, StoreError
from aggregator.store.database import Database, shown, translated

_INSTANCE_LOCK = 0x6665_6564_0002

_ADVICE = "end it first, or give this one another database"


@contextlib.contextmanager
def instance_lock(database: Database) -> Iterator[None]:
    """Be the only instance of the service on this database.

    Raises:
        DatabaseBusyError: another instance holds it.
    """
    is_sqlite = database.url.get_backend_name() == "sqlite"
    with _file_lock(database) if is_sqlite else _advisory_lock(database):
        yield


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


@contextlib.contextmanager
def _advisory_lock(database: Database) -> Iterator[None]:
    """A session lock of PostgreSQL, held by a connection that does nothing else."""
    with translated(database.url):
        connection = database.engine.connect().execution_options(isolation_level="AUTOCOMMIT")
    try:
        with translated(database.url):
            taken = connection.execute(_TAKE, {"key": _INSTANCE_LOCK}).scalar_one()
            holder = "" if taken else connection.execute(_HOLDER, {"key": _INSTANCE_LOCK}).scalar()
        if not taken:
            raise DatabaseBusyError(
                f"{shown(database.url)}: in use by {holder or 'another process'}; {_ADVICE}"
            )
        yield
    finally:
        connection.invalidate()  # the session ends, and the lock with it
        connection.close()


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
