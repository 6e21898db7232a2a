"""What the configuration says about one more feed: a choice among all articles, beside the tree."""

from __future__ import annotations

import re
from typing import Annotated, Literal, Self

from pydantic import AfterValidator, Field, SecretStr, StrictInt, model_validator

from aggregator.model.base import Count, Frozen, OneOrMany
from aggregator.model.quantities import Duration
from aggregator.model.rules import RuleSpec

SHORTEST_TOKEN = 16
SHORTEST_PASSWORD = 8


def _check_token(token: SecretStr) -> SecretStr:
    text = token.get_secret_value()
    if text and not re.fullmatch(rf"[A-Za-z0-9_-]{{{SHORTEST_TOKEN},200}}", text):
        raise ValueError(
            f"a token has {SHORTEST_TOKEN} to 200 characters: letters from A to Z, digits, - and _"
        )
    return token


class Private(Frozen):
    """Who may read a private feed: whoever knows the token, or user and password.

    It is at private/ID/TOKEN/rss.xml, or at private/ID/rss.xml with HTTP basic auth.
    """

    token: Annotated[SecretStr, AfterValidator(_check_token)] = Field(
        SecretStr(""), description="A part of the feed's address; write it as ${NAME}."
    )
    user: str = Field(
        "", max_length=200, pattern=r"^[^:\x00-\x1f]*$", description="Name for HTTP basic auth."
    )
    password: SecretStr = Field(
        SecretStr(""), max_length=200, description="Its password; write it as ${NAME}."
    )

    @model_validator(mode="after")
    def _is_one_of_both(self) -> Self:
        password = self.password.get_secret_value()
        if bool(self.token.get_secret_value()) == bool(self.user or password):
            raise ValueError("a private feed has either a `token`, or `user` and `password`")
        if self.user and len(password) < SHORTEST_PASSWORD:
            raise ValueError(f"`password` has {SHORTEST_PASSWORD} characters or more")
        if password and not self.user:
            raise ValueError("`user` is missing beside `password`")
        return self


WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")


class DigestSpec(Frozen):
    """One entry for a whole day or week, with the titles and summaries of its articles.

    It comes when the period has ended, by the clocks of `site.timezone`, and never changes again.
    """

    every: Literal["day", "week"] = Field("day", description="How long a period is.")
    at: str = Field(
        "00:00",
        pattern=r"^([01][0-9]|2[0-3]):[0-5][0-9]$",
        description="Local time at which a period ends, in quotes: '07:00'.",
    )
    on: Literal["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"] = (
        Field("monday", description="Day on which a week ends, at that time.")
    )


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
    private: Private | None = Field(
        None, description="Only for who knows a secret; it stands in no OPML and on no page."
    )
    digest: DigestSpec | None = Field(
        None, description="One entry a day or week instead of one an article."
    )

    @model_validator(mode="after")
    def _has_one_age(self) -> Self:
        if self.digest and self.max_age is not None:
            raise ValueError("`max_age` has no meaning in a digest: its period says what is in it")
        return self
