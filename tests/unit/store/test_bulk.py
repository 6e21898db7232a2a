"""Many rows at once are stored as SQLAlchemy itself would store them, on both databases."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from sqlalchemy import Connection, insert, select

from aggregator.store.bulk import insert_rows
from aggregator.store.rows import content_columns
from aggregator.store.store import Store
from aggregator.store.tables import ARTICLE, COPY
from tests.support.outcomes import NOON, article

_LATE = NOON + timedelta(hours=9, microseconds=7)
_ODD = article(body='<p>"It\'s" 100%s \\n :here %(x)s</p>\n\t\u2028\U0001f600', image=None, tags=())


def _article(key: str) -> dict[str, Any]:
    return {
        **content_columns(_ODD),
        "story_key": key * 64,
        "token": key * 20,
        "public_id": key,
        "title_key": "a title",
        "published_at": _LATE,
        "date_is_known": False,
        "content_hash": "",
        "text_hash": "",
        "first_seen_at": NOON,
    }


def _copy(key: str, number: int) -> dict[str, Any]:
    texts = ("entry_hash", "content_hash", "text_hash", "title_key", "title", "link", "document")
    return {
        **dict.fromkeys(texts, ""),
        **dict.fromkeys(("published_at", "first_seen_at", "decided_at"), _LATE),
        **dict.fromkeys(("date_is_known", "standing", "is_present"), True),
        "source_id": "wire",
        "entry_key": key,
        "article_id": number,
        "text_length": 7,
        "decided_by": "first_seen",
        "own_paths": ["news/世界"],
        "ruled_paths": None,
        "unruled": [None, ["a", "b"]],
    }


def _rows(connection: Connection, table: Any, *keys: str) -> list[tuple[Any, ...]]:
    """What is stored, without what tells the rows apart."""
    columns = [column for column in table.c if column.name not in keys]
    return [tuple(row) for row in connection.execute(select(*columns))]


def test_rows_are_stored_as_they_would_be_one_by_one(ready: Store) -> None:
    """Texts, times, lists and nulls of every kind come out the same."""
    with ready._database.engine.begin() as connection:
        connection.execute(insert(ARTICLE), [_article("a")])
        ((_, number),) = insert_rows(
            connection, ARTICLE, [_article("b")], "RETURNING story_key, id"
        )
        connection.execute(insert(COPY), [_copy("a", number)])
        assert insert_rows(connection, COPY, [_copy("b", number)]) == []
        one, other = _rows(connection, ARTICLE, "id", "story_key", "token", "public_id")
        assert one == other
        one, other = _rows(connection, COPY, "entry_key")
        assert one == other
        in_json = COPY.c.ruled_paths.is_(None) & ARTICLE.c.image.is_not(None)
        joined = select(COPY.c.entry_key).join(ARTICLE, ARTICLE.c.id == COPY.c.article_id)
        assert len(connection.execute(joined.where(in_json)).all()) == 2


def test_only_what_was_inserted_is_given_back(ready: Store) -> None:
    """What is there already is left out, and no rows are no statement."""
    ending = "ON CONFLICT DO NOTHING RETURNING story_key"
    with ready._database.engine.begin() as connection:
        assert insert_rows(connection, ARTICLE, []) == []
        assert insert_rows(connection, ARTICLE, [_article("b")], ending) == [("b" * 64,)]
        wanted = [_article(key) for key in "abc"]
        assert insert_rows(connection, ARTICLE, wanted, ending) == [("a" * 64,), ("c" * 64,)]
