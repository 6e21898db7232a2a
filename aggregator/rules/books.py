"""Every list of rules that an article meets, in their order: its source's, its categories', all's.

The rules of a category decide about that category: what they drop leaves it and everything under
it, and stays elsewhere. An article that is left without any category is dropped.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime

from aggregator.model.articles import Article, Dropped
from aggregator.model.categories import with_parents
from aggregator.model.rules import RuleSpec
from aggregator.rules.judging import judge
from aggregator.rules.originals import remembering


@dataclass(frozen=True, slots=True)
class RuleBook:
    """The lists of rules for one source; `categories` has those of every category, by path."""

    source: tuple[RuleSpec, ...] = ()
    categories: Mapping[str, tuple[RuleSpec, ...]] = field(default_factory=dict)
    everywhere: tuple[RuleSpec, ...] = ()


def judge_by_book(article: Article, book: RuleBook, now: datetime) -> Article | Dropped:
    """Put an article before each list; the first that drops it altogether ends its way."""
    made = judge(article, book.source, now)
    if isinstance(made, Article):
        made = _judge_by_categories(made, book, now)
    if isinstance(made, Article):
        made = _at("everywhere", judge(made, book.everywhere, now))
    return made if isinstance(made, Dropped) else remembering(article, made)


def _judge_by_categories(article: Article, book: RuleBook, now: datetime) -> Article | Dropped:
    """The inner categories first; one that a rule adds on the way is asked as well."""
    asked = set[str]()
    while waiting := list(with_parents(article.paths) & book.categories.keys() - asked):
        path = min(waiting, key=lambda each: (-each.count("/"), each))
        asked.add(path)
        made = judge(article, book.categories[path], now)
        if isinstance(made, Article):
            article = made
            continue
        article = replace(article, ruled_out=(*article.ruled_out, *_under(path, article.paths)))
        if not article.paths:
            return _at(f"category {path}", made)
    return article


def _under(top: str, paths: Sequence[str]) -> list[str]:
    """Those of some paths that are this one or lie under it."""
    return [path for path in paths if path == top or path.startswith(f"{top}/")]


def _at(place: str, made: Article | Dropped) -> Article | Dropped:
    """Say in which list a rule stands that dropped an article."""
    return replace(made, detail=f"{place}: {made.detail}") if isinstance(made, Dropped) else made
