from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from alembic import command
from alembic.script import ScriptDirectory
from sqlalchemy import text

from aggregator.errors import DatabaseNewerError, StoreError
from aggregator.store.database import Database
from aggregator.store.opening import SchemaState, alembic_config, revisions, schema_state
from aggregator.store.store import open_store

_SOURCE = """
INSERT INTO source (id, active, title, spec_hash, categories, next_due_at, interval_seconds, etag,
    last_modified, body_hash, failures, last_error, moved_to, gone, identity, origin)
VALUES ('{name}', true, '', '', '[]', '2026-11-23 12:00:00', 3600, '', '', '{body_hash}', 0, '',
    '', false, 'guid', '[]')
"""


def _execute(url: str, statement: str) -> None:
    database = Database(url)
    database.write(lambda connection: connection.execute(text(statement)) and None)
    database.close()


def test_an_empty_database_is_brought_up_to_date(empty_url: str) -> None:
    """Opening makes the tables; the state before and after is told without changing anything."""
    assert schema_state(empty_url) is SchemaState.MISSING
    assert schema_state(empty_url) is SchemaState.MISSING
    open_store(empty_url, "feeds.example").close()
    assert schema_state(empty_url) is SchemaState.CURRENT


def test_opening_twice_changes_nothing(database_url: str) -> None:
    """A database that is current is opened as it is."""
    open_store(database_url, "feeds.example").close()
    assert schema_state(database_url) is SchemaState.CURRENT


def test_tables_and_migrations_say_the_same(database_url: str) -> None:
    """Alembic finds nothing to do between the migrated database and the tables."""
    database = Database(database_url)
    database.write(lambda connection: command.check(alembic_config(connection)))
    database.close()


def test_migrations_go_down_and_up_again(database_url: str) -> None:
    """Every migration can be taken back and applied again."""
    database = Database(database_url)
    database.write(lambda connection: command.downgrade(alembic_config(connection), "base"))
    assert schema_state(database_url) is SchemaState.MISSING
    database.write(lambda connection: command.upgrade(alembic_config(connection), "head"))
    database.close()
    assert schema_state(database_url) is SchemaState.CURRENT


def test_a_source_read_by_an_older_version_counts_as_read(database_url: str) -> None:
    """What was read before the database could say so is told by what it remembers of a body."""
    with closing(Database(database_url)) as database:
        database.write(lambda connection: command.downgrade(alembic_config(connection), "0011"))
        _execute(database_url, _SOURCE.format(name="read", body_hash="ab"))
        _execute(database_url, _SOURCE.format(name="never", body_hash=""))
        database.write(lambda connection: command.upgrade(alembic_config(connection), "head"))
        read = database.read(
            lambda connection: (
                connection.execute(text("SELECT id FROM source WHERE was_read")).scalars().all()
            )
        )
    assert read == ["read"]


def test_a_newer_database_is_refused(database_url: str) -> None:
    """What a newer version wrote is neither opened nor touched."""
    _execute(database_url, "UPDATE alembic_version SET version_num = '9999'")
    with pytest.raises(DatabaseNewerError, match="newer version"):
        open_store(database_url, "feeds.example")
    assert schema_state(database_url) is SchemaState.NEWER


def test_a_database_of_another_program_is_refused(empty_url: str) -> None:
    """Tables that are not ours mean that the address is wrong."""
    _execute(empty_url, "CREATE TABLE guests (name varchar(9))")
    with pytest.raises(StoreError, match=r"another program \(guests\)"):
        open_store(empty_url, "feeds.example")
    with pytest.raises(StoreError, match="another program"):
        schema_state(empty_url)


def test_a_file_that_is_no_database_is_left_as_it_is(tmp_path: Path) -> None:
    """A file with other content is told apart from a database, and kept byte for byte."""
    path = tmp_path / "notes.db"
    path.write_bytes(b"my notes, which nobody should overwrite\n" * 100)
    before = path.read_bytes()
    with pytest.raises(StoreError, match="not an SQLite database, or it is damaged"):
        open_store(f"sqlite:///{path}", "feeds.example")
    with pytest.raises(StoreError, match="not an SQLite database"):
        schema_state(f"sqlite:///{path}")
    assert path.read_bytes() == before


def test_a_damaged_database_is_refused(tmp_path: Path) -> None:
    """Flipped bytes in the pages of a database are found when it is opened."""
    path = tmp_path / "damaged.db"
    open_store(f"sqlite:///{path}", "feeds.example").close()
    data = bytearray(path.read_bytes())
    for position in range(2 * 4096, 2 * 4096 + 100):
        data[position] ^= 0xFF
    path.write_bytes(data)
    with pytest.raises(StoreError, match="damaged"):
        open_store(f"sqlite:///{path}", "feeds.example")
    assert path.read_bytes() == bytes(data)


def test_the_folder_of_a_new_file_is_made(tmp_path: Path) -> None:
    """A first start needs no folder made by hand, and the file is in WAL mode."""
    path = tmp_path / "deep" / "down" / "store.db"
    open_store(f"sqlite:///{path}", "feeds.example").close()
    assert sqlite3.connect(path).execute("PRAGMA journal_mode").fetchone() == ("wal",)


def test_asking_for_the_state_makes_no_file(tmp_path: Path) -> None:
    """`aggregator check` leaves nothing behind."""
    assert schema_state(f"sqlite:///{tmp_path}/none.db") is SchemaState.MISSING
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "url", ["", "nonsense", "sqlite://", "sqlite:///:memory:", "mysql://root@localhost/x"]
)
def test_an_address_that_cannot_be_used_is_refused(url: str) -> None:
    """Only SQLite files and PostgreSQL through psycopg are supported, and the text says so."""
    with pytest.raises(StoreError, match="write sqlite:///"):
        open_store(url, "feeds.example")


@pytest.mark.parametrize("ask", [schema_state, lambda url: open_store(url, "feeds.example")])
def test_a_folder_is_no_database(tmp_path: Path, ask: Callable[[str], object]) -> None:
    """Who names the folder of the database instead of its file is told that, by every command."""
    with pytest.raises(StoreError, match="this is a folder; name a file in it"):
        ask(f"sqlite:///{tmp_path}")


def test_a_server_that_is_not_there_is_told_without_the_password() -> None:
    """The address is in the message, the secret is not."""
    with pytest.raises(StoreError) as caught:
        open_store("postgresql+psycopg://me:secret@127.0.0.1:1/x", "feeds.example")
    assert "127.0.0.1:1/x" in str(caught.value)
    assert "secret" not in str(caught.value)


def test_the_revisions_are_those_of_the_migrations() -> None:
    """What the names of the files say about the order of revisions is what Alembic says."""
    scripts = ScriptDirectory.from_config(alembic_config())
    assert revisions() == [each.revision for each in scripts.walk_revisions()][::-1]
