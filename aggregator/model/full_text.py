"""What a source says about its articles' own pages (`full_text`): where their text stands."""

from __future__ import annotations

from typing import Self

from pydantic import Field, model_validator

from aggregator.model.base import Frozen, OneOrMany


class FullText(Frozen):
    """Where a page of an article has its text."""

    select: OneOrMany = Field(
        (), description="CSS selectors; the first that matches holds the text."
    )
    remove: OneOrMany = Field((), description="CSS selectors of what is not content.")
    next: str = Field(
        "", description="CSS selector of the link to the next page of a long article."
    )

    @model_validator(mode="after")
    def _selects_something(self) -> Self:
        if not self.select:
            raise ValueError("`select` is missing; name where the text stands, or write auto")
        return self
