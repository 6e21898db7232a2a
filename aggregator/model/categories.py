"""What the configuration says about one category; see `settings` for everything around it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Annotated

from pydantic import Field, StrictBool, StrictInt

from aggregator.model.base import Count, Frozen, OneOrMany
from aggregator.model.quantities import Duration
from aggregator.model.rules import RuleSpec


def with_parents(paths: Iterable[str]) -> set[str]:
    """These category paths and all of those above them."""
    return {path[:end] for path in paths for end in (*_slashes(path), len(path))}


def _slashes(path: str) -> list[int]:
    return [position for position, sign in enumerate(path) if sign == "/"]


class CategoryDedupe(Frozen):
    """What of `dedupe` is different for the sources whose first category this is, or is under it.

    Of two articles the options of the one that came later decide.
    """

    window: Duration | None = Field(None, description="Left out: the parent's, then `dedupe`.")
    near: StrictBool | None = Field(None, description="Left out: the parent's, then `dedupe`.")
    chinese_variants: StrictBool | None = Field(
        None, description="Left out: the parent's, then `dedupe`. Both sources must have it."
    )


class CategorySpec(Frozen):
    """One category of the tree; its path is made of its id and those of its parents."""

    id: str = Field(
        description="One segment of the category's path: letters of any script, digits, - and _."
    )
    title: str = Field("", max_length=200, description="Name shown to people. Empty: the id.")
    description: str = Field(
        "", max_length=2000, description="A sentence about the category, for its feeds and page."
    )
    language: str = Field(
        "",
        pattern=r"^([A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*)?$",
        description="Language of this category. Empty: its parent's, then the site's.",
    )
    formats: tuple[str, ...] | None = Field(
        None, description="Formats written for this category. Left out: `publish.formats`."
    )
    articles: Annotated[StrictInt, Field(ge=1, le=5000)] | None = Field(
        None, description="Newest articles in this feed. Left out: `publish.articles`."
    )
    per_source: Count | None = Field(
        None, description="Limit per source in this feed. Left out: `publish.per_source`."
    )
    rules: tuple[RuleSpec, ...] = Field(
        (),
        description="Rules for what stands here or below; what they drop leaves this category.",
    )
    dedupe: CategoryDedupe = Field(
        CategoryDedupe(), description="When articles of its sources are the same article."
    )
    was: OneOrMany = Field(
        (), description="Paths that it had before; their addresses lead here for good."
    )
    categories: tuple[CategorySpec, ...] = Field(
        (), description="Categories under this one; their articles stand here too."
    )
