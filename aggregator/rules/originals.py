"""What an article was before rules changed its words: kept, so that others can be tried on it."""

from __future__ import annotations

from dataclasses import fields, replace

from aggregator.model.articles import Article, Unruled

WORDS = tuple(each.name for each in fields(Unruled))
"""The fields in which rules write."""


def remembering(before: Article, after: Article) -> Article:
    """The article after its rules, with what they changed as it was."""
    if after is before:
        return after
    changed = {
        name: getattr(before, name)
        for name in WORDS
        if getattr(before, name) != getattr(after, name)
    }
    return replace(after, unruled=Unruled(**changed))


def original(article: Article) -> Article:
    """The article as it was before its rules, as far as that is known."""
    kept = {name: getattr(article.unruled, name, None) for name in WORDS}
    changed = {name: value for name, value in kept.items() if value is not None}
    return replace(article, **changed, unruled=Unruled())
