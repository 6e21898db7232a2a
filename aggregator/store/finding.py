"""Finds articles by what people call them: token, public id, or the link of any copy."""

from __future__ import annotations

import re

from sqlalchemy import Connection, Row, Select, select

from aggregator.errors import StoreError
from aggregator.model.ledger import History
from aggregator.store import reading, withdrawing
from aggregator.store.rows import to_copy
from aggregator.store.tables import ARTICLE, COPY, PLACEMENT

_TOKEN = re.compile(r"[0-9a-f]{20}")
_COPY_NAME = re.compile(r"(?P<source>[^/]+)/(?P<key>[0-9a-f]{8,64})")
_MOST = 50


def tokens(connection: Connection, named: str) -> list[str]:
    """The articles that a token, a public id, or a link means; a link can be that of several.

    For an article that was merged into another one, that one's token.
    """
    public = select(ARTICLE).where(ARTICLE.c.token == named.rpartition(":")[2])
    if _TOKEN.fullmatch(named):
        return _now(connection, public)
    if named.startswith("tag:"):
        return _now(connection, public.where(ARTICLE.c.public_id == named))
    linked = (
        select(ARTICLE)
        .join(COPY, COPY.c.article_id == ARTICLE.c.id)
        .where(COPY.c.link == named, COPY.c.link != "")
        .order_by(ARTICLE.c.published_at.desc(), ARTICLE.c.id)
        .limit(_MOST)
    )
    return _now(connection, linked)


def _now(connection: Connection, wanted: Select[tuple[object, ...]]) -> list[str]:
    """The tokens of what these articles are now part of, each once."""
    found = dict[str, None]()
    for row in connection.execute(wanted):
        into = select(ARTICLE.c.token).where(ARTICLE.c.id == row.merged_into)
        found[connection.execute(into).scalar_one() if row.merged_into else row.token] = None
    return list(found)


def history(connection: Connection, token: str) -> History | None:
    """All that is known of an article, also of one that was emptied."""
    wanted = select(ARTICLE).where(ARTICLE.c.token == token)
    row = connection.execute(wanted).one_or_none()
    if row is None:
        return None
    copies = reading.copies(connection, token)
    direct = select(PLACEMENT.c.path).where(PLACEMENT.c.article_id == row.id, PLACEMENT.c.direct)
    others = select(ARTICLE.c.token).where(
        ARTICLE.c.merged_into.is_not(None), ARTICLE.c.merged_into == row.id
    )
    same_title = (
        select(ARTICLE.c.token)
        .where(ARTICLE.c.title_key == row.title_key, ARTICLE.c.title_key != "")
        .where(ARTICLE.c.id != row.id, ARTICLE.c.merged_into.is_(None))
        .order_by(ARTICLE.c.published_at.desc(), ARTICLE.c.id)
        .limit(_MOST)
    )
    return History(
        public_id=row.public_id,
        token=row.token,
        title=row.title or next((copy.title for copy in copies if copy.standing), ""),
        published_at=row.published_at,
        date_is_known=row.date_is_known,
        first_seen_at=row.first_seen_at,
        removed_at=row.removed_at,
        paths=tuple(sorted(connection.execute(direct).scalars())),
        copies=tuple(copies),
        others=tuple(sorted(connection.execute(others).scalars())),
        same_title=tuple(connection.execute(same_title).scalars()),
        withdrawn=withdrawing.withdrawn(connection, token),
    )


def copy_named(connection: Connection, named: str) -> Row[tuple[object, ...]]:
    """The line of the ledger that `source/key` (as `why` shows it) or a link means.

    Raises:
        StoreError: there is none, or there are several.
    """
    if found := _COPY_NAME.fullmatch(named):
        first = found["key"]
        of_name = select(COPY).where(
            COPY.c.source_id == found["source"],
            COPY.c.entry_key >= first,
            COPY.c.entry_key <= first.ljust(64, "f"),
        )
    else:
        of_name = select(COPY).where(COPY.c.link == named, COPY.c.link != "")
    rows = connection.execute(of_name.order_by(COPY.c.source_id, COPY.c.entry_key).limit(9)).all()
    if not rows:
        raise StoreError(f"{named}: there is no such copy; `aggregator why` shows their names")
    if len(rows) > 1:
        names = ", ".join(to_copy(row).name for row in rows)
        raise StoreError(f"{named}: several copies have this link; name one of {names}")
    return rows[0]
