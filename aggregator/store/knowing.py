"""What the store knows that a batch of articles is decided by: indexed queries, reading only."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field

from sqlalchemy import Connection, func, select, tuple_

from aggregator.model.known import KnownCopy, KnownEntry
from aggregator.store.database import Database, chunks
from aggregator.store.rows import to_known_entry
from aggregator.store.tables import ARTICLE, COPY
from aggregator.text.markup import plain_text

COPIES_PER_TITLE = 100
"""Copies of one title that a decision sees, the newest: a daily title may have thousands."""

EntryId = tuple[str, str]


@dataclass(frozen=True)
class KnownEntries:
    """Entries that became articles, and the row numbers of these by story key."""

    entries: dict[EntryId, KnownEntry] = field(default_factory=dict)
    articles: dict[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class KnownTitles:
    """Copies that carry some titles, and the row numbers of their articles by story key."""

    copies: dict[str, tuple[KnownCopy, ...]] = field(default_factory=dict)
    ordinals: dict[str, int] = field(default_factory=dict)
    articles: dict[str, int] = field(default_factory=dict)


_ENTRIES = select(
    COPY.c.source_id,
    COPY.c.entry_key,
    COPY.c.entry_hash,
    COPY.c.content_hash,
    COPY.c.title_key,
    COPY.c.text_hash,
    COPY.c.published_at,
    COPY.c.date_is_known,
    COPY.c.standing,
    COPY.c.article_id,
    ARTICLE.c.story_key,
).join(ARTICLE, ARTICLE.c.id == COPY.c.article_id)


def load_entries(connection: Connection, wanted: Collection[EntryId]) -> KnownEntries:
    """Those of the wanted entries that are in the ledger."""
    known = KnownEntries()
    for part in chunks(wanted):
        found = _ENTRIES.where(tuple_(COPY.c.source_id, COPY.c.entry_key).in_(part))
        for row in connection.execute(found):
            known.entries[row.source_id, row.entry_key] = to_known_entry(row)
            known.articles[row.story_key] = row.article_id
    return known


def load_titles(connection: Connection, title_keys: Collection[str]) -> KnownTitles:
    """The copies that carry these titles now, and how many articles were founded under them."""
    known = KnownTitles()
    for part in chunks(title_keys):
        counted = (
            select(ARTICLE.c.title_key, func.count())
            .where(ARTICLE.c.title_key.in_(part))
            .group_by(ARTICLE.c.title_key)
        )
        known.ordinals.update(dict(connection.execute(counted).tuples().all()))
        copies, articles = _copies(connection, part)
        known.copies.update(copies)
        known.articles.update(articles)
    return known


def _copies(
    connection: Connection, title_keys: Collection[str]
) -> tuple[dict[str, tuple[KnownCopy, ...]], dict[str, int]]:
    newest = (COPY.c.published_at.desc(), COPY.c.source_id, COPY.c.entry_key)
    rank = func.row_number().over(partition_by=COPY.c.title_key, order_by=newest).label("rank")
    ranked = (
        select(
            COPY.c.source_id,
            COPY.c.entry_key,
            COPY.c.title_key,
            COPY.c.published_at,
            COPY.c.text_hash,
            COPY.c.article_id,
            COPY.c.first_seen_at,
            rank,
        )
        .where(COPY.c.title_key.in_(title_keys))
        .subquery()
    )
    order = (ranked.c.first_seen_at, ranked.c.source_id, ranked.c.entry_key)
    rows = connection.execute(
        select(ranked).where(ranked.c.rank <= COPIES_PER_TITLE).order_by(*order)
    ).all()
    texts = _texts(connection, {row.article_id for row in rows})
    copies = defaultdict[str, list[KnownCopy]](list)
    for row in rows:
        story_key, text = texts[row.article_id]
        copies[row.title_key].append(
            KnownCopy(
                source_id=row.source_id,
                entry_key=row.entry_key,
                title_key=row.title_key,
                story_key=story_key,
                published_at=row.published_at,
                text_hash=row.text_hash,
                text=text,
            )
        )
    found = {title_key: tuple(each) for title_key, each in copies.items()}
    return found, {story_key: number for number, (story_key, _) in texts.items()}


def _texts(connection: Connection, article_ids: Collection[int]) -> dict[int, tuple[str, str]]:
    """Story key and plain text of some articles."""
    texts: dict[int, tuple[str, str]] = {}
    wanted = select(ARTICLE.c.id, ARTICLE.c.story_key, ARTICLE.c.body)
    for part in chunks(article_ids):
        for row in connection.execute(wanted.where(ARTICLE.c.id.in_(part))):
            texts[row.id] = (row.story_key, plain_text(row.body))
    return texts


def known_entries(
    connection: Connection, source_id: str, entry_keys: Iterable[str]
) -> Mapping[str, KnownEntry]:
    """Those of a source's entries that are in the ledger, by entry key."""
    known = load_entries(connection, [(source_id, key) for key in entry_keys])
    return {key: entry for (_, key), entry in known.entries.items()}


class EntryReader:
    """Looks up known entries from another process: travels as an address, connects when used."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._database: Database | None = None

    def known_entries(self, source_id: str, entry_keys: Iterable[str]) -> Mapping[str, KnownEntry]:
        """Those of the given entry keys that are known, by key.

        Raises:
            StoreError: the database cannot be read.
        """
        if self._database is None:
            self._database = Database(self._url)
        keys = list(entry_keys)
        return self._database.read(lambda connection: known_entries(connection, source_id, keys))

    def __getstate__(self) -> dict[str, object]:
        return {"_url": self._url, "_database": None}
