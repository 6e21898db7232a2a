"""What the store knows that a batch of articles is decided by: indexed queries, reading only."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from datetime import datetime
from functools import cache, lru_cache
from typing import Any

from sqlalchemy import Connection, Row, Select, and_, bindparam, func, select

from aggregator.model.known import Known, KnownCopy, KnownEntry, Wanted
from aggregator.store.asking import among, pair_values, pairs, values
from aggregator.store.database import Database
from aggregator.store.ledger_reader import LedgerAddress, LedgerReader, ledger_reader
from aggregator.store.rows import to_known_entry
from aggregator.store.tables import ALIAS, ARTICLE, COPY
from aggregator.text.markup import plain_text

COPIES_PER_TITLE = 100
"""Copies of one title that a decision sees, the newest: a daily title may have thousands."""
COPIES_BETWEEN = 2000
"""Copies of any title that a decision sees, the newest between the times that it asks for."""
LONGEST_TEXT = 20_000
"""Characters of an article that a decision compares."""

EntryId = tuple[str, str]
Numbers = dict[str, int]
"""Row numbers of articles, by story key."""

_ENTRY = (
    "source_id",
    "entry_key",
    "entry_hash",
    "content_hash",
    "title_key",
    "text_hash",
    "published_at",
    "date_is_known",
    "standing",
    "document",
    "article_id",
)
_COPIES = (
    COPY.c.source_id,
    COPY.c.entry_key,
    COPY.c.title_key,
    COPY.c.published_at,
    COPY.c.text_hash,
    COPY.c.text_length,
    COPY.c.standing,
    COPY.c.split_from,
    COPY.c.article_id,
    COPY.c.first_seen_at,
)


@cache
def _of_entries(kind: str) -> Select[Any]:
    """The entries that are `asked` for, by source and key; `kind` is the database's name."""
    asked = pairs(kind, "asked")
    columns = (COPY.c[name] for name in _ENTRY)
    return (
        select(*columns, ARTICLE.c.story_key)
        .join(ARTICLE, ARTICLE.c.id == COPY.c.article_id)
        .join(asked, and_(COPY.c.source_id == asked.c.first, COPY.c.entry_key == asked.c.second))
    )


@cache
def _founded(kind: str) -> Select[Any]:
    """How many articles were founded under each title that is `asked` for, how many merged."""
    counts = func.count(), func.count(ARTICLE.c.merged_into)
    of_titles = among(kind, ARTICLE.c.title_key, "asked")
    return select(ARTICLE.c.title_key, *counts).where(of_titles).group_by(ARTICLE.c.title_key)


@cache
def _newest_of_titles(kind: str) -> Select[Any]:
    """Of each title that is `asked` for the newest copies."""
    newest = (COPY.c.published_at.desc(), COPY.c.source_id, COPY.c.entry_key)
    rank = func.row_number().over(partition_by=COPY.c.title_key, order_by=newest).label("rank")
    of_titles = among(kind, COPY.c.title_key, "asked")
    ranked = select(*_COPIES, rank).where(of_titles).subquery()
    return select(ranked).where(ranked.c.rank <= COPIES_PER_TITLE)


@cache
def _told(kind: str) -> Select[Any]:
    """What the articles that are `asked` for say."""
    texts = select(ARTICLE.c.id, ARTICLE.c.story_key, ARTICLE.c.body, ARTICLE.c.summary)
    return texts.where(among(kind, ARTICLE.c.id, "asked"))


@cache
def _named(kind: str) -> Select[Any]:
    """The entry keys behind the aliases of a source that are `asked` for."""
    of_source = ALIAS.c.source_id == bindparam("of_source")
    named = select(ALIAS.c.alias, ALIAS.c.entry_key)
    return named.where(of_source, among(kind, ALIAS.c.alias, "asked"))


def load_known(connection: Connection, wanted: Wanted) -> tuple[Known, Numbers]:
    """What is known of what is wanted, and the row numbers of the articles in it."""
    entries, numbers = _load_entries(connection, wanted.entries)
    rows = _copies_by_title(connection, wanted.title_keys)
    if wanted.between:
        rows = [*rows, *_copies_between(connection, *wanted.between)]
    copies, more_numbers = _with_texts(connection, rows)
    ordinals, merged = _load_ordinals(connection, wanted.title_keys)
    return Known(entries, copies, ordinals, merged), {**numbers, **more_numbers}


def _load_entries(
    connection: Connection, wanted: Collection[EntryId]
) -> tuple[dict[EntryId, KnownEntry], Numbers]:
    """Those of the wanted entries that are in the ledger."""
    if not wanted:
        return {}, {}
    kind = connection.dialect.name
    rows = connection.execute(_of_entries(kind), pair_values(kind, "asked", wanted)).all()
    entries = {(row.source_id, row.entry_key): to_known_entry(row) for row in rows}
    return entries, {row.story_key: row.article_id for row in rows}


def _load_ordinals(
    connection: Connection, title_keys: Collection[str]
) -> tuple[dict[str, int], dict[str, int]]:
    """How many articles were founded under each title, and how many of them were merged."""
    if not title_keys:
        return {}, {}
    kind = connection.dialect.name
    rows = connection.execute(_founded(kind), values(kind, "asked", title_keys)).all()
    return {key: founded for key, founded, _ in rows}, {key: gone for key, _, gone in rows}


def _copies_by_title(connection: Connection, title_keys: Collection[str]) -> list[Row[Any]]:
    """The copies that carry these titles now, of each title the newest."""
    if not title_keys:
        return []
    kind = connection.dialect.name
    return list(connection.execute(_newest_of_titles(kind), values(kind, "asked", title_keys)))


def _copies_between(connection: Connection, first: datetime, last: datetime) -> list[Row[Any]]:
    """The copies published between two times, the newest."""
    between: Select[Any] = select(*_COPIES).where(COPY.c.published_at.between(first, last))
    newest = between.where(COPY.c.title_key != "").order_by(COPY.c.published_at.desc())
    return list(connection.execute(newest.limit(COPIES_BETWEEN)))


def _with_texts(
    connection: Connection, rows: Sequence[Row[Any]]
) -> tuple[dict[str, tuple[KnownCopy, ...]], Numbers]:
    """The copies by title key, in the order in which they came."""
    each_once = {(row.source_id, row.entry_key): row for row in rows}
    texts = _texts(connection, {row.article_id for row in rows})
    copies = defaultdict[str, list[KnownCopy]](list)
    order = sorted(each_once.items(), key=lambda item: (item[1].first_seen_at, item[0]))
    for _, row in order:
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
                standing=row.standing,
                text_length=row.text_length,
                split_from=row.split_from or "",
            )
        )
    found = {title_key: tuple(each) for title_key, each in copies.items()}
    return found, {story_key: number for number, (story_key, _) in texts.items()}


def _texts(connection: Connection, numbers: Collection[int]) -> dict[int, tuple[str, str]]:
    """Story key and plain text of some articles."""
    if not numbers:
        return {}
    kind = connection.dialect.name
    return {
        row.id: (row.story_key, _text(row.body) or row.summary[:LONGEST_TEXT])
        for row in connection.execute(_told(kind), values(kind, "asked", numbers))
    }


@lru_cache(maxsize=2048)  # titles that come again and again meet the same bodies each time
def _text(body: str) -> str:
    return plain_text(body).strip()[:LONGEST_TEXT]


def known_entries(
    connection: Connection, source_id: str, keys: Iterable[str]
) -> Mapping[str, KnownEntry]:
    """Those of a source's entries that are in the ledger, by the key or alias asked for."""
    wanted = set(keys)
    entries, _ = _load_entries(connection, [(source_id, key) for key in wanted])
    found = {key: entry for (_, key), entry in entries.items()}
    aliases = _aliases(connection, source_id, wanted - found.keys())
    named, _ = _load_entries(connection, {(source_id, key) for key in aliases.values()})
    return {**found, **{alias: named[source_id, key] for alias, key in aliases.items()}}


def _aliases(connection: Connection, source_id: str, keys: Collection[str]) -> dict[str, str]:
    """The entry key that each alias stands for."""
    if not keys:
        return {}
    kind = connection.dialect.name
    asked = {"of_source": source_id, **values(kind, "asked", keys)}
    return dict(connection.execute(_named(kind), asked).all())


class EntryReader:
    """Looks up known entries here, by the connections of this process.

    Sent to another process it arrives as a `LedgerReader`, which can be had without SQLAlchemy.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    def known_entries(self, source_id: str, entry_keys: Iterable[str]) -> Mapping[str, KnownEntry]:
        """Those of the given entry keys that are known, by key.

        Raises:
            StoreError: the database cannot be read.
        """
        keys = list(entry_keys)
        return self._database.read(lambda connection: known_entries(connection, source_id, keys))

    def __reduce__(self) -> tuple[Callable[[LedgerAddress], LedgerReader], tuple[LedgerAddress]]:
        return ledger_reader, (self._database.ledger_address,)
