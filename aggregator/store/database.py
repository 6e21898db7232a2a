"""The engine, transactions, and the one door at which foreign errors become ours.

Knows the differences between SQLite and PostgreSQL that are not a matter of statements: how to
connect, how a writing transaction begins, and what their errors mean to a person.
"""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Collection, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar

from sqlalchemy import Connection, Engine, create_engine, event, text
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import URL, make_url
from sqlalchemy.exc import ArgumentError, DBAPIError, SQLAlchemyError
from sqlmodel import SQLModel

from aggregator.errors import StoreError
from aggregator.store.ledger_reader import LedgerAddress
from aggregator.store.troubles import in_words

SQLITE_WAITS_SECONDS = 10
"""How long a transaction waits for another one to end before it gives up."""
_DEADLOCK_ATTEMPTS = 5
_POSTGRES_OPTIONS = "-c timezone=UTC -c lock_timeout=30s -c idle_in_transaction_session_timeout=60s"

T = TypeVar("T")


class Database:
    """Runs pieces of work in a transaction of their own; may be shared by threads."""

    def __init__(self, url: str, *, read_only: bool = False) -> None:
        self.url = parsed(url)
        self.engine = _engine(self.url, read_only)

    def read(self, work: Callable[[Connection], T]) -> T:
        """Run something that only reads; it sees one state of the database.

        Raises:
            StoreError: the database refused or cannot be reached.
        """
        with translated(self.url), self.engine.connect() as connection, connection.begin():
            return work(connection)

    def write(self, work: Callable[[Connection], T]) -> T:
        """Run something that writes: all of it is stored, or nothing.

        Of two transactions that wait for one another PostgreSQL ends one; that one runs again.

        Raises:
            StoreError: nothing was stored.
        """
        with translated(self.url):
            for _ in range(_DEADLOCK_ATTEMPTS - 1):
                try:
                    return self._write_once(work)
                except DBAPIError as error:
                    if getattr(error.orig, "sqlstate", None) != "40P01":
                        raise
            return self._write_once(work)

    def _write_once(self, work: Callable[[Connection], T]) -> T:
        writing = self.engine.execution_options(writing=True)
        with writing.begin() as connection:
            return work(connection)

    @property
    def ledger_address(self) -> LedgerAddress:
        """How a process without SQLAlchemy connects: as SQLAlchemy itself would."""
        arguments, options = self.engine.dialect.create_connect_args(self.url)
        options = {**options, **_connect_args(self.url)}
        if self.url.get_backend_name() == "sqlite":
            options["database"] = arguments[0]
        else:
            options["autocommit"] = True  # one statement is one state, and nothing to begin or end
            del options["context"]  # types for SQLAlchemy
        return LedgerAddress(self.engine.dialect.name, tuple(options.items()), shown(self.url))

    def close(self) -> None:
        """Give every connection back."""
        self.engine.dispose()


def insert(connection: Connection, model: type[SQLModel]) -> Any:
    """An INSERT that can say ON CONFLICT; only its import differs between the databases."""
    dialect = postgresql if connection.dialect.name == "postgresql" else sqlite
    return dialect.insert(model)


def chunks(values: Collection[T], size: int = 500) -> Iterator[list[T]]:
    """The values in parts that fit into one statement."""
    whole = list(values)
    return (whole[start : start + size] for start in range(0, len(whole), size))


def parsed(url: str) -> URL:
    """The address of a database, checked.

    Raises:
        StoreError: it is neither SQLite with a file, which may be missing, nor PostgreSQL through
            psycopg.
    """
    try:
        read = make_url(url)
    except ArgumentError:
        raise StoreError(_WRONG_URL) from None
    if read.drivername == "sqlite" and read.database and read.database != ":memory:":
        if Path(read.database).is_dir():
            raise StoreError(f"{shown(read)}: this is a folder; name a file in it")
        return read
    if read.drivername == "postgresql+psycopg":
        return read
    raise StoreError(_WRONG_URL)


_WRONG_URL = (
    "database: this address cannot be used; write sqlite:///folder/name.db "
    "or postgresql+psycopg://user:secret@host/name"
)


def _engine(url: URL, read_only: bool) -> Engine:
    if url.get_backend_name() == "sqlite":
        return _sqlite_engine(url, read_only)
    return create_engine(
        url,
        pool_pre_ping=True,  # the server may have been restarted since the connection was made
        json_serializer=_to_json,
        connect_args=_connect_args(url),
    )


def _connect_args(url: URL) -> dict[str, Any]:
    """What a driver is told beside the address."""
    if url.get_backend_name() == "sqlite":
        return {"timeout": SQLITE_WAITS_SECONDS}
    return {
        "connect_timeout": SQLITE_WAITS_SECONDS,
        "application_name": "aggregator",
        "options": _POSTGRES_OPTIONS,
    }


def _sqlite_engine(url: URL, read_only: bool) -> Engine:
    if read_only:
        query = {"mode": "ro", "uri": "true"}
        url = url.set(database=f"file:{url.database}", query=query)
    engine = create_engine(url, json_serializer=_to_json, connect_args=_connect_args(url))

    @event.listens_for(engine, "connect")
    def _prepare(connection: Any, _record: object) -> None:
        connection.isolation_level = None  # we begin transactions ourselves, see below
        for pragma in ("foreign_keys = ON",) if read_only else _SQLITE_PRAGMAS:
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def _begin(connection: Connection) -> None:
        # A writer that begins by reading could find out too late that another one was faster.
        writing = connection.get_execution_options().get("writing", False)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writing else "BEGIN")

    return engine


_SQLITE_PRAGMAS = (
    "journal_mode = WAL",
    "synchronous = NORMAL",  # why this is enough: docs/decisions/011
    "foreign_keys = ON",
    "journal_size_limit = 67108864",
    "wal_autocheckpoint = 4000",  # pages: rarer than the default, for writers of many rows
)


_to_json = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


@contextmanager
def translated(url: URL) -> Iterator[None]:
    """Whatever SQLAlchemy raises in here becomes a `StoreError` that a person understands.

    Raises:
        StoreError: instead of the foreign error.
    """
    try:
        yield
    except (SQLAlchemyError, sqlite3.Error) as error:
        raise StoreError(f"{shown(url)}: {in_words(_cause(error))}") from error


def shown(url: URL) -> str:
    """The address as it may be shown: without the password."""
    return f"database {url.render_as_string(hide_password=True)}"


def _cause(error: Exception) -> object:
    """What the driver raised, without the statement and the values that it carried."""
    return error.orig if isinstance(error, DBAPIError) else error


def ping(connection: Connection) -> None:
    """Ask the smallest question that reaches the tables."""
    connection.execute(text("SELECT 1 FROM category LIMIT 1"))
