"""What the configuration says about one more feed: a choice among all articles, beside the tree."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field, StrictInt

from aggregator.model.base import Count, Frozen, OneOrMany
from aggregator.model.quantities import Duration
from aggregator.model.rules import RuleSpec


class FeedSpec(Frozen):
    """One more feed: the articles of some categories and sources that its rules keep.

    Among the newest 5,000 that stand there; ages count back from the newest of them, not from now,
    so that the same articles always give the same feed.
    """

    id: str = Field(
        description="The feed's path: letters of any script, digits, - and _; no category's id."
    )
    title: str = Field("", max_length=200, description="Name shown to people. Empty: the id.")
    description: str = Field(
        "", max_length=2000, description="A sentence about the feed, for itself and its page."
    )
    language: str = Field(
        "",
        pattern=r"^([A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*)?$",
        description="Language of the feed. Empty: the site's.",
    )
    categories: OneOrMany = Field(
        (), description="Paths of categories; what stands in any of them. Left out: everything."
    )
    sources: OneOrMany = Field(
        (), description="Ids of sources; what any of them has a copy of. Left out: all sources."
    )
    rules: tuple[RuleSpec, ...] = Field(
        (), description="Which of these articles to keep and to drop, and how to show them."
    )
    max_age: Duration | None = Field(
        None, description="Articles older than this, before the newest of them, are left out."
    )
    articles: Annotated[StrictInt, Field(ge=1, le=5000)] | None = Field(
        None, description="Newest articles in this feed. Left out: `publish.articles`."
    )
    per_source: Count | None = Field(
        None, description="Limit per source in this feed. Left out: `publish.per_source`."
    )
    formats: tuple[str, ...] | None = Field(
        None, description="Formats written for this feed. Left out: `publish.formats`."
    )
