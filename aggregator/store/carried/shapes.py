"""What a value in a line of an exported ledger must be, so that this program can read it later.

Columns say most of it by themselves; what they do not say (what lies in a JSON column, which words
are known) stands here, by the name of the column.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from enum import StrEnum
from typing import Annotated, Any

from pydantic import AfterValidator, AwareDatetime, Field, JsonValue
from sqlalchemy import JSON, Boolean, Column, DateTime, Float, Integer
from sqlmodel.sql.sqltypes import UTCDateTime

from aggregator.model.articles import DecidedBy, DropReason, Stage
from aggregator.model.entries import Relation
from aggregator.model.health import EventKind
from aggregator.model.pages import IdentityRule
from aggregator.store.rhythms import to_hints, to_rhythm
from aggregator.store.rows import storable, to_unruled
from aggregator.store.withheld import from_text

MOST = 2**31 - 1
"""The largest number that an INTEGER of PostgreSQL takes."""


def _text(value: str) -> str:
    if storable(value) != value:
        raise ValueError("no database takes this text: it holds NUL or half a character")
    return value


def _read_by(reader: Callable[[Any], object]) -> AfterValidator:
    """A value that this function of ours can read."""

    def check(value: Any) -> Any:
        try:
            reader(value)
        except (TypeError, ValueError, KeyError, OverflowError) as error:
            raise ValueError(f"it cannot be read: {error}") from None
        return value

    return AfterValidator(check)


def _word_of(words: type[StrEnum]) -> Any:
    known = ", ".join(words)

    def check(value: str) -> str:
        if value not in set(words):
            raise ValueError(f"it should be one of: {known}")
        return value

    return Annotated[str, AfterValidator(check)]


def _utc(moment: datetime) -> datetime:
    return moment.astimezone(UTC)


Moment = Annotated[AwareDatetime, AfterValidator(_utc)]
Text = Annotated[str, AfterValidator(_text)]
Number = Annotated[int, Field(ge=-MOST, le=MOST)]
_Texts = list[Text]
_Episode = tuple[int | None, int | None, int | None, Text, bool | None]
_Enclosure = tuple[Text, Text, int | None] | tuple[Text, Text, int | None, _Episode]
_NoArticle = Annotated[Text, _read_by(lambda text: text and from_text(text))]

_relation: Any = _word_of(Relation)

_HEX = r"^[0-9a-f]{%d}$"
StoryKey = Annotated[str, Field(pattern=_HEX % 64)]

IN_JSON: Mapping[str, Any] = {
    "image": tuple[Text, int | None, int | None] | None,
    "enclosures": list[_Enclosure],
    "related": list[tuple[_relation, Text, Text, Text]],
    "tags": _Texts,
    "origin": Annotated[_Texts, Field(max_length=5)],
    "categories": _Texts,
    "own_paths": _Texts,
    "unruled": Annotated[list[Text | _Texts | None], _read_by(to_unruled)],
    "ruled_paths": tuple[_Texts, _Texts],
    "paths": _Texts,
    "members": _Texts,
    "hints": Annotated[list[JsonValue], _read_by(to_hints)],
    "rhythm": Annotated[list[JsonValue], _read_by(to_rhythm)],
}
"""What lies in a JSON column, by its name."""

WORDS: Mapping[str, Any] = {
    "decided_by": _word_of(DecidedBy),
    "identity": _word_of(IdentityRule),
    "stage": _word_of(Stage),
    "reason": _word_of(DropReason),
    "kind": _word_of(EventKind),
    "article": _NoArticle,
    "story_key": StoryKey,
    "token": Annotated[str, Field(pattern=_HEX % 20)],
}
"""Texts that are not just any text, by the column's name."""


def field_of(column: Column[Any]) -> tuple[Any, Any]:
    """Type and default of a column's value; one without a default must be there."""
    known = IN_JSON if isinstance(column.type, JSON) else WORDS
    shape = known.get(column.name) or _plain(column)
    return shape | None if column.nullable else shape, _default(column)


def _plain(column: Column[Any]) -> Any:
    kind = column.type
    if isinstance(kind, Boolean):
        return bool
    if isinstance(kind, (UTCDateTime, DateTime)):
        return Moment
    if isinstance(kind, Integer):
        return Number
    if isinstance(kind, Float):
        return Annotated[float, Field(allow_inf_nan=False)]
    longest: int | None = getattr(kind, "length", None)
    return Annotated[str, Field(max_length=longest), AfterValidator(_text)] if longest else Text


def _default(column: Column[Any]) -> Any:
    """What a line of an older version is given: as a migration gave it to older rows."""
    if column.server_default is not None:
        said = getattr(column.server_default, "arg", "")
        value = str(getattr(said, "text", said))
        return value[1:-1] if value.startswith("'") else json.loads(value)
    return None if column.nullable else ...
