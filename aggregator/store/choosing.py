"""What a feed beside the tree can choose from: articles of several categories and sources."""

from __future__ import annotations

import heapq
from collections.abc import Sequence
from itertools import groupby, islice
from typing import Any

from sqlalchemy import Connection, Row, exists, select

from aggregator.model.published import Candidate, StoredArticle
from aggregator.store.database import chunks
from aggregator.store.reading import NEWEST_FIRST, load
from aggregator.store.tables import ARTICLE, COPY, PLACEMENT


def candidates(
    connection: Connection, paths: Sequence[str], sources: Sequence[str], limit: int
) -> list[Candidate]:
    """The newest articles of any of these paths, each once, with a copy of one of the sources.

    Each path is read in the order of its index and the results are merged: no database sorts a
    whole category for a feed's sake.
    """
    rows = [_of_path(connection, path, sources, limit) for path in dict.fromkeys(paths)]
    merged = heapq.merge(*rows, key=_place, reverse=True)
    once = (next(group) for _, group in groupby(merged, key=_place))
    return [
        Candidate(row.token, row.source_id, row.published_at, row.content_hash)
        for row in islice(once, limit)
    ]


def _of_path(
    connection: Connection, path: str, sources: Sequence[str], limit: int
) -> list[Row[Any]]:
    wanted = (
        select(
            ARTICLE.c.token,
            PLACEMENT.c.source_id,
            PLACEMENT.c.published_at,
            PLACEMENT.c.public_id,
            ARTICLE.c.content_hash,
        )
        .join(ARTICLE, ARTICLE.c.id == PLACEMENT.c.article_id)
        .where(PLACEMENT.c.path == path)
        .order_by(*NEWEST_FIRST)
        .limit(limit)
    )
    if sources:
        counts = exists().where(
            COPY.c.article_id == PLACEMENT.c.article_id,
            COPY.c.source_id.in_(sources),
            COPY.c.is_present,
            COPY.c.dropped_by.is_(None),
        )
        wanted = wanted.where(counts)
    return list(connection.execute(wanted))


def _place(row: Row[Any]) -> tuple[Any, str]:
    return row.published_at, row.public_id


def named(connection: Connection, tokens: Sequence[str]) -> list[StoredArticle]:
    """The articles with these tokens, in this order; those that retention removed are left out."""
    numbers = dict[str, int]()
    for part in chunks(tokens):
        here = ARTICLE.c.token.in_(part), ARTICLE.c.removed_at.is_(None)
        found = connection.execute(select(ARTICLE.c.token, ARTICLE.c.id).where(*here))
        numbers |= dict(found.all())
    return load(connection, [numbers[token] for token in tokens if token in numbers])
