"""Writes what fetching sources brought, in one transaction: see `record`.

The order of the locks is the same in every process: sources, then articles, then placements, then
categories; each of them sorted.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import fields
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, bindparam, select

from aggregator.contracts import Decide
from aggregator.errors import StoreError
from aggregator.model.articles import Article, Verdict
from aggregator.model.results import Outcome, Tally
from aggregator.store import article_pages, documents, dropping, events, fetches
from aggregator.store.database import chunks
from aggregator.store.deciding import Deciding, entry_id
from aggregator.store.ledger import Ledger
from aggregator.store.placing import mark_changed
from aggregator.store.tables import HEALTH, SOURCE
from aggregator.store.turns import Before

_ROUNDS = 5
"""How often an article is decided again because another process was faster."""

_LOCK = (
    select(*(SOURCE.c[name] for name in ("id", "active", "title", "categories", "origin")))
    .add_columns(*(SOURCE.c[each.name] for each in fields(Before)))
    .where(SOURCE.c.id.in_(bindparam("ids", expanding=True)))
    .order_by(SOURCE.c.id)
    .with_for_update()
)
"""The sources of a batch: what they are, and what events are told by."""


def record(
    connection: Connection,
    outcomes: Sequence[Outcome],
    decide: Decide,
    now: datetime,
    authority: str,
) -> tuple[Tally, ...]:
    """Decide on and store some outcomes; returns what became of the articles of each."""
    digests = [outcome.digest for outcome in outcomes if outcome.digest]
    sources = _lock_sources(connection, outcomes)
    ledger = Ledger(connection, Deciding(connection, decide, now, authority), sources)
    articles = [article for digest in digests for article in digest.articles]
    verdicts = iter(_store_articles(ledger, articles))
    tallies = tuple(_tally(outcome, verdicts) for outcome in outcomes)
    ledger.to_place |= documents.record(connection, digests)
    dropping.record(connection, digests, now)
    article_pages.record(connection, digests)
    something_happened = events.record(
        connection, outcomes, tallies, sources, now=now, authority=authority
    )
    fetches.record(connection, outcomes, tallies)
    ledger.close()
    if something_happened:
        mark_changed(connection, {HEALTH})
    return tallies


def _lock_sources(connection: Connection, outcomes: Sequence[Outcome]) -> dict[str, Row[Any]]:
    """The sources concerned; nobody else stores anything of theirs until we are done.

    Raises:
        StoreError: the configuration never named one of them.
    """
    brought = [each for outcome in outcomes for each in (outcome.digest, outcome.result) if each]
    named = {each.source_id for each in brought}
    sources = dict[str, Row[Any]]()
    for part in chunks(sorted(named)):
        sources |= {row.id: row for row in connection.execute(_LOCK, {"ids": part})}
    if missing := sorted(named - set(sources)):
        raise StoreError(f"source {missing[0]}: the database does not know it")
    return sources


def _store_articles(ledger: Ledger, articles: Sequence[Article]) -> list[Verdict]:
    """Decide on every article and write the ledger; returns the verdicts in order."""
    verdicts: dict[int, Verdict] = {}
    for part in _without_repeats(articles):
        waiting = part
        for _ in range(_ROUNDS):
            settled = ledger.deciding.settle([articles[position] for position in waiting])
            ledger.write([each for each in settled if each])
            pairs = list(zip(waiting, settled, strict=True))
            verdicts |= {position: each.decision.verdict for position, each in pairs if each}
            waiting = [position for position, each in pairs if not each]
            if not waiting:
                break
        else:
            raise StoreError(f"{len(waiting)} articles: other processes were faster every time")
    return [verdicts[position] for position in range(len(articles))]


def _without_repeats(articles: Sequence[Article]) -> Iterator[list[int]]:
    """Positions of the articles, in parts in which no entry comes twice; mostly one part."""
    waiting = list(range(len(articles)))
    while waiting:
        firsts = {entry_id(articles[position]): position for position in reversed(waiting)}
        part = sorted(firsts.values())
        yield part
        taken = set(part)
        waiting = [position for position in waiting if position not in taken]


def _tally(outcome: Outcome, verdicts: Iterator[Verdict]) -> Tally:
    """Count what became of an outcome's articles; takes their verdicts off the iterator."""
    if outcome.digest is None:
        return Tally()
    counts = Counter(next(verdicts) for _ in outcome.digest.articles)
    return Tally(
        new=counts[Verdict.NEW],
        changed=counts[Verdict.CHANGED],
        unchanged=counts[Verdict.UNCHANGED] + outcome.digest.unchanged,
        duplicate=counts[Verdict.DUPLICATE],
        dropped=dict(sorted(Counter(each.reason.value for each in outcome.digest.dropped).items())),
    )
