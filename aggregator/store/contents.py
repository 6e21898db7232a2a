"""What copies that do not stand would show: put away when it comes, taken out when they stand.

Most articles have one copy, so little lies here. Why it is kept: docs/decisions/330.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from sqlalchemy import Connection, and_, bindparam, case, delete, or_, select, update

from aggregator.model.articles import Article
from aggregator.store import searching
from aggregator.store.database import chunks, insert
from aggregator.store.rows import content_columns
from aggregator.store.side_tables import CONTENT, ContentRow
from aggregator.store.tables import ARTICLE, COPY

EntryId = tuple[str, str]
"""Source id and entry key."""

COLUMNS = tuple(name for name in CONTENT.c.keys() if name not in ("source_id", "entry_key"))  # noqa: SIM118 - a column collection is no dict
_KEY = ["source_id", "entry_key"]


def put_away(connection: Connection, articles: Sequence[Article]) -> None:
    """Keep what copies would show."""
    rows = [{**content_columns(each), "entry_key": each.entry.entry_key} for each in articles]
    if rows:
        connection.execute(_upsert(insert(connection, ContentRow)), rows)


def put_away_shown(connection: Connection, numbers: Collection[int]) -> None:
    """Keep what articles show, for the copies that stand, before others do."""
    shown = (
        select(COPY.c.source_id, COPY.c.entry_key, *(ARTICLE.c[name] for name in COLUMNS))
        .join(ARTICLE, ARTICLE.c.id == COPY.c.article_id)
        .where(COPY.c.standing, ARTICLE.c.removed_at.is_(None))
    )
    for part in chunks(sorted(numbers)):
        of_part = shown.where(COPY.c.article_id.in_(part))
        kept = insert(connection, ContentRow).from_select([*_KEY, *COLUMNS], of_part)
        connection.execute(_upsert(kept))


def _upsert(statement: Any) -> Any:
    new = {name: statement.excluded[name] for name in COLUMNS}
    return statement.on_conflict_do_update(index_elements=_KEY, set_=new)


def show(connection: Connection, winners: Mapping[int, EntryId]) -> None:
    """Let articles show these copies of theirs, by row number, out of what was put away.

    Public id and the time when it was first seen stay, and a date once it is known.
    """
    if not winners:
        return
    put_away_shown(connection, winners.keys())
    named = [
        {"number": number, "of_source": source_id, "of_entry": entry_key}
        for number, (source_id, entry_key) in sorted(winners.items())
    ]
    connection.execute(LET_STAND, named)
    for part in chunks(sorted(winners)):
        connection.execute(_SHOW.where(ARTICLE.c.id.in_(part)))
    searching.index(connection, winners.keys())
    forget(connection, winners.values())


def forget(connection: Connection, entries: Collection[EntryId]) -> None:
    """Let go what was put away for these copies."""
    rows = [{"of_source": source_id, "of_entry": entry_key} for source_id, entry_key in entries]
    if rows:
        connection.execute(_FORGET, rows)


def forget_articles(connection: Connection, numbers: Collection[int]) -> None:
    """Let go what was put away for the copies of some articles."""
    for part in chunks(numbers):
        lines = select(COPY.c.source_id, COPY.c.entry_key).where(
            COPY.c.article_id.in_(part), COPY.c.standing.is_(False)
        )
        forget(connection, [(row.source_id, row.entry_key) for row in connection.execute(lines)])


LET_STAND = (
    update(COPY)
    .where(COPY.c.article_id == bindparam("number"))
    .values(
        standing=and_(
            COPY.c.source_id == bindparam("of_source"), COPY.c.entry_key == bindparam("of_entry")
        )
    )
)
"""Of the copies of one article, the one that stands."""

_SHOW = (
    update(ARTICLE)
    .where(
        COPY.c.article_id == ARTICLE.c.id,
        COPY.c.standing,
        CONTENT.c.source_id == COPY.c.source_id,
        CONTENT.c.entry_key == COPY.c.entry_key,
        ARTICLE.c.removed_at.is_(None),
    )
    .values(
        **{name: CONTENT.c[name] for name in COLUMNS},
        source_id=COPY.c.source_id,
        content_hash=COPY.c.content_hash,
        text_hash=COPY.c.text_hash,
        published_at=case(
            (or_(ARTICLE.c.date_is_known, ~COPY.c.date_is_known), ARTICLE.c.published_at),
            else_=COPY.c.published_at,
        ),
        date_is_known=or_(ARTICLE.c.date_is_known, COPY.c.date_is_known),
    )
)
_FORGET = delete(CONTENT).where(
    CONTENT.c.source_id == bindparam("of_source"), CONTENT.c.entry_key == bindparam("of_entry")
)
