"""Documents of folder sources: their change stamps, and what vanishes and returns with them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from sqlalchemy import Connection, delete, select, text, update

from aggregator.model.results import Digest
from aggregator.store.database import chunks, insert
from aggregator.store.rows import line
from aggregator.store.tables import COPY, DOCUMENT, DocumentRow

_IN_A_DOCUMENT = text("document <> ''")  # as the index `copy_by_document` says it


def stamps(connection: Connection, source_id: str) -> Mapping[str, str]:
    """The change stamps of a source's documents, by name."""
    wanted = select(DOCUMENT.c.name, DOCUMENT.c.stamp).where(DOCUMENT.c.source_id == source_id)
    return dict(connection.execute(wanted).all())


def record(connection: Connection, digests: Sequence[Digest]) -> set[int]:
    """Note stamps, and what vanished; returns the articles whose copies went or came back."""
    rows = [
        {"source_id": digest.source_id, "name": line(name), "stamp": line(stamp)}
        for digest in digests
        for name, stamp in digest.stamps.items()
    ]
    if rows:
        statement = insert(connection, DocumentRow)
        stamp = {"stamp": statement.excluded.stamp}
        known = {"index_elements": ["source_id", "name"], "set_": stamp}
        connection.execute(statement.on_conflict_do_update(**known), rows)
    articles = set[int]()
    for digest in digests:
        articles |= _turn(connection, digest.source_id, list(digest.stamps), is_present=True)
        articles |= _forget(connection, digest)
    return articles


def _forget(connection: Connection, digest: Digest) -> set[int]:
    for part in chunks(digest.vanished):
        named = (DOCUMENT.c.source_id == digest.source_id, DOCUMENT.c.name.in_(part))
        connection.execute(delete(DOCUMENT).where(*named))
    return _turn(connection, digest.source_id, digest.vanished, is_present=False)


def _turn(
    connection: Connection, source_id: str, names: Sequence[str], *, is_present: bool
) -> set[int]:
    """Say of the copies from these documents whether they are there; returns their articles."""
    articles = set[int]()
    for part in chunks(names):
        copies = (COPY.c.source_id == source_id, COPY.c.document.in_(part), _IN_A_DOCUMENT)
        turned = update(COPY).where(*copies, COPY.c.is_present.is_(not is_present))
        statement = turned.values(is_present=is_present).returning(COPY.c.article_id)
        articles.update(connection.execute(statement).scalars())
    return articles
