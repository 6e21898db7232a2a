"""What every model of the configuration is made of: frozen, strict, and forgiving about lists."""

from __future__ import annotations

from typing import Annotated

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, StrictInt, WithJsonSchema


class Frozen(BaseModel):
    """A model whose values never change and whose unknown keys are faults."""

    model_config = ConfigDict(frozen=True, extra="forbid", validate_default=True)


def _as_tuple(value: object) -> object:
    """Let people write one value where several are allowed."""
    if value is None:
        return ()
    return tuple(value) if isinstance(value, list | tuple) else (value,)


OneOrMany = Annotated[
    tuple[str, ...],
    BeforeValidator(_as_tuple),
    WithJsonSchema({"anyOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}}]}),
]
Count = Annotated[StrictInt, Field(ge=0)]
