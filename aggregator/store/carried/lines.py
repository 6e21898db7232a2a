"""The lines of an exported ledger: which kinds there are, and one of them as text and back.

A line is a JSON object; `line` says its kind, the other keys are the columns of a table. Numbers
of rows, which mean nothing in another database, are told as the story key of the article.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError, create_model
from sqlalchemy import Column, Table
from sqlmodel import SQLModel

from aggregator.store.carried.shapes import StoryKey, field_of
from aggregator.store.side_tables import (
    ContentRow,
    DroppedRow,
    EditionRow,
    PageRow,
    WithdrawalRow,
)
from aggregator.store.tables import (
    AliasRow,
    ArticleRow,
    CategoryRow,
    CopyRow,
    DocumentRow,
    EventRow,
    SourceRow,
    table_of,
)

VERSION = 1
"""Grows when a program that knows only the former one could not read a file rightly."""
HEADER = "ledger"


@dataclass(frozen=True)
class Kind:
    """The lines of one table.

    `order` sorts them, `key` tells which of them is there already. `unsaid` are columns that are
    not carried as they are; `told` keys that stand for some of these.
    """

    model: type[SQLModel]
    key: tuple[str, ...]
    order: tuple[str, ...] = ()
    unsaid: tuple[str, ...] = ()
    told: tuple[tuple[str, Any], ...] = ()

    @property
    def table(self) -> Table:
        """The table."""
        return table_of(self.model)

    @property
    def columns(self) -> tuple[Column[Any], ...]:
        """The columns that are carried as they are."""
        return tuple(each for each in self.table.c if each.name not in self.unsaid)


KINDS: Mapping[str, Kind] = {
    "category": Kind(
        CategoryRow, ("path",), unsaid=("changed", "published"), told=(("was_published", bool),)
    ),
    "source": Kind(SourceRow, ("id",)),
    "document": Kind(DocumentRow, ("source_id", "name")),
    "article": Kind(
        ArticleRow,
        ("story_key",),
        ("id",),
        ("id", "token", "merged_into"),
        (("part_of", StoryKey | None),),
    ),
    "copy": Kind(
        CopyRow, ("source_id", "entry_key"), (), ("article_id",), (("story_key", StoryKey),)
    ),
    "alias": Kind(AliasRow, ("source_id", "alias")),
    "content": Kind(ContentRow, ("source_id", "entry_key")),
    "page": Kind(PageRow, ("source_id", "entry_key")),
    "dropped": Kind(DroppedRow, ("source_id", "entry_key")),
    "edition": Kind(EditionRow, ("feed_id", "closed_at")),
    "withdrawal": Kind(WithdrawalRow, ("token",)),
    "event": Kind(EventRow, ("public_id",), ("id",), ("id",)),
}
"""In the order in which they come: whatever a line names stands before it."""


class UnreadableLineError(ValueError):
    """A line is not what it should be; each text names a key and says what would be right."""

    def __init__(self, *faults: str) -> None:
        super().__init__("; ".join(faults))
        self.faults = faults


def to_text(kind: str, values: Mapping[str, Any]) -> str:
    """One line, without its end; the same values always give the same text."""
    said = {"line": kind, **values}
    return json.dumps(said, ensure_ascii=False, separators=(",", ":"), default=_plain)


def from_text(text: bytes) -> tuple[str, dict[str, Any]]:
    """Kind and values of a line.

    Raises:
        UnreadableLineError: it is none.
    """
    try:
        read = _reader().validate_json(text)
    except ValidationError as error:
        raise UnreadableLineError(*_faults(error)) from None
    values = {name: getattr(read, name) for name in type(read).model_fields}
    return values.pop("line"), values


def _faults(error: ValidationError) -> list[str]:
    found = error.errors(include_url=False, include_context=False, include_input=False)
    return [f"{'.'.join(map(str, each['loc']))}: {each['msg']}".lstrip(": ") for each in found]


def _plain(value: object) -> str:
    if isinstance(value, datetime):
        return value.isoformat().replace("+00:00", "Z")
    raise TypeError(f"a line holds no {type(value).__name__}")


@cache
def _reader() -> TypeAdapter[Any]:
    """What knows every kind of line."""
    models = [_header(), *(_model(name, kind) for name, kind in KINDS.items())]
    union: Any = models[0]
    for model in models[1:]:
        union |= model
    return TypeAdapter(Annotated[union, Field(discriminator="line")])


_STRICT = ConfigDict(extra="forbid", strict=True, protected_namespaces=())


def _header() -> type[BaseModel]:
    kind: Any = Literal[tuple(KINDS)]
    version = Annotated[int, Field(ge=1, le=VERSION)]
    counts = dict[kind, Annotated[int, Field(ge=0)]]
    return _line(HEADER, {"version": (version, ...), "lines": (counts, ...)})


def _model(name: str, kind: Kind) -> type[BaseModel]:
    columns = {each.name: field_of(each) for each in kind.columns}
    return _line(name, {**columns, **{told: (shape, ...) for told, shape in kind.told}})


def _line(name: str, fields: Mapping[str, Any]) -> type[BaseModel]:
    said: dict[str, Any] = {"line": (Literal[name], ...), **fields}
    return create_model(name, __config__=_STRICT, **said)
