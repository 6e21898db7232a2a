"""The question of a worker process, which has no SQLAlchemy, on both databases."""

from __future__ import annotations

import json
import pickle
import re
import subprocess
import sys
from collections.abc import Iterator, Mapping

import pytest
from sqlalchemy import text
from sqlalchemy.engine import make_url

from aggregator.errors import StoreError
from aggregator.model.known import EntryMark
from aggregator.store.ledger_reader import STATEMENTS, LedgerReader, ledger_reader
from aggregator.store.store import Store
from aggregator.text.hashing import fingerprint
from tests.support.outcomes import NOON, article, decide, outcome
from tests.support.postgres import connect, end_sessions

_HEAVY = ("sqlalchemy", "sqlmodel", "alembic", "requests", "typer", "structlog", "rich", "bleach")


@pytest.fixture
def reader(ready: Store) -> Iterator[LedgerReader]:
    """The reader of a worker process."""
    made = LedgerReader(ready._database.ledger_address)
    yield made
    made.close()


def test_a_reader_that_was_sent_away_gives_what_the_store_gives(
    ready: Store, reader: LedgerReader
) -> None:
    """Keys, aliases, an alias that is another entry's key, unknown keys, other sources."""
    first = article(document="a.md", aliases=("link", "flood"))
    second = article("flood", aliases=("link", "free"))
    for each in (first, second):
        ready.record([outcome(each)], decide(), NOON)
    names = ("storm", "flood", "link", "free", "unknown")
    keys = [fingerprint("id", name) for name in names]
    for source_id in ("wire", "echo"):
        wanted = ready.known_entries(source_id, keys)
        assert _marks(reader.known_entries(source_id, keys)) == _marks(wanted)
    assert len(reader.known_entries("wire", keys)) == 4
    assert reader.known_entries("wire", []) == {}


def _marks(found: Mapping[str, EntryMark]) -> dict[str, tuple[str, str, str]]:
    return {key: (each.entry_key, each.entry_hash, each.document) for key, each in found.items()}


def test_the_question_goes_by_indexes(ready: Store, database_kind: str) -> None:
    """No table is read whole, however many entries a source has."""
    is_postgres = database_kind == "postgres"
    statement = STATEMENTS["postgresql" if is_postgres else "sqlite"]
    values = {"source": "wire", "keys": ["0" * 64] if is_postgres else json.dumps(["0" * 64])}
    with ready._database.engine.connect() as connection:
        cursor = connection.connection.cursor()
        if is_postgres:
            cursor.execute("SET LOCAL enable_seqscan = off")
        cursor.execute(f"EXPLAIN {'' if is_postgres else 'QUERY PLAN '}{statement}", values)
        plan = "\n".join(str(row[-1]) for row in cursor.fetchall())
    assert not re.search(r"Seq Scan|SCAN (copy|alias)\b", plan), plan


def test_a_reader_travels_as_an_address(ready: Store) -> None:
    """What is sent is plain data, and one reader serves all that comes to a process."""
    sent = pickle.dumps(ready.entry_reader())
    arrived = pickle.loads(sent)
    try:
        assert arrived is pickle.loads(sent)
        assert arrived.known_entries("wire", ["0" * 64]) == {}
    finally:
        arrived.close()
        ledger_reader.cache_clear()


def test_a_server_that_was_restarted_is_asked_again(
    ready: Store, ready_url: str, database_kind: str, reader: LedgerReader
) -> None:
    """A connection that broke between two questions is made anew, without an error."""
    key = article().entry.entry_key
    ready.record([outcome(article())], decide(), NOON)
    assert set(reader.known_entries("wire", [key])) == {key}
    if database_kind == "postgres":
        with connect(make_url(ready_url)) as other:
            end_sessions(other)
    else:
        reader._connection.close()
    assert set(reader.known_entries("wire", [key])) == {key}


def test_tables_that_are_missing_are_told(ready: Store, reader: LedgerReader) -> None:
    """A refusal comes as a StoreError of one line, also on a connection that had worked."""
    reader.known_entries("wire", [])
    ready._database.write(lambda connection: connection.execute(text("DROP TABLE alias")))
    for _ in range(2):
        with pytest.raises(StoreError, match=r"^database .*alias") as caught:
            reader.known_entries("wire", ["0" * 64])
        assert "\n" not in str(caught.value)
        assert "SELECT" not in str(caught.value)


def test_a_worker_loads_no_more_than_it_needs() -> None:
    """What a worker process runs is imported without the libraries of the rest of the service."""
    code = (
        "import sys, aggregator.ingest.digest, aggregator.ingest.workers, aggregator.sources as s\n"
        "import aggregator.store.ledger_reader, aggregator.sources.article_page; s.kinds()\n"
        f"print(*[name for name in {_HEAVY!r} if name in sys.modules])"
    )
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert ran.stdout.strip() == ""
