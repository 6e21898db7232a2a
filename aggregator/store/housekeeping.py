"""Lets old articles and old records go; keys and ledger stay, so that nothing comes back as new."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from sqlalchemy import Connection, delete, exists, select

from aggregator.model.settings import Keep
from aggregator.store import dropping, events
from aggregator.store.database import Database, chunks
from aggregator.store.side_tables import PAGE
from aggregator.store.tables import ARTICLE, COPY, DOCUMENT, FETCH
from aggregator.store.withdrawing import remove

_ARTICLES_A_TRANSACTION = 500
_FETCHES_A_TRANSACTION = 5000


def housekeeping(database: Database, now: datetime, keep: Keep) -> Mapping[str, int]:
    """Empty what is too old, in small transactions; returns how much of what went.

    An article stays while it is younger than `keep.articles`, by its own date or since it was
    first seen, and while a document that it came from is still in its folder. The text of its own
    page stays as long, since it was read.
    """
    old = database.read(lambda connection: _old_articles(connection, now - keep.articles))
    for part in chunks(old, _ARTICLES_A_TRANSACTION):
        database.write(lambda connection, part=part: remove(connection, part, now))  # type: ignore[misc]  # mypy cannot infer a lambda's default
    return {
        "articles": len(old),
        "fetches": _forget_fetches(database, now - keep.fetches),
        "dropped": database.write(lambda each: dropping.forget(each, now - keep.fetches)),
        "events": database.write(events.forget),
        "pages": database.write(lambda connection: _forget_pages(connection, now - keep.articles)),
    }


def _old_articles(connection: Connection, limit: datetime) -> list[int]:
    has_document = exists().where(
        COPY.c.article_id == ARTICLE.c.id,
        DOCUMENT.c.source_id == COPY.c.source_id,
        DOCUMENT.c.name == COPY.c.document,
    )
    old = select(ARTICLE.c.id).where(
        ARTICLE.c.removed_at.is_(None),
        ARTICLE.c.published_at < limit,
        ARTICLE.c.first_seen_at < limit,
        ~has_document,
    )
    return sorted(connection.execute(old).scalars())


def _forget_fetches(database: Database, limit: datetime) -> int:
    """Delete records of fetches before a time; returns how many."""
    old = select(FETCH.c.id).where(FETCH.c.started_at < limit).limit(_FETCHES_A_TRANSACTION)

    def forget(connection: Connection) -> int:
        return connection.execute(delete(FETCH).where(FETCH.c.id.in_(old))).rowcount

    count = 0
    while some := database.write(forget):
        count += some
    return count


def _forget_pages(connection: Connection, limit: datetime) -> int:
    """Delete what was read of articles' own pages before a time; returns how many."""
    return connection.execute(delete(PAGE).where(PAGE.c.tried_at < limit)).rowcount
