"""A broken disk under SQLite: the n-th writing system call fails, for each n.

`build` makes the library (`failing_calls.c`) that is preloaded; this module, run as a program with
it, stores the same outcome again and again, each time with another call failing, and prints one
line a time: `{"n": …, "refused": …, "state": …, "sound": …, "healed": …}`.
"""

from __future__ import annotations

import ctypes
import json
import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

from aggregator.errors import StoreError
from aggregator.store.store import Store, open_store
from tests.support.outcomes import NOON, article, configuration, decide, due_at_once, outcome

SOURCE = Path(__file__).with_suffix(".c")
BEFORE = outcome(article(), article("fire"))
AFTER = outcome(article(body="<p>More is known now.</p>"), article("flood"))

State = dict[str, list[Any]]


def build(folder: Path) -> Path:
    """Compile the library; needs a C compiler."""
    library = folder / "failing_calls.so"
    command = ["cc", "-shared", "-fPIC", "-Wall", "-o", str(library), str(SOURCE), "-ldl"]
    subprocess.run(command, check=True)
    return library


def run(library: Path, folder: Path) -> list[dict[str, Any]]:
    """Run this module on a folder, with the library; gives what it printed."""
    env = {**os.environ, "LD_PRELOAD": str(library), "FAIL_ON": str(folder / "store.db")}
    command = [sys.executable, "-m", "tests.support.failing_calls", str(library), str(folder)]
    done = subprocess.run(command, env=env, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    return [json.loads(line) for line in done.stdout.splitlines()]


def _store(folder: Path) -> Store:
    return open_store(f"sqlite:///{folder}/store.db", "feeds.example")


def _prepared(folder: Path) -> Path:
    """A database with two articles, closed."""
    folder.mkdir()
    with closing(_store(folder)) as store:
        store.sync_configuration(configuration(), NOON, due_at_once)
        store.record([BEFORE], decide(), NOON)
    return folder / "store.db"


def _state(folder: Path) -> tuple[State, bool]:
    """Every row of every table, and whether SQLite finds the file sound."""
    with closing(sqlite3.connect(folder / "store.db")) as database:
        tables = "SELECT name FROM sqlite_schema WHERE type = 'table' ORDER BY name"
        names = [name for (name,) in database.execute(tables)]
        rows = {name: database.execute(f"SELECT * FROM {name}").fetchall() for name in names}
        return rows, database.execute("PRAGMA integrity_check").fetchone() == ("ok",)


def _attempts(folder: Path, library: Any) -> Iterator[dict[str, Any]]:
    """Store with each of the calls failing in turn."""
    prepared = _prepared(folder / "prepared")
    before, _ = _state(prepared.parent)
    _, calls = _stored_anew(prepared, folder, library, 0)
    after, _ = _state(folder)
    for n in range(1, calls + 1):
        refused, _ = _stored_anew(prepared, folder, library, n)
        found, sound = _state(folder)
        _stored(folder, library, 0)
        yield {
            "n": n,
            "refused": refused,
            "state": {repr(before): "before", repr(after): "after"}.get(repr(found), "neither"),
            "sound": sound,
            "healed": _contents(_state(folder)[0]) == _contents(after),
        }


def _stored_anew(prepared: Path, folder: Path, library: Any, n: int) -> tuple[str, int]:
    """Store into a copy of the prepared database."""
    for old in folder.glob("store.db*"):
        old.unlink()
    shutil.copyfile(prepared, folder / "store.db")
    return _stored(folder, library, n)


def _contents(state: State) -> list[Any]:
    """What readers see of it."""
    return [state["article"], state["copy"], state["placement"]]


def _stored(folder: Path, library: Any, n: int) -> tuple[str, int]:
    """Store once; gives why it was refused, and how many calls there were."""
    refused = ""
    store = _store(folder)
    library.fail_at(n or -1)
    try:
        store.record([AFTER], decide(), NOON)
    except StoreError as error:
        refused = str(error)
    store.close()
    return refused, library.fail_at(-1)


def main() -> None:
    """Print a line for each attempt."""
    for found in _attempts(Path(sys.argv[2]), ctypes.CDLL(sys.argv[1])):
        sys.stdout.write(json.dumps(found) + "\n")


if __name__ == "__main__":
    main()
