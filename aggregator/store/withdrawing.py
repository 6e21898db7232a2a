"""Takes articles back, for good: readers are told to forget them, and no source brings them back.

An article that is withdrawn is emptied as by retention; its lines of the ledger stay, so that what
its sources send again is known and shows nothing. Why so: docs/decisions/351.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, select, update

from aggregator.errors import StoreError
from aggregator.model.published import Withdrawal
from aggregator.store import contents, searching
from aggregator.store.database import insert
from aggregator.store.placing import mark_changed, place_again
from aggregator.store.rows import EMPTY_CONTENT, line
from aggregator.store.side_tables import WITHDRAWAL, WithdrawalRow
from aggregator.store.tables import ARTICLE, PLACEMENT


def withdraw(connection: Connection, token: str, why: str, now: datetime) -> Withdrawal:
    """Take back the article with this token.

    Raises:
        StoreError: there is none, or it was taken back before.
    """
    wanted = select(ARTICLE).where(ARTICLE.c.token == token, ARTICLE.c.removed_at.is_(None))
    row = connection.execute(wanted.with_for_update()).one_or_none()
    if row is None:
        raise StoreError(_why_not(connection, token))
    where = select(PLACEMENT.c.path).where(PLACEMENT.c.article_id == row.id)
    paths = sorted(connection.execute(where).scalars())
    remove(connection, [row.id], now)
    kept = Withdrawal(row.public_id, token, line(why), now, tuple(paths))
    columns = {
        "token": token,
        "public_id": kept.public_id,
        "why": kept.why,
        "withdrawn_at": now,
        "paths": paths,
    }
    connection.execute(insert(connection, WithdrawalRow), [columns])
    return kept


def _why_not(connection: Connection, token: str) -> str:
    if before := withdrawn(connection, token):
        return f"{token} was withdrawn before, on {before.withdrawn_at:%Y-%m-%d}: {before.why}"
    return f"{token}: there is no such article, or it was too old to be kept"


def remove(connection: Connection, numbers: list[int], now: datetime) -> None:
    """Empty articles and take them out of every category; keys and ledger stay."""
    emptied = update(ARTICLE).where(ARTICLE.c.id.in_(numbers))
    contents.forget_articles(connection, numbers)
    connection.execute(emptied.values(removed_at=now, **EMPTY_CONTENT))
    searching.forget(connection, numbers)
    mark_changed(connection, place_again(connection, numbers))


def withdrawn(connection: Connection, token: str) -> Withdrawal | None:
    """What is told of an article that was taken back; None of any other."""
    wanted = select(WITHDRAWAL).where(WITHDRAWAL.c.token == token)
    row = connection.execute(wanted).one_or_none()
    return None if row is None else _withdrawal(row)


def of_category(connection: Connection, path: str, limit: int) -> list[Withdrawal]:
    """The articles that were taken back out of a category, the latest first.

    They are few: nobody needs an index of where they stood.
    """
    order = (WITHDRAWAL.c.withdrawn_at.desc(), WITHDRAWAL.c.token)
    rows = connection.execute(select(WITHDRAWAL).order_by(*order)).all()
    return [_withdrawal(row) for row in rows if path in row.paths][:limit]


def _withdrawal(row: Row[Any]) -> Withdrawal:
    return Withdrawal(row.public_id, row.token, row.why, row.withdrawn_at, tuple(row.paths))
