"""When a source's ids prove useless, its entries are recognised by something else from then on.

The entries that it shows on that day must not be taken for new ones. So their lines in the ledger
are found by what the new rule goes by, and get the key that the entry has from then on.
"""

from __future__ import annotations

from collections.abc import Hashable, Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, bindparam, select, update

from aggregator.model.pages import IdentityRule
from aggregator.model.results import Digest
from aggregator.store.rows import Columns, address, line
from aggregator.store.tables import COPY, SOURCE

_FALL = (IdentityRule.GUID, IdentityRule.LINK, IdentityRule.TITLE_AND_DATE)


def follow(
    connection: Connection, digests: Sequence[Digest], sources: Mapping[str, Row[Any]]
) -> None:
    """Give known entries their new keys where a source's identity fell to another rule."""
    for digest in digests:
        before = IdentityRule(sources[digest.source_id].identity)
        if _FALL.index(digest.identity) > _FALL.index(before):
            _rekey(connection, digest)
            source = update(SOURCE).where(SOURCE.c.id == digest.source_id)
            connection.execute(source.values(identity=digest.identity.value))


def _rekey(connection: Connection, digest: Digest) -> None:
    copies = connection.execute(
        select(
            COPY.c.entry_key,
            COPY.c.link,
            COPY.c.title,
            COPY.c.published_at,
            COPY.c.date_is_known,
            COPY.c.standing,
            COPY.c.first_seen_at,
        ).where(COPY.c.source_id == digest.source_id)
    ).all()
    renamed = _new_keys(digest, copies)
    if renamed:
        named = (COPY.c.source_id == digest.source_id, COPY.c.entry_key == bindparam("old_key"))
        connection.execute(
            update(COPY).where(*named).values(entry_key=bindparam("new_key")), renamed
        )


def _new_keys(digest: Digest, copies: Sequence[Row[*tuple[Any, ...]]]) -> list[Columns]:
    """Old and new key of every line that an entry of the digest is recognised in.

    Of several lines that look the same, the one whose content the article shows is taken, then the
    newest; of several entries that look the same, the first.
    """
    rule = digest.identity
    lines: dict[Hashable, str] = {}
    for copy in sorted(copies, key=lambda each: (each.standing, each.first_seen_at)):
        what = _looks(
            rule, copy.link, copy.title, copy.published_at if copy.date_is_known else None
        )
        lines[what] = copy.entry_key
    lines.pop(None, None)
    taken = {copy.entry_key for copy in copies}
    renamed = list[Columns]()
    for article in digest.articles:
        date = article.published_at if article.date_is_known else None
        new = article.entry.entry_key
        what = _looks(rule, address(article.link), line(article.title), date)
        if what in lines and new not in taken:
            renamed.append({"old_key": lines.pop(what), "new_key": new})
            taken.add(new)
    return renamed


def _looks(rule: IdentityRule, link: str, title: str, date: datetime | None) -> Hashable:
    """What an entry is recognised by under a rule; None when it has nothing of the kind."""
    if rule is IdentityRule.LINK:
        return link or None
    return (title, date) if title else None
