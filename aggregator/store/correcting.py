"""Puts right by hand what dedupe got wrong, for good: see docs/decisions/330.

A correction lies in the ledger itself: whose copy a line is, that a person decided it and when,
what a copy was split from, and which article another one became part of. Nothing that is read
later moves a line, so nothing has to be repeated.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, func, or_, select, update

from aggregator.errors import StoreError
from aggregator.model.articles import DecidedBy
from aggregator.store import contents, finding, searching
from aggregator.store.database import insert
from aggregator.store.electing import elect
from aggregator.store.naming import public_id, token_of
from aggregator.store.placing import mark_changed, place_again
from aggregator.store.rows import EMPTY_CONTENT, Columns
from aggregator.store.side_tables import CONTENT
from aggregator.store.tables import ARTICLE, COPY, SOURCE, ArticleRow
from aggregator.text.hashing import fingerprint


def split(connection: Connection, named: str, now: datetime, authority: str) -> tuple[str, str]:
    """Make a copy an article of its own; returns the tokens of the one that it left, and its own.

    Raises:
        StoreError: there is no such copy, it is the only one, or its content is gone.
    """
    _stop_others(connection)
    copy = finding.copy_named(connection, named)
    old = connection.execute(select(ARTICLE).where(ARTICLE.c.id == copy.article_id)).one()
    _refuse_to_split(connection, named, copy, old)
    if copy.standing:
        contents.put_away_shown(connection, [old.id])
    number = _found(connection, copy, old, authority)
    decided = {"decided_by": DecidedBy.BY_HAND.value, "decided_at": now}
    moved = {"article_id": number, "standing": False, "split_from": old.story_key, **decided}
    connection.execute(update(COPY).where(*_is(copy)).values(**moved))
    _settle(connection, {old.id, number})
    return old.token, token_of(_story_key(copy))


def merge(connection: Connection, one: str, other: str, now: datetime) -> tuple[str, str]:
    """Make two articles one, by their tokens; returns that of the one that stays, and the other's.

    Raises:
        StoreError: one of them is not there any more, or they are one already.
    """
    _stop_others(connection)
    rows = [_article(connection, each) for each in (one, other)]
    older, younger = sorted(rows, key=lambda row: (row.first_seen_at, row.id))
    if older.id == younger.id:
        raise StoreError(f"{one} and {other} are one article already")
    contents.put_away_shown(connection, [younger.id])
    decided = {"decided_by": DecidedBy.BY_HAND.value, "decided_at": now}
    moved = {"article_id": older.id, "standing": False, **decided}
    connection.execute(update(COPY).where(COPY.c.article_id == younger.id).values(**moved))
    apart = COPY.c.split_from.in_([older.story_key, younger.story_key])
    together = update(COPY).where(COPY.c.article_id == older.id, apart)
    connection.execute(together.values(split_from=None))
    part_of = {"merged_into": older.id, "removed_at": now, **EMPTY_CONTENT}
    parts = or_(ARTICLE.c.id == younger.id, ARTICLE.c.merged_into == younger.id)
    connection.execute(update(ARTICLE).where(parts).values(**part_of))
    searching.forget(connection, [younger.id])
    _settle(connection, {older.id, younger.id})
    return older.token, younger.token


def _stop_others(connection: Connection) -> None:
    """Let nobody store anything until we are done: whoever stores locks its sources first."""
    connection.execute(select(SOURCE.c.id).order_by(SOURCE.c.id).with_for_update()).all()


def _settle(connection: Connection, numbers: set[int]) -> None:
    """Elect and place anew, and have the feeds concerned published again."""
    touched = elect(connection, numbers)
    mark_changed(connection, touched | place_again(connection, numbers))


def _refuse_to_split(connection: Connection, named: str, copy: Row[Any], old: Row[Any]) -> None:
    """Raises StoreError where a copy cannot become an article of its own."""
    count = select(func.count()).where(COPY.c.article_id == old.id)
    if connection.execute(count).scalar_one() == 1:
        raise StoreError(f"{named}: it is the only copy of article {old.token}")
    kept = select(CONTENT.c.source_id).where(
        CONTENT.c.source_id == copy.source_id, CONTENT.c.entry_key == copy.entry_key
    )
    is_here = old.removed_at is None and (copy.standing or connection.execute(kept).first())
    if not is_here:
        raise StoreError(f"{named}: what it said is not in the database any more")


def _found(connection: Connection, copy: Row[Any], old: Row[Any], authority: str) -> int:
    """The row of the article that a copy makes, whose content comes with the election.

    The key follows from the copy, so that one that was split, merged and split again is the same
    article each time.
    """
    story_key = _story_key(copy)
    own: Columns = {
        **{name: getattr(old, name) for name in contents.COLUMNS},
        **EMPTY_CONTENT,
        "source_id": copy.source_id,
        "title_key": copy.title_key,
        "published_at": copy.published_at,
        "date_is_known": copy.date_is_known,
        "content_hash": copy.content_hash,
        "text_hash": copy.text_hash,
        "removed_at": None,
        "merged_into": None,
    }
    new = {
        **own,
        "story_key": story_key,
        "token": token_of(story_key),
        "public_id": public_id(authority, copy.published_at, story_key),
        "first_seen_at": copy.first_seen_at,
    }
    statement = insert(connection, ArticleRow).values(**new)
    again = statement.on_conflict_do_update(index_elements=["story_key"], set_=own)
    return int(connection.execute(again.returning(ARTICLE.c.id)).scalar_one())


def _story_key(copy: Row[Any]) -> str:
    return fingerprint("split", copy.source_id, copy.entry_key)


def _is(copy: Row[Any]) -> tuple[Any, Any]:
    return COPY.c.source_id == copy.source_id, COPY.c.entry_key == copy.entry_key


def _article(connection: Connection, token: str) -> Row[Any]:
    """An article that is there.

    Raises:
        StoreError: it is not.
    """
    wanted = select(ARTICLE).where(ARTICLE.c.token == token, ARTICLE.c.removed_at.is_(None))
    row = connection.execute(wanted).one_or_none()
    if row is None:
        raise StoreError(f"{token}: there is no such article, or it was too old to be kept")
    return row
