"""Decisions that hold: taken on what is known, and made true by the database's uniqueness.

Whether a title is new can only be said by the database. So an article is inserted where nobody
was faster; who comes second learns it, looks again, and decides again.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from aggregator.contracts import Decide
from aggregator.model.articles import Article, Decision, Verdict
from aggregator.model.known import KnownEntry
from aggregator.store.bulk import insert_rows
from aggregator.store.knowing import EntryId, load_known
from aggregator.store.naming import public_id, token_of
from aggregator.store.rows import Columns, content_columns
from aggregator.store.tables import ARTICLE


@dataclass(frozen=True)
class Settled:
    """A decision that holds; `known` is the entry as the ledger had it before, if it had it."""

    decision: Decision
    article_id: int
    known: KnownEntry | None


@dataclass(frozen=True)
class Deciding:
    """Decides articles inside a transaction; new ones are in the database when it returns."""

    connection: Connection
    decide: Decide
    now: datetime
    authority: str

    def settle(self, articles: Sequence[Article]) -> list[Settled | None]:
        """The decision on each article, None where another process was faster.

        No entry may come twice among the articles.
        """
        known, numbers = load_known(self.connection, self.decide.wanted(articles))
        decisions = self.decide(articles, known)
        numbers |= self._insert([each for each in decisions if each.verdict is Verdict.NEW])
        return [
            Settled(decision, numbers[decision.story_key], known.entries.get(entry_id(article)))
            if decision.story_key in numbers
            else None
            for article, decision in zip(articles, decisions, strict=True)
        ]

    def _insert(self, decisions: Sequence[Decision]) -> dict[str, int]:
        """Insert new articles; returns the row numbers of those that nobody else had inserted.

        All processes insert in the same order, so that no two can wait for one another.
        """
        rows = [self._row(each) for each in sorted(decisions, key=lambda each: each.story_key)]
        return dict(insert_rows(self.connection, ARTICLE, rows, _UNLESS_THERE))

    def public_id(self, decision: Decision) -> str:
        """The public id of a new article."""
        return public_id(self.authority, decision.article.published_at, decision.story_key)

    def _row(self, decision: Decision) -> Columns:
        article = decision.article
        return {
            **content_columns(article),
            "story_key": decision.story_key,
            "token": token_of(decision.story_key),
            "public_id": self.public_id(decision),
            "title_key": decision.title_key,
            "published_at": article.published_at,
            "date_is_known": article.date_is_known,
            "content_hash": decision.content_hash,
            "text_hash": decision.text_hash,
            "first_seen_at": self.now,
        }


_UNLESS_THERE = "ON CONFLICT DO NOTHING RETURNING story_key, id"


def entry_id(article: Article) -> EntryId:
    """What the ledger knows an article's entry by."""
    return article.entry.source_id, article.entry.entry_key
