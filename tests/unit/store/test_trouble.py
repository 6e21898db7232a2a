from __future__ import annotations

import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.engine import make_url

from aggregator.errors import StoreError
from aggregator.model.health import GateVerdict
from aggregator.model.ledger import Ruling, WhichDrops
from aggregator.model.published import Edition
from aggregator.model.schedule import DomainPace
from aggregator.model.settings import Keep
from aggregator.model.websub import Subscription
from aggregator.store import database as database_module
from aggregator.store.carried.lines import HEADER, KINDS, VERSION, to_text
from aggregator.store.ledger_reader import LedgerReader
from aggregator.store.store import Store, open_store
from tests.support.outcomes import (
    HOUR,
    NOON,
    article,
    configuration,
    decide,
    due_at_once,
    outcome,
)
from tests.support.postgres import connect, end_sessions
from tests.support.stores import opened

_EMPTY = to_text(HEADER, {"version": VERSION, "lines": dict.fromkeys(KINDS, 0)}).encode()


def _unheard(*_: object) -> None:
    """Nobody looks on."""


_READING: dict[str, Callable[[Store], object]] = {
    "ping": lambda store: store.ping(),
    "due_sources": lambda store: store.due_sources(NOON, 1, 9),
    "fetch_state": lambda store: store.fetch_state("wire"),
    "fetch_states": lambda store: store.fetch_states(["wire"]),
    "stamps": lambda store: store.stamps("wire"),
    "known_entries": lambda store: store.known_entries("wire", ["0" * 64]),
    "export_ledger": lambda store: store.export_ledger(_unheard, _unheard),
    "entry_reader": lambda store: store.entry_reader().known_entries("wire", ["0" * 64]),
    "changed_categories": lambda store: store.changed_categories(),
    "newest": lambda store: store.newest("all", 1, 0),
    "category_titles": lambda store: store.category_titles(),
    "articles": lambda store: store.articles(),
    "article": lambda store: store.article("0" * 20),
    "article_pages": lambda store: store.article_pages("wire", ["0" * 64]),
    "pages_due": lambda store: store.pages_due("wire", NOON),
    "copies": lambda store: store.copies("0" * 20),
    "health": lambda store: store.health(NOON),
    "overview": lambda store: store.overview(NOON),
    "days": lambda store: store.days(["wire"], NOON),
    "events": lambda store: store.events(1),
    "counts": lambda store: store.counts(),
    "published_categories": lambda store: store.published_categories(),
    "paces": lambda store: store.paces(),
    "find": lambda store: store.find("https://wire.example/storm"),
    "history": lambda store: store.history("0" * 20),
    "dropped": lambda store: store.dropped(WhichDrops(), 9),
    "count_dropped": lambda store: store.count_dropped(WhichDrops()),
    "withheld": lambda store: store.withheld(("", ""), "", 9),
    "ruled_articles": lambda store: store.ruled_articles(0, "", 9),
    "moved_categories": lambda store: store.moved_categories(),
    "withdrawn": lambda store: store.withdrawn("0" * 20),
    "withdrawals": lambda store: store.withdrawals("all", 9),
    "articles_named": lambda store: store.articles_named(["0" * 20]),
    "candidates": lambda store: store.candidates(["all"], [], 9),
    "page": lambda store: store.page(0, 9),
    "editions": lambda store: store.editions("morning", 9),
    "left": lambda store: store.left("all", ["tag:feeds.example,2026:1"]),
    "sources": lambda store: store.sources(),
    "search": lambda store: store.search("storm"),
    "subscriptions": lambda store: store.subscriptions(),
}
_WRITING: dict[str, Callable[[Store], object]] = {
    "sync_configuration": lambda s: s.sync_configuration(configuration(), NOON, due_at_once),
    "record": lambda store: store.record([outcome(article())], decide(), NOON),
    "mark_published": lambda store: store.mark_published({"all": 1}),
    "spread_overdue": lambda store: store.spread_overdue(NOON + 9 * HOUR, HOUR, 24 * HOUR),
    "shift_schedule": lambda store: store.shift_schedule(HOUR),
    "keep_pace": lambda store: store.keep_pace(DomainPace("wire.example", HOUR, NOON)),
    "forget_pace": lambda store: store.forget_pace("wire.example"),
    "apply_rulings": lambda store: store.apply_rulings([Ruling(1, article(), "drop")], NOON),
    "housekeeping": lambda store: store.housekeeping(NOON, Keep()),
    "keep_subscription": lambda store: store.keep_subscription(
        Subscription("wire", "https://hub.example/", "https://wire.example/", "t", "s", NOON)
    ),
    "drop_subscription": lambda store: store.drop_subscription("wire"),
    "rest": lambda store: store.rest("wire", NOON + HOUR, "pushed"),
    "note_verdicts": lambda store: store.note_verdicts([GateVerdict("all", "All", "odd")], NOON),
    "import_ledger": lambda store: store.import_ledger(lambda: [_EMPTY], "ledger", NOON, _unheard),
    "keep_edition": lambda store: store.keep_edition(
        Edition("morning", NOON, NOON - HOUR, "tag:feeds.example,2026:1", "Morning", "", "", ())
    ),
}
_CORRECTING: dict[str, Callable[[Store], object]] = {
    "split": lambda store: store.split("https://wire.example/storm", NOON),
    "merge": lambda store: store.merge("0" * 20, "1" * 20, NOON),
    "withdraw": lambda store: store.withdraw("0" * 20, "wrong", NOON),
}
_METHODS = {**_READING, **_WRITING, **_CORRECTING}


def test_every_method_is_tried_here() -> None:
    """A method that is added to the store joins the tests of its errors."""
    methods = {name for name in dir(Store) if not name.startswith("_")}
    assert methods == {*_METHODS, "close", "lock_instance"}


@pytest.fixture
def broken(ready: Store, ready_url: str) -> Store:
    """A store whose tables somebody dropped."""
    url = make_url(ready_url)
    tables = (
        "search",
        "withdrawal",
        "edition",
        "subscription",
        "placement",
        "copy",
        "alias",
        "article",
        "source",
        "domain",
        "document",
        "fetch_record",
        "page",
        "event",
        "content",
        "dropped",
        "category",
    )
    if url.get_backend_name() == "sqlite":
        with sqlite3.connect(str(url.database)) as connection:
            for table in tables:
                connection.execute(f"DROP TABLE {table}")
        connection.close()
    else:
        with connect(url) as other:
            other.execute(f"DROP TABLE {', '.join(tables)}".encode())
    return ready


@pytest.mark.parametrize("method", _METHODS)
def test_foreign_errors_become_ours(broken: Store, method: str) -> None:
    """Whatever the database raises reaches the caller as a StoreError without statements."""
    with pytest.raises(StoreError) as caught:
        _METHODS[method](broken)
    assert "SELECT" not in str(caught.value)
    assert "\n" not in str(caught.value)


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Transactions that wait for others give up at once."""
    monkeypatch.setattr(database_module, "SQLITE_WAITS_SECONDS", 0)


@pytest.mark.usefixtures("impatient")
@pytest.mark.parametrize("method", _WRITING)
def test_a_locked_file_says_so(tmp_path: Path, method: str) -> None:
    """While another program writes, we wait, then say who is in the way; readers are served."""
    path = tmp_path / "store.db"
    store = open_store(f"sqlite:///{path}", "feeds.example")
    store.sync_configuration(configuration(), NOON, due_at_once)
    store.record([outcome(article("flood"))], decide(), NOON.replace(year=2020))
    other = sqlite3.connect(path, isolation_level=None)
    other.execute("BEGIN EXCLUSIVE")
    with pytest.raises(StoreError, match="another program holds it; end that program"):
        _WRITING[method](store)
    assert len(store.newest("all", 9, 0)) == 1
    other.execute("ROLLBACK")
    other.close()
    _WRITING[method](store)
    store.close()


@pytest.mark.parametrize("method", _METHODS)
def test_a_file_that_turned_to_rubbish_says_so(tmp_path: Path, method: str) -> None:
    """A database that is damaged while we run is reported, with what to do."""
    path = tmp_path / "store.db"
    store = open_store(f"sqlite:///{path}", "feeds.example")
    store.sync_configuration(configuration(), NOON, due_at_once)
    store.close()
    path.write_bytes(b"rubbish" * 10_000)
    for side in ("-wal", "-shm"):
        Path(f"{path}{side}").unlink(missing_ok=True)
    with pytest.raises(StoreError, match="put a backup in its place"):
        _METHODS[method](store)
    store.close()


def test_a_full_disk_says_so_and_recovers(tmp_path: Path) -> None:
    """Without room nothing is stored; with room again everything goes on."""
    store = open_store(f"sqlite:///{tmp_path}/store.db", "feeds.example")
    store.sync_configuration(configuration(), NOON, due_at_once)
    with store._database.engine.connect() as connection:
        pages = connection.execute(text("PRAGMA page_count")).scalar_one()
        connection.execute(text(f"PRAGMA max_page_count = {pages}"))
    big = article(body="<p>" + "long " * 50_000 + "</p>")
    with pytest.raises(StoreError, match="the disk is full; nothing was stored: make room"):
        store.record([outcome(big)], decide(), NOON)
    assert store.counts()["articles"] == 0
    with store._database.engine.connect() as connection:
        connection.execute(text("PRAGMA max_page_count = 100000"))
    store.record([outcome(big)], decide(), NOON)
    assert store.counts()["articles"] == 1
    store.close()


def test_connections_that_the_server_closed_are_made_anew(
    database_url: str, database_kind: str, ready: Store
) -> None:
    """After PostgreSQL was restarted the next call works by itself."""
    ready.ping()
    if database_kind == "postgres":
        with connect(make_url(database_url)) as other:
            end_sessions(other)
    ready.record([outcome(article())], decide(), NOON)
    assert len(ready.newest("all", 9, 0)) == 1


def test_a_reader_of_a_database_that_is_not_there_says_so() -> None:
    """A worker's errors are translated as well."""
    where = database_module.Database("postgresql+psycopg://u:geheim@127.0.0.1:1/x").ledger_address
    with pytest.raises(StoreError, match=r"127\.0\.0\.1") as caught:
        LedgerReader(where).known_entries("wire", ["a"])
    assert "geheim" not in str(caught.value)


def test_a_folder_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    """A file stands where the folder of the database should be."""
    (tmp_path / "data").write_text("a file")
    with pytest.raises(StoreError, match="data"):
        opened(f"sqlite:///{tmp_path}/data/store.db")
