"""For tests of dedupe: articles in one line, and a ledger in memory in the place of the store."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any

from aggregator.contracts import Decide
from aggregator.dedupe.decide import decider
from aggregator.model.articles import Article, Decision, EntryRef, Verdict
from aggregator.model.known import Known, KnownCopy, KnownEntry, Wanted
from aggregator.model.settings import Dedupe
from aggregator.text.hashing import fingerprint
from aggregator.text.markup import plain_text

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
LONG_TITLE = "Parliament votes for the new pension reform"


def no_names(_source_id: str) -> Sequence[str]:
    """Sources without names."""
    return ()


def plain_decider(**options: Any) -> Decide:
    """The decider under these `dedupe` options, for sources without names."""
    return decider(Dedupe(**options), no_names)


def article(
    title: str = LONG_TITLE,
    source: str = "a",
    hours: float = 0,
    body: str = "",
    entry: str = "",
    **changes: Any,
) -> Article:
    """An article of a source, published so many hours after `NOON`."""
    key = fingerprint(source, entry or f"{title} {hours} {body}")
    at = NOON + timedelta(hours=hours)
    values: dict[str, Any] = {
        "entry": EntryRef(source, key, fingerprint(key, body, title)),
        "title": title,
        "link": "",
        "summary": "",
        "body": body,
        "author": "",
        "published_at": at,
        "date_is_known": True,
        "updated_at": at,
    }
    return Article(**values | changes)


@dataclass
class Ledger:
    """Remembers decisions as the store does, and gives out what it is asked for."""

    rows: dict[tuple[str, str], KnownEntry] = field(default_factory=dict)
    texts: dict[str, str] = field(default_factory=dict)
    lengths: dict[str, int] = field(default_factory=dict)
    ordinals: dict[str, int] = field(default_factory=dict)

    def take(self, decide: Decide, *articles: Article) -> Sequence[Decision]:
        """Decide a batch and remember it."""
        decisions = decide(articles, self.known(decide.wanted(articles)))
        for decision in decisions:
            self._remember(decision)
        return decisions

    def known(self, wanted: Wanted) -> Known:
        """What is here of what is wanted."""
        copies: dict[str, tuple[KnownCopy, ...]] = {}
        for row in self.rows.values():
            if row.title_key and self._is_wanted(row, wanted):
                copies[row.title_key] = (*copies.get(row.title_key, ()), self._copy(row))
        return Known(
            {key: row for key, row in self.rows.items() if key in wanted.entries},
            copies,
            {key: n for key, n in self.ordinals.items() if key in wanted.title_keys},
        )

    def articles(self) -> set[frozenset[tuple[str, str]]]:
        """The articles, each as the set of its copies."""
        groups: dict[str, set[tuple[str, str]]] = {}
        for entry_id, row in self.rows.items():
            groups.setdefault(row.story_key, set()).add(entry_id)
        return set(map(frozenset, groups.values()))

    def _is_wanted(self, row: KnownEntry, wanted: Wanted) -> bool:
        if row.title_key in wanted.title_keys:
            return True
        return wanted.between is not None and (
            wanted.between[0] <= row.published_at <= wanted.between[1]
        )

    def _copy(self, row: KnownEntry) -> KnownCopy:
        return KnownCopy(
            row.source_id,
            row.entry_key,
            row.title_key,
            row.story_key,
            row.published_at,
            row.text_hash,
            self.texts[row.story_key],
            row.standing,
            self.lengths[row.story_key],
        )

    def _remember(self, decision: Decision) -> None:
        ref, made = decision.article.entry, decision.article
        if decision.stands:
            self._stand_down(decision.story_key)
            self.texts[decision.story_key] = plain_text(made.body) or made.summary
            self.lengths[decision.story_key] = decision.text_length
        if decision.verdict is Verdict.NEW and decision.title_key:
            key = decision.title_key
            self.ordinals[key] = self.ordinals.get(key, 0) + 1
        self.rows[ref.source_id, ref.entry_key] = KnownEntry(
            ref.source_id,
            ref.entry_key,
            ref.entry_hash,
            decision.content_hash,
            decision.story_key,
            decision.title_key,
            decision.text_hash,
            made.published_at,
            made.date_is_known,
            decision.stands,
        )

    def _stand_down(self, story_key: str) -> None:
        for entry_id, row in self.rows.items():
            if row.story_key == story_key:
                self.rows[entry_id] = replace(row, standing=False)
