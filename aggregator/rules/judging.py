"""Puts an article before a list of rules: it comes out changed, as it was, or dropped."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from aggregator.model.articles import Article, Dropped, DropReason, Stage
from aggregator.model.rules import RuleSpec
from aggregator.rules.actions import ACTIONS
from aggregator.rules.conditions import Subject, holds, in_words


def judge(article: Article, rules: Sequence[RuleSpec], now: datetime) -> Article | Dropped:
    """Apply rules from top to bottom.

    The first `keep` or `drop` that matches ends the list. Every other rule that matches changes the
    article, and the rules below see it changed. Where a list holds a `keep`, an article that met
    no `keep` and no `drop` is dropped.
    """
    for rule in rules:
        if rule.keep is not None:
            if holds(rule.keep, Subject(article, now)):
                return article
        elif rule.drop is not None:
            if holds(rule.drop, Subject(article, now)):
                return _dropped(article, f"drop {in_words(rule.drop)}")
        elif rule.when is None or holds(rule.when, Subject(article, now)):
            article = _changed(article, rule)
    if any(rule.keep is not None for rule in rules):
        return _dropped(article, "no keep rule matches")
    return article


def _changed(article: Article, rule: RuleSpec) -> Article:
    for word, act in ACTIONS.items():
        if argument := getattr(rule, word):
            article = act(article, argument)
    return article


def _dropped(article: Article, why: str) -> Dropped:
    return Dropped(
        source_id=article.entry.source_id,
        title=article.title,
        stage=Stage.RULES,
        reason=DropReason.RULE,
        detail=why,
        link=article.link,
        entry_key=article.entry.entry_key,
    )
