"""Whether an article is what a condition describes, and the condition in words."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from aggregator.model.articles import Article
from aggregator.model.rules import Condition
from aggregator.rules.patterns import found
from aggregator.text.markup import plain_text


@dataclass(frozen=True)
class Subject:
    """An article before its rules; its text is only made when a condition asks for it."""

    article: Article
    now: datetime

    @cached_property
    def text(self) -> str:
        """The plain text of the body."""
        return plain_text(self.article.body)


def holds(condition: Condition, subject: Subject) -> bool:
    """Whether everything that a condition names is so."""
    return (
        _texts_match(condition, subject)
        and _measures_hold(condition, subject)
        and all(holds(part, subject) for part in condition.all)
        and (not condition.any or any(holds(part, subject) for part in condition.any))
        and not any(holds(part, subject) for part in condition.none)
    )


def in_words(condition: Condition) -> str:
    """The condition as one line for people."""
    named = [(name, getattr(condition, name)) for name in type(condition).model_fields]
    parts = [
        f"{name}: {_value_in_words(value)}" for name, value in named if value not in (None, ())
    ]
    return ", ".join(parts)


def _value_in_words(value: object) -> str:
    if isinstance(value, tuple):
        return "[" + "; ".join(in_words(part) for part in value) + "]"
    return str(value)


def _texts_match(condition: Condition, subject: Subject) -> bool:
    article = subject.article
    one_of = (
        (condition.title, (article.title,)),
        (condition.author, (article.author,)),
        (condition.link, (article.link,)),
        (condition.language, (article.language,)),
        (condition.tags, article.tags),
    )
    return all(
        pattern is None or any(found(pattern, text) for text in texts) for pattern, texts in one_of
    ) and (condition.body is None or found(condition.body, subject.text))


def _measures_hold(condition: Condition, subject: Subject) -> bool:
    age = subject.now - subject.article.published_at
    return (
        (condition.older is None or age > condition.older)
        and (condition.newer is None or age < condition.newer)
        and (condition.longer is None or len(subject.text) > condition.longer)
        and (condition.shorter is None or len(subject.text) < condition.shorter)
    )
