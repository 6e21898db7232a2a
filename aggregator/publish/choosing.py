"""Which articles a feed has: those of its category, or those that a feed beside the tree chooses.

A choice depends on the stored articles alone, never on the time of day. Rules are asked once for
each article and version of it, so that publishing costs what changed.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from itertools import islice

from aggregator.config.tree import Category
from aggregator.contracts import PublishStore
from aggregator.model.articles import Article, EntryRef
from aggregator.model.feeds import FeedSpec
from aggregator.model.published import Candidate, StoredArticle
from aggregator.model.rules import Condition, RuleSpec
from aggregator.publish.categories import ALL
from aggregator.rules import judge

LOOKED_THROUGH = 5000
"""How many of the newest articles a feed chooses from."""
_AT_ONCE = 200


def depends_on(category: Category) -> tuple[str, ...]:
    """The paths whose articles it shows: it changes only when one of them does."""
    if category.choice is None:
        return (category.path,)
    return category.choice.categories or (ALL,)


@dataclass
class _Verdicts:
    """What the rules of one feed said, by token; `moment` is the one that ages counted from."""

    spec: FeedSpec
    moment: datetime
    passed: dict[str, tuple[str, bool]] = field(default_factory=dict)


class Chooser:
    """Gives the articles of any feed; keeps the verdicts of rules from run to run."""

    def __init__(self, store: PublishStore) -> None:
        self._store = store
        self._verdicts: dict[str, _Verdicts] = {}

    def articles(self, category: Category) -> Sequence[StoredArticle]:
        """The articles that a feed has now, newest first.

        Raises:
            StoreError: the store cannot be asked.
        """
        if category.choice is None:
            return self._store.newest(category.path, category.articles, category.per_source)
        return self._chosen(category, category.choice)

    def _chosen(self, category: Category, spec: FeedSpec) -> Sequence[StoredArticle]:
        most = LOOKED_THROUGH if spec.rules or category.per_source else category.articles
        found = self._store.candidates(depends_on(category), spec.sources, most)
        if not found:
            return ()
        newest = found[0].published_at
        young = [each for each in found if _is_young(each, newest, spec)]
        passed = self._passed(young, newest, spec)
        tokens = [each.token for each in _picked(passed, category)]
        stored = self._store.articles_named(tokens)
        shown = (_judged(each, spec.rules, newest) for each in stored)
        return [each for each in shown if each is not None]

    def between(
        self, category: Category, times: tuple[datetime, datetime], without: Collection[str]
    ) -> tuple[list[str], Sequence[StoredArticle]]:
        """What a digest has to tell of a time that ended: all candidates' tokens, and the chosen.

        Raises:
            StoreError: the store cannot be asked.
        """
        since, before = times
        spec = category.choice
        if spec is None:
            return [], ()
        found = [
            each
            for each in self._store.candidates(depends_on(category), spec.sources, LOOKED_THROUGH)
            if since <= each.published_at < before and each.token not in without
        ]
        tokens = [each.token for each in found]
        loaded = self._store.articles_named(tokens) if found else ()
        shown = {each.token: _judged(each, spec.rules, before) for each in loaded}
        passed = (each for each in found if shown.get(each.token))
        picked = (shown[each.token] for each in _picked(passed, category))
        return tokens, [each for each in picked if each]

    def _passed(
        self, found: Sequence[Candidate], newest: datetime, spec: FeedSpec
    ) -> Iterator[Candidate]:
        """Those that the rules keep; asked only as far as anybody goes on reading."""
        if not spec.rules:
            yield from found
            return
        verdicts = self._verdicts.get(spec.id)
        if verdicts is None or verdicts.spec != spec or _is_late(verdicts, newest):
            verdicts = self._verdicts[spec.id] = _Verdicts(spec, newest)
        known = {each.token: verdicts.passed.get(each.token, ("", False)) for each in found}
        verdicts.passed = {token: each for token, each in known.items() if each[0]}
        for start in range(0, len(found), _AT_ONCE):
            part = found[start : start + _AT_ONCE]
            new = [each for each in part if known[each.token][0] != each.version]
            self._ask(new, verdicts)
            yield from (each for each in part if verdicts.passed[each.token][1])

    def _ask(self, new: Sequence[Candidate], verdicts: _Verdicts) -> None:
        """Let the rules look at articles that they have not seen in this version."""
        stored = {each.token: each for each in self._store.articles_named([a.token for a in new])}
        for each in new:
            article = stored.get(each.token)
            keeps = article and _judged(article, verdicts.spec.rules, verdicts.moment) is not None
            verdicts.passed[each.token] = (each.version, bool(keeps))


def _is_young(candidate: Candidate, newest: datetime, spec: FeedSpec) -> bool:
    return spec.max_age is None or newest - candidate.published_at <= spec.max_age


def _is_late(verdicts: _Verdicts, newest: datetime) -> bool:
    """Whether the ages that rules look at are counted from another moment now."""
    return verdicts.moment != newest and any(map(_looks_at_age, verdicts.spec.rules))


def _looks_at_age(rule: RuleSpec) -> bool:
    conditions = [each for each in (rule.keep, rule.drop, rule.when) if each]
    return any(map(_is_of_age, conditions))


def _is_of_age(condition: Condition) -> bool:
    inner = (*condition.all, *condition.any, *condition.none)
    looks = condition.older is not None or condition.newer is not None
    return looks or any(map(_is_of_age, inner))


def _picked(passed: Iterator[Candidate], category: Category) -> Iterator[Candidate]:
    """The newest of them, as many as the feed holds, and of no source more than it may."""
    taken = Counter[str]()

    def has_room(each: Candidate) -> bool:
        taken[each.source_id] += 1
        return not category.per_source or taken[each.source_id] <= category.per_source

    return islice(filter(has_room, passed), category.articles)


def _judged(
    stored: StoredArticle, rules: Sequence[RuleSpec], moment: datetime
) -> StoredArticle | None:
    """The article with what the feed's rules change about it, None where they drop it."""
    if not rules:
        return stored
    made = judge(_article(stored), rules, moment)
    if not isinstance(made, Article):
        return None
    return replace(
        stored,
        title=made.title,
        link=made.link,
        summary=made.summary,
        body=made.body,
        author=made.author,
        tags=made.tags,
        language=made.language,
    )


def _article(stored: StoredArticle) -> Article:
    """The article as rules look at it."""
    return Article(
        entry=EntryRef(stored.source_id, "", ""),
        title=stored.title,
        link=stored.link,
        summary=stored.summary,
        body=stored.body,
        author=stored.author,
        published_at=stored.published_at,
        date_is_known=stored.date_is_known,
        updated_at=stored.updated_at,
        image=stored.image,
        enclosures=stored.enclosures,
        tags=stored.tags,
        language=stored.language,
        categories=stored.paths,
        origin=stored.origin,
        related=stored.related,
    )
