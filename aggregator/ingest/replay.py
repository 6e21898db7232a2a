"""Rules over what is stored already: where articles stand now, and where they would. Pure.

A stored copy is judged as it was before its rules; whether it stays, in which categories, and its
words follow from that. Where nobody knows what it was, its words stay. What rules dropped before it
was stored is judged as it was read.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from aggregator.dedupe.bodies import measured
from aggregator.ingest.recipe import Recipe
from aggregator.model.articles import Article, Dropped
from aggregator.model.categories import with_parents
from aggregator.model.ledger import RuledArticle, RuledCopy, Ruling, Withheld
from aggregator.model.settings import FROM_POST
from aggregator.rules import judge_by_book
from aggregator.rules.originals import WORDS, original

EVERYTHING = "all"


@dataclass(frozen=True, slots=True)
class Replayed:
    """An article under the rules: the feeds that it stands in, and those that it would.

    `token` is "" for one that is not stored yet, `dropped_by` the rule where one drops it.
    `rulings` say what is new about stored copies, `changed` names the fields in which these would
    say something else; `made` is what became of one that was withheld.
    """

    token: str
    title: str
    before: frozenset[str]
    after: frozenset[str]
    dropped_by: str = ""
    rulings: tuple[Ruling, ...] = ()
    changed: tuple[str, ...] = ()
    made: Article | Dropped | None = None


def replay_stored(stored: RuledArticle, recipes: Mapping[str, Recipe], now: datetime) -> Replayed:
    """Put every copy of a stored article before the rules; copies of sources that left stay out."""
    rulings, after, dropped_by, changed = list[Ruling](), set[str](), "", dict[str, None]()
    for copy in stored.copies:
        recipe = recipes.get(copy.article.entry.source_id)
        if recipe is None:
            continue
        ruling = _ruling(stored.number, copy, recipe, now)
        if _says_something_new(ruling, copy):
            rulings.append(ruling)
        if ruling.remade:
            changed |= dict.fromkeys(changed_words(copy.article, ruling.article))
        if ruling.dropped_by:
            dropped_by = ruling.dropped_by
        elif copy.is_present:
            after |= _feeds(ruling.article)
    return Replayed(
        token=stored.token,
        title=stored.title,
        before=frozenset(stored.paths),
        after=frozenset(after),
        dropped_by="" if after else dropped_by,
        rulings=tuple(rulings),
        changed=tuple(changed),
    )


def replay_withheld(withheld: Withheld, recipe: Recipe, now: datetime) -> Replayed:
    """Put what a rule dropped before the rules once more."""
    article = replace(withheld.article, categories=_categories(withheld.article, recipe))
    made = judge_by_book(article, recipe.rules, now)
    if isinstance(made, Dropped):
        nowhere, again = frozenset[str](), replace(made, article=withheld.article)
        return Replayed("", article.title, nowhere, nowhere, made.detail, made=again)
    return Replayed("", made.title, frozenset(), frozenset(_feeds(made)), made=measured(made))


def _ruling(number: int, copy: RuledCopy, recipe: Recipe, now: datetime) -> Ruling:
    categories = _categories(copy.article, recipe)
    article = replace(copy.article, categories=categories, ruled_in=(), ruled_out=())
    made = judge_by_book(original(article), recipe.rules, now)
    if isinstance(made, Dropped):
        return Ruling(number, article, made.detail)
    # A document that is gone brings nothing: should it come back, it is read again.
    may_be_remade = article.unruled is not None and copy.is_present
    if may_be_remade and changed_words(article, made):
        return Ruling(number, measured(made), remade=True)
    return Ruling(number, replace(article, ruled_in=made.ruled_in, ruled_out=made.ruled_out))


def changed_words(one: Article, other: Article) -> tuple[str, ...]:
    """The names of the fields in which two articles say something else."""
    return tuple(name for name in WORDS if getattr(one, name) != getattr(other, name))


def _categories(article: Article, recipe: Recipe) -> tuple[str, ...]:
    """Where the configuration puts an article of the source, before any rule."""
    configured = set(recipe.spec.category)
    own = set(article.categories) if FROM_POST in configured else set[str]()
    return tuple(sorted((configured | own) - {FROM_POST}))


def _feeds(article: Article) -> set[str]:
    """Every feed that shows an article: its categories, those above them, and `all`."""
    return {*with_parents(article.paths), EVERYTHING}


def _says_something_new(ruling: Ruling, copy: RuledCopy) -> bool:
    before = (copy.dropped_by, set(copy.article.ruled_in), set(copy.article.ruled_out))
    article = ruling.article
    after = (ruling.dropped_by, set(article.ruled_in), set(article.ruled_out))
    return ruling.remade or before != after
