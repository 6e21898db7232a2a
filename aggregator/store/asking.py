"""Asks for many rows by one question: what is wanted travels as one value, however much it is.

A list of placeholders would have to be cut at the limit of the database, and pairs of values in
such a list make SQLite read the whole table. PostgreSQL takes arrays, SQLite takes JSON.
"""

from __future__ import annotations

import json
from collections.abc import Collection
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Dialect,
    FromClause,
    Text,
    any_,
    bindparam,
    func,
    select,
)
from sqlalchemy.dialects.postgresql import ARRAY

Pair = tuple[str, str]


def among(
    connection: Connection, column: ColumnElement[Any], values: Collection[object]
) -> ColumnElement[bool]:
    """That a column holds one of the values."""
    if _has_arrays(connection.dialect):
        array = bindparam(None, list(values), ARRAY(column.type))
        return column == any_(array)
    return column.in_(select(_json_each(values).c.value))


def pairs(connection: Connection, wanted: Collection[Pair]) -> FromClause:
    """A table of some pairs of texts, with the columns `first` and `second`, to join with."""
    if _has_arrays(connection.dialect):
        halves = [[pair[side] for pair in wanted] for side in (0, 1)]
        arrays = [bindparam(None, half, ARRAY(Text)) for half in halves]
        return func.unnest(*arrays).table_valued("first", "second").render_derived("wanted")
    each = _json_each(wanted).c.value
    first, second = (func.json_extract(each, f"$[{side}]") for side in (0, 1))
    return select(first.label("first"), second.label("second")).subquery("wanted")


def _has_arrays(dialect: Dialect) -> bool:
    return dialect.name == "postgresql"


def _json_each(values: Collection[object]) -> FromClause:
    return func.json_each(json.dumps(list(values))).table_valued("value", name="asked")
