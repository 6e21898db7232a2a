"""Full-text search: the words of every article that is there, kept in step in the same transaction.

What a word is says `text.search`, the same for both databases; FTS5 and tsvector only keep words
and find them again. Why it is so: docs/decisions/342.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, Integer, Select, TextClause, bindparam, column, select, text

from aggregator.model.search import Found
from aggregator.store import reading
from aggregator.store.database import chunks
from aggregator.store.tables import ARTICLE, PLACEMENT
from aggregator.store.vectors import accept_vectors, vector
from aggregator.text.search import Term, searchable

MOST_FOUND = 1_000
"""Matches that are looked at, those that came in last: what a search may cost is bounded."""


def index(connection: Connection, numbers: Collection[int]) -> None:
    """Let articles be found by what they show now, by row number."""
    columns = ARTICLE.c.id, ARTICLE.c.title, ARTICLE.c.summary, ARTICLE.c.body
    for part in chunks(sorted(numbers)):
        shown = select(*columns).where(ARTICLE.c.id.in_(part), ARTICLE.c.removed_at.is_(None))
        put(connection, {number: searchable(*said) for number, *said in connection.execute(shown)})


def put(connection: Connection, words: Mapping[int, str]) -> None:
    """Let articles be found by these words (see `text.search.searchable`), by row number.

    In the order of their numbers: at each lower one FTS5 writes out what it gathered until then.
    """
    said = sorted(words.items())
    if not said:
        return
    if connection.dialect.name == "sqlite":
        connection.execute(
            _PUT_SQLITE, [{"number": number, "words": each} for number, each in said]
        )
        return
    accept_vectors(connection.connection.driver_connection)
    rows = [{"number": number, "words": vector(each)} for number, each in said]
    connection.execute(_PUT_POSTGRES, rows)


def forget(connection: Connection, numbers: Collection[int]) -> None:
    """Let articles be found no more."""
    of_number = _FORGET_SQLITE if connection.dialect.name == "sqlite" else _FORGET_POSTGRES
    if numbers:
        connection.execute(of_number, [{"number": number} for number in sorted(numbers)])


def search(
    connection: Connection, terms: Sequence[Term], path: str, limit: int, offset: int
) -> Found:
    """The articles of a category in which every term stands, newest first; `limit` of them."""
    if not terms:
        return Found()
    if connection.dialect.name == "sqlite":
        wanted, query = _SEARCH_SQLITE, " AND ".join(_for_fts(term) for term in terms)
    else:
        connection.execute(text("SET LOCAL statement_timeout = '5s'"))
        wanted, query = _SEARCH_POSTGRES, " & ".join(_for_tsquery(term) for term in terms)
    values = {"query": query, "path": path, "most": MOST_FOUND}
    hits = connection.execute(wanted, values).all()
    numbers = [hit.number for hit in hits if hit.is_here]
    articles = reading.load(connection, numbers[offset : offset + limit])
    return Found(tuple(articles), len(numbers), is_all=len(hits) < MOST_FOUND)


def _for_fts(term: Term) -> str:
    return f'"{" ".join(term.words)}"' + (" *" if term.is_beginning else "")


def _for_tsquery(term: Term) -> str:
    return " <-> ".join(term.words) + (":*" if term.is_beginning else "")


# REPLACE and ON CONFLICT: an article that is there already gets its new words.
_PUT_SQLITE = text("INSERT OR REPLACE INTO search (rowid, words) VALUES (:number, :words)")
_PUT_POSTGRES = text(
    "INSERT INTO search (article_id, words) VALUES (:number, :words)"
    " ON CONFLICT (article_id) DO UPDATE SET words = excluded.words"
)
_FORGET_SQLITE = text("DELETE FROM search WHERE rowid = :number")
_FORGET_POSTGRES = text("DELETE FROM search WHERE article_id = :number")


def _newest_first(hits: TextClause) -> Select[Any]:
    """Hits with whether they stand in the category, in the order of its feed."""
    found = hits.columns(column("number", Integer)).cte("found")
    is_here = PLACEMENT.c.article_id.is_not(None).label("is_here")
    placed = (PLACEMENT.c.article_id == found.c.number) & (PLACEMENT.c.path == bindparam("path"))
    return (
        select(found.c.number, is_here)
        .outerjoin(PLACEMENT, placed)
        .order_by(PLACEMENT.c.published_at.desc(), PLACEMENT.c.public_id.desc())
    )


_SEARCH_SQLITE = _newest_first(
    text(
        "SELECT rowid AS number FROM search WHERE words MATCH :query"
        " ORDER BY rowid DESC LIMIT :most"
    )
)
_SEARCH_POSTGRES = _newest_first(
    text(
        "SELECT article_id AS number FROM search WHERE words @@ CAST(:query AS tsquery)"
        " ORDER BY article_id DESC LIMIT :most"
    )
)
