"""Many rows into one table, the dear part of an import: by the driver, and by one value a batch.

SQLAlchemy handles each value of each row by itself, which cost more than SQLite takes to store it.
SQLite gets the values as its driver wants them; PostgreSQL gets all rows as one JSON text, because
thousands of placeholders cost both sides as much again. Decides nothing and knows no table.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from functools import cache, lru_cache
from typing import Any

from sqlalchemy import JSON, Connection, Dialect, String, Table
from sqlalchemy.types import TypeEngine
from sqlmodel.sql.sqltypes import UTCDateTime

from aggregator.store.rows import Columns

Encode = Callable[[Any], Any]
_to_json = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), default=str).encode


def insert_rows(
    connection: Connection, table: Table, rows: Sequence[Columns], ending: str = ""
) -> list[tuple[Any, ...]]:
    """Insert rows that all have the same columns, in their order; gives what was asked back.

    `ending` says in SQL what happens on a conflict, and what of each row is to be returned.
    """
    if not rows:
        return []
    names = tuple(rows[0])
    if connection.dialect.name == "sqlite":
        return _by_driver(connection, table, names, rows, ending)
    statement = _for_postgres(table, names, ending)
    done = connection.exec_driver_sql(statement, (_to_json(rows),))
    return [tuple(row) for row in done] if done.returns_rows else []


def _by_driver(
    connection: Connection,
    table: Table,
    names: tuple[str, ...],
    rows: Sequence[Columns],
    ending: str,
) -> list[tuple[Any, ...]]:
    statement = _for_sqlite(table, names, ending)
    encoders = _encoders(table, names, connection.dialect)
    values = [_encoded(row, encoders) for row in rows]
    cursor = connection.connection.cursor()
    if "RETURNING" not in ending:
        cursor.executemany(statement, values)
        return []
    return [row for each in values for row in cursor.execute(statement, each).fetchall()]


def _encoded(row: Columns, encoders: Sequence[Encode | None]) -> list[Any]:
    return [
        encode(value) if encode else value
        for value, encode in zip(row.values(), encoders, strict=True)
    ]


@cache
def _encoders(table: Table, names: tuple[str, ...], dialect: Dialect) -> tuple[Encode | None, ...]:
    """What makes of a value what the driver stores, by column; None where that is the value."""
    return tuple(_encoder(table.c[name].type, dialect) for name in names)


def _encoder(kind: TypeEngine[Any], dialect: Dialect) -> Encode | None:
    if isinstance(kind, String):
        return None
    encode = kind.dialect_impl(dialect).bind_processor(dialect)
    is_time = isinstance(kind.dialect_impl(dialect), UTCDateTime)
    return lru_cache(maxsize=1024)(encode) if encode and is_time else encode


@cache
def _for_sqlite(table: Table, names: tuple[str, ...], ending: str) -> str:
    return _into(table, names, f"VALUES ({', '.join('?' * len(names))}) {ending}")


@cache
def _for_postgres(table: Table, names: tuple[str, ...], ending: str) -> str:
    """A null in a JSON column is a JSON null, unless the column says otherwise."""
    types = {name: table.c[name].type for name in names}
    wanted = (
        f"coalesce({name}, 'null')" if isinstance(each, JSON) and not each.none_as_null else name
        for name, each in types.items()
    )
    source = f"json_populate_recordset(NULL::{table.name}, %s)"
    rows = f"SELECT {', '.join(wanted)} FROM {source}"  # noqa: S608 - names of our own tables
    return _into(table, names, f"{rows} {ending}")


def _into(table: Table, names: tuple[str, ...], what: str) -> str:
    return f"INSERT INTO {table.name} ({', '.join(names)}) {what}"
