"""What every model of the configuration is made of: frozen, strict, and forgiving about lists."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StrictInt,
    WithJsonSchema,
    model_validator,
)


class Frozen(BaseModel):
    """A model whose values never change and whose unknown keys are faults.

    A known key without a value counts as left out.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", validate_default=True)

    @model_validator(mode="before")
    @classmethod
    def _leave_out_empty(cls, values: Any) -> Any:
        if not isinstance(values, dict):
            return values
        known = cls.model_fields
        return {key: one for key, one in values.items() if one is not None or key not in known}


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
