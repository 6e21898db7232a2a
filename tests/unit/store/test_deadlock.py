from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from sqlalchemy import Connection, text
from sqlalchemy.engine import URL

from aggregator.store.database import Database
from tests.support.postgres import create_database, drop_database


def test_of_two_that_wait_for_one_another_one_runs_again(postgres_url: URL) -> None:
    """PostgreSQL ends one transaction of a deadlock; its work is done all the same, once."""
    url = create_database(postgres_url, "deadlock")
    database = Database(url.render_as_string(hide_password=False))
    database.write(_prepare)
    both_hold_one = Barrier(2)

    def add_in_order(first: int, second: int) -> int:
        attempts = 0

        def work(connection: Connection) -> None:
            nonlocal attempts
            attempts += 1
            _add_one(connection, first)
            if attempts == 1:
                both_hold_one.wait(10)
            _add_one(connection, second)

        database.write(work)
        return attempts

    with ThreadPoolExecutor(2) as threads:
        attempts = list(threads.map(add_in_order, (1, 2), (2, 1)))
    assert max(attempts) >= 2
    assert database.read(_values) == [2, 2]
    database.close()
    drop_database(postgres_url, "deadlock")


def _prepare(connection: Connection) -> None:
    connection.execute(text("CREATE TABLE pair (id int PRIMARY KEY, value int)"))
    connection.execute(text("INSERT INTO pair VALUES (1, 0), (2, 0)"))


def _add_one(connection: Connection, number: int) -> None:
    connection.execute(text("UPDATE pair SET value = value + 1 WHERE id = :id"), {"id": number})


def _values(connection: Connection) -> list[int]:
    return list(connection.execute(text("SELECT value FROM pair ORDER BY id")).scalars())
