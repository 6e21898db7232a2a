"""Opens a database: looks at what is there, brings its tables up to date, or refuses.

Never changes a file that it does not understand.
"""

from __future__ import annotations

import contextlib
import sys
from enum import StrEnum
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING

from sqlalchemy import Connection, inspect, text

from aggregator.errors import DatabaseNewerError, StoreError
from aggregator.store.database import Database, shown

if TYPE_CHECKING:
    from alembic.config import Config

_MIGRATIONS = resources.files("aggregator.store") / "migrations"
_CHECKED_BYTES = 256 * 1024**2
"""An SQLite file up to this size is checked whole when it is opened (about a second per GB)."""
_MIGRATION_LOCK = 0x6665_6564_0001


class SchemaState(StrEnum):
    """What stands where the database should be."""

    MISSING = "missing"
    CURRENT = "current"
    OLDER = "older"
    NEWER = "newer"


def alembic_config(connection: Connection | None = None) -> Config:
    """Alembic, told where our migrations are; there is no ini file."""
    from alembic.config import Config

    config = Config(stdout=sys.stdout)
    config.set_main_option("script_location", str(_MIGRATIONS))
    config.attributes["connection"] = connection
    return config


def schema_state(url: str) -> SchemaState:
    """How far a database is, without changing anything.

    Raises:
        StoreError: it cannot be reached or read, or it belongs to another program.
    """
    database = Database(url, read_only=True)
    if (
        database.url.get_backend_name() == "sqlite"
        and not Path(str(database.url.database)).exists()
    ):
        return SchemaState.MISSING
    with contextlib.closing(database):
        return database.read(_state)


def open_database(url: str) -> Database:
    """Connect, and bring the tables up to date.

    Raises:
        DatabaseNewerError: a newer version of this program wrote it; it is left untouched.
        StoreError: it cannot be reached, is damaged, or belongs to another program.
    """
    database = Database(url)
    try:
        if database.url.get_backend_name() == "sqlite":
            _prepare_file(database, Path(str(database.url.database)))
        if database.read(_state) is not SchemaState.CURRENT:
            database.write(_upgrade)
        _require_current(database)
    except BaseException:
        database.close()
        raise
    return database


def _require_current(database: Database) -> None:
    if database.read(_state) is SchemaState.NEWER:
        raise DatabaseNewerError(
            f"{shown(database.url)}: written by a newer version of this program, and left "
            "untouched; install that version, or name another database"
        )


def _prepare_file(database: Database, path: Path) -> None:
    """Make the folder; check a file that is there."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        is_to_check = path.exists() and path.stat().st_size <= _CHECKED_BYTES
    except OSError as error:
        raise StoreError(f"{shown(database.url)}: {error.strerror}: {error.filename}") from error
    if is_to_check and (found := database.read(_damage)):
        raise StoreError(
            f"{shown(database.url)}: the database is damaged ({found}); it was left as it is: "
            "put a backup in its place, or save what can be read with `sqlite3 FILE .recover`"
        )


def _damage(connection: Connection) -> str:
    found = str(connection.execute(text("PRAGMA quick_check(1)")).scalar_one())
    return "" if found == "ok" else found.splitlines()[-1]


def revisions() -> list[str]:
    """The revisions that this program knows, in order: each names the file that leads to it.

    Read from the names, because Alembic, and every migration, would be loaded at each start.
    """
    files = (file.name for file in (_MIGRATIONS / "versions").iterdir())
    return sorted(name.partition("_")[0] for name in files if name.endswith(".py"))


def _state(connection: Connection) -> SchemaState:
    known = inspect(connection).has_table("alembic_version")
    wanted = text("SELECT version_num FROM alembic_version")
    revision = connection.execute(wanted).scalar() if known else None
    if revision is None:
        return _state_without_revision(connection)
    *older, newest = revisions()
    if revision == newest:
        return SchemaState.CURRENT
    return SchemaState.OLDER if revision in older else SchemaState.NEWER


def _state_without_revision(connection: Connection) -> SchemaState:
    tables = set(inspect(connection).get_table_names()) - {"alembic_version"}
    if tables:
        raise StoreError(
            f"{shown(connection.engine.url)}: holds tables of another program "
            f"({', '.join(sorted(tables)[:3])}); name a database of its own"
        )
    return SchemaState.MISSING


def _upgrade(connection: Connection) -> None:
    """Migrate in one transaction; a second process waits, and finds the work done."""
    if connection.dialect.name == "postgresql":
        connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": _MIGRATION_LOCK})
    if _state(connection) in {SchemaState.MISSING, SchemaState.OLDER}:
        from alembic import command

        command.upgrade(alembic_config(connection), "head")
