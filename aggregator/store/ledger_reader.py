"""Which entries are known, asked by a worker process: one statement, by the driver itself.

A worker asks the database nothing else, and loading SQLAlchemy for it was half of what a worker
cost to start. What is written here about the tables is held to `tables` by the tests of the store,
on both databases. Reads only; not for threads, because a connection is kept between questions.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from types import ModuleType
from typing import Any, NamedTuple

from aggregator.errors import StoreError
from aggregator.store.troubles import in_words

_KNOWN = """
SELECT copy.entry_key, copy.entry_key, copy.entry_hash, copy.document
FROM copy
WHERE copy.source_id = {source} AND copy.entry_key {is_asked}
UNION ALL
SELECT alias.alias, copy.entry_key, copy.entry_hash, copy.document
FROM alias
JOIN copy ON copy.source_id = alias.source_id AND copy.entry_key = alias.entry_key
WHERE alias.source_id = {source} AND alias.alias {is_asked}
"""
STATEMENTS = {
    "sqlite": _KNOWN.format(
        source=":source", is_asked="IN (SELECT asked.value FROM json_each(:keys) AS asked)"
    ),
    "postgresql": _KNOWN.format(source="%(source)s", is_asked="= ANY(%(keys)s)"),
}


@dataclass(frozen=True)
class LedgerAddress:
    """How a driver connects: plain data, hashable, for another process.

    `kind` is SQLAlchemy's name of the database; `shown` may be shown: it has no password.
    """

    kind: str
    options: tuple[tuple[str, Any], ...]
    shown: str


class SeenEntry(NamedTuple):
    """An `EntryMark` as it lies in the ledger."""

    entry_key: str
    entry_hash: str
    document: str


class LedgerReader:
    """Looks up entries of a source by one connection, which is made when it is needed."""

    def __init__(self, where: LedgerAddress) -> None:
        self._where = where
        self._driver = _driver(where.kind)
        self._connection: Any = None

    def known_entries(self, source_id: str, entry_keys: Iterable[str]) -> Mapping[str, SeenEntry]:
        """Those of the given keys that are known, by key; see `KnownEntries`.

        Raises:
            StoreError: the database cannot be read.
        """
        keys = list(entry_keys)
        asked = json.dumps(keys) if self._where.kind == "sqlite" else keys
        found = dict[str, SeenEntry]()
        for key, *entry in self._rows({"source": source_id, "keys": asked}):
            seen = SeenEntry(*entry)
            if seen.entry_key == key or key not in found:  # an entry's own key before an alias
                found[key] = seen
        return found

    def _rows(self, values: Mapping[str, object]) -> list[tuple[str, ...]]:
        was_connected = self._connection is not None
        try:
            return self._ask(values)
        except self._driver.Error as error:
            self.close()
            if not was_connected:
                raise StoreError(f"{self._where.shown}: {in_words(error)}") from error
        return self._rows(values)  # the server may have been restarted since the last question

    def _ask(self, values: Mapping[str, object]) -> list[tuple[str, ...]]:
        if self._connection is None:
            self._connection = self._driver.connect(**dict(self._where.options))
        rows: list[tuple[str, ...]] = self._connection.execute(
            STATEMENTS[self._where.kind], values
        ).fetchall()
        return rows

    def close(self) -> None:
        """Give the connection back; the next question makes another one."""
        if self._connection is not None:
            self._connection.close()
        self._connection = None


@lru_cache(maxsize=1)  # one for the whole process, so that a task does not connect anew
def ledger_reader(where: LedgerAddress) -> LedgerReader:
    """The reader of this process for the database at an address."""
    return LedgerReader(where)


def _driver(kind: str) -> ModuleType:
    """The driver of a database; each is loaded only where it is spoken to."""
    if kind == "sqlite":
        import sqlite3

        return sqlite3
    import psycopg

    return psycopg
