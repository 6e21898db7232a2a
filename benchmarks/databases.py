"""Empty databases on a PostgreSQL of our own, and what that server costs.

The server is that of the tests: it does not wait for the disk (`fsync=off`); the table says so.
"""

from __future__ import annotations

import contextlib
import itertools
from collections.abc import Iterator
from pathlib import Path

from sqlalchemy.engine import URL

from benchmarks.measure import cpu_of_tree
from tests.support.postgres import create_database, postgres_server


class Databases:
    """Gives out databases; None stands for a file of SQLite in the folder of who asks."""

    def __init__(self, server: URL | None) -> None:
        self._server = server
        self._numbers = itertools.count()

    def new(self, *, postgres: bool) -> URL | None:
        """An empty database."""
        if not postgres or self._server is None:
            return None
        return create_database(self._server, f"b{next(self._numbers)}")

    def cpu(self) -> float:
        """CPU seconds that the server used until now."""
        if self._server is None:
            return 0.0
        folder = Path(str(self._server.query["host"]))
        return cpu_of_tree(int((folder / "data/postmaster.pid").read_text().splitlines()[0]))


@contextlib.contextmanager
def databases(*, postgres: bool) -> Iterator[Databases]:
    """Databases until the end of the block; without `postgres` no server is started."""
    if not postgres:
        yield Databases(None)
        return
    with postgres_server() as server:
        yield Databases(server)
