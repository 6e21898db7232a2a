"""What a rule of a source says: on which articles it looks, and what becomes of them.

Descriptions are the documentation. Acting on rules belongs to `aggregator.rules`.
"""

from __future__ import annotations

from typing import Literal, Self

from pydantic import Field, model_validator

from aggregator.model.base import Count, Frozen, OneOrMany
from aggregator.model.quantities import Duration


class Condition(Frozen):
    """What a rule looks at. All that is given must hold; a text is a regular expression (RE2)."""

    title: str | None = Field(None, description="The title matches.")
    author: str | None = Field(None, description="The author matches.")
    link: str | None = Field(None, description="The link matches.")
    tags: str | None = Field(None, description="One of the tags matches.")
    body: str | None = Field(None, description="The text of the body matches.")
    language: str | None = Field(None, description="The language matches.")
    older: Duration | None = Field(None, description="Published longer ago than this.")
    newer: Duration | None = Field(None, description="Published more recently than this.")
    longer: Count | None = Field(None, description="The text has more characters than this.")
    shorter: Count | None = Field(None, description="The text has fewer characters than this.")
    all: tuple[Condition, ...] = Field((), description="All of these conditions hold.")
    any: tuple[Condition, ...] = Field((), description="At least one of these conditions holds.")
    none: tuple[Condition, ...] = Field((), description="None of these conditions holds.")

    @model_validator(mode="after")
    def _looks_at_something(self) -> Self:
        if not self.model_fields_set:
            raise ValueError("the condition is empty; name what it looks at, such as title")
        return self


class Settable(Frozen):
    """Fields of an article that a rule can set."""

    title: str | None = Field(None, min_length=1, max_length=300, description="The new title.")
    author: str | None = Field(None, max_length=300, description="The new author.")
    link: str | None = Field(None, description="The new link, http or https.")
    language: str | None = Field(
        None,
        pattern=r"^[A-Za-z]{2,8}(-[A-Za-z0-9]{1,8})*$",
        description="The new language, as in BCP 47: en, zh-CN.",
    )


class Replacement(Frozen):
    """Which text a rule puts in the place of another."""

    field: Literal["title", "author", "link", "summary", "body"] = Field(
        "title", description="Where to look; of the `body`, its text between the tags."
    )
    find: str = Field(min_length=1, description="A regular expression (RE2); every match goes.")
    by: str = Field("", description="What comes instead; \\1 is what the first group matched.")


class RuleSpec(Frozen):
    """One rule, that does one thing; a list of rules is read from top to bottom.

    The first `keep` or `drop` that matches ends the list; the others change the article and go on.
    Where a list holds a `keep`, an article that no `keep` and no `drop` matched is dropped.
    """

    keep: Condition | None = Field(None, description="Articles that match stay.")
    drop: Condition | None = Field(None, description="Articles that match go.")
    tag: OneOrMany = Field((), description="Articles get these tags as well.")
    category: OneOrMany = Field((), description="Articles stand in these categories as well.")
    set: Settable | None = Field(None, description="Fields of articles get these values.")
    replace: Replacement | None = Field(None, description="Text in articles is replaced.")
    when: Condition | None = Field(
        None, description="Which articles `tag`, `category`, `set` and `replace` are for."
    )

    @model_validator(mode="after")
    def _does_one_thing(self) -> Self:
        actions = ("keep", "drop", "tag", "category", "set", "replace")
        if sum(bool(getattr(self, action)) for action in actions) != 1:
            raise ValueError("a rule has either `keep` or `drop`, or one of the other actions")
        if self.when and (self.keep or self.drop):
            raise ValueError("`keep` and `drop` take their condition themselves, without `when`")
        return self
