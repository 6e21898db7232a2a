"""Asks for many rows by one question: what is wanted travels as one value, however much it is.

A list of placeholders would have to be cut at the limit of the database, and pairs of values in
such a list make SQLite read the whole table. PostgreSQL takes arrays, SQLite takes JSON. So that a
statement can be made once, it names its values, and these are given when it is executed.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping
from typing import Any

from sqlalchemy import ColumnElement, FromClause, Text, any_, bindparam, func, select
from sqlalchemy.dialects.postgresql import ARRAY

Pair = tuple[str, str]


def among(kind: str, column: ColumnElement[Any], name: str) -> ColumnElement[bool]:
    """That a column holds one of the values called so; `kind` is the database's name."""
    if _has_arrays(kind):
        return column == any_(bindparam(name, type_=ARRAY(column.type)))
    return column.in_(select(_json_each(name).c.value))


def values(kind: str, name: str, wanted: Collection[object]) -> Mapping[str, object]:
    """The values for `among`."""
    return {name: list(wanted) if _has_arrays(kind) else json.dumps(list(wanted))}


def pairs(kind: str, name: str) -> FromClause:
    """A table of the pairs of texts called so, columns `first` and `second`, to join with."""
    if _has_arrays(kind):
        arrays = [bindparam(f"{name}_{side}", type_=ARRAY(Text)) for side in (0, 1)]
        return func.unnest(*arrays).table_valued("first", "second").render_derived("wanted")
    each = _json_each(name).c.value
    first, second = (func.json_extract(each, f"$[{side}]") for side in (0, 1))
    return select(first.label("first"), second.label("second")).subquery("wanted")


def pair_values(kind: str, name: str, wanted: Collection[Pair]) -> Mapping[str, object]:
    """The values for `pairs`."""
    if _has_arrays(kind):
        return {f"{name}_{side}": [pair[side] for pair in wanted] for side in (0, 1)}
    return values(kind, name, wanted)


def _has_arrays(kind: str) -> bool:
    return kind == "postgresql"


def _json_each(name: str) -> FromClause:
    return func.json_each(bindparam(name, type_=Text)).table_valued("value", name="asked")
