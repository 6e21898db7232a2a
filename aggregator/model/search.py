"""What a search found."""

from __future__ import annotations

from dataclasses import dataclass

from aggregator.model.published import StoredArticle


@dataclass(frozen=True, slots=True)
class Found:
    """Some of the articles that were found, newest first, and how many there are.

    `is_all` is false where only those that came in last were looked at, because more match.
    """

    articles: tuple[StoredArticle, ...] = ()
    total: int = 0
    is_all: bool = True
