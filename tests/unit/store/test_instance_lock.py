from __future__ import annotations

import subprocess
import sys
import threading
from pathlib import Path

import pytest
from sqlalchemy.engine import make_url

from aggregator.errors import DatabaseBusyError, StoreError
from aggregator.store.locking import in_use
from aggregator.store.store import Store, open_store
from tests.support.postgres import connect, end_sessions
from tests.support.stores import opened

_ROOT = Path(__file__).parents[3]
_HOLD = """
import sys
from aggregator.store.locking import in_use
from aggregator.store.store import open_store
with open_store(sys.argv[1], "feeds.example").lock_instance():
    print("held", flush=True)
    sys.stdin.readline()
"""


def test_a_second_instance_is_told_who_is_first(database_url: str, store: Store) -> None:
    """Only one instance runs on a database; the lock is free again when it ends."""
    second = opened(database_url)
    with store.lock_instance():
        with pytest.raises(DatabaseBusyError, match=r"in use by .*process.*; end it first"):
            second.lock_instance().__enter__()
        second.ping()
    with second.lock_instance():
        pass
    second.close()


def test_the_lock_ends_with_its_process(database_url: str, store: Store) -> None:
    """An instance that is killed leaves nothing behind that has to be cleared by hand."""
    holder = subprocess.Popen(
        [sys.executable, "-c", _HOLD, database_url],
        cwd=_ROOT,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert holder.stdout
    assert holder.stdout.readline() == "held\n"
    with pytest.raises(DatabaseBusyError):
        store.lock_instance().__enter__()
    holder.kill()
    holder.communicate()
    with store.lock_instance():
        pass


@pytest.mark.parametrize("database_kind", ["postgres"])
def test_a_holder_that_is_going_is_waited_for(database_url: str, store: Store) -> None:
    """A start right after a kill succeeds: PostgreSQL may notice the end of a session later."""
    second = opened(database_url)
    with store.lock_instance(), connect(make_url(database_url)) as other:
        going = threading.Timer(0.3, end_sessions, [other])
        going.start()
        with second.lock_instance():
            going.join()
    second.close()


def test_a_lock_that_is_held_can_be_renewed(database_url: str, store: Store) -> None:
    """Renewing a lock that was never lost changes nothing: nobody else gets in."""
    second = opened(database_url)
    with store.lock_instance() as lock:
        lock.renew()
        with pytest.raises(DatabaseBusyError):
            second.lock_instance().__enter__()
    second.close()


@pytest.mark.parametrize("database_kind", ["postgres"])
def test_a_restarted_server_gives_the_lock_again(database_url: str, store: Store) -> None:
    """After PostgreSQL was restarted, renewing shuts the door behind us again."""
    second = opened(database_url)
    with store.lock_instance() as lock:
        with connect(make_url(database_url)) as other:
            end_sessions(other)
        lock.renew()
        with pytest.raises(DatabaseBusyError, match="in use by"):
            second.lock_instance().__enter__()
    second.close()


@pytest.mark.parametrize("database_kind", ["postgres"])
def test_a_lock_that_another_took_is_lost(database_url: str, store: Store) -> None:
    """Where another instance was faster after the restart, ours is told so, each time it asks."""
    second = opened(database_url)
    with store.lock_instance() as lock:
        with connect(make_url(database_url)) as other:
            end_sessions(other)
        with second.lock_instance():
            for _ in range(2):
                with pytest.raises(DatabaseBusyError, match="in use by"):
                    lock.renew()
    second.close()


def test_whether_it_is_in_use_can_be_asked(database_url: str, store: Store) -> None:
    """Asking takes nothing away from whoever holds the lock, and keeps nothing."""
    assert not in_use(database_url)
    with store.lock_instance() as lock:
        assert in_use(database_url)
        lock.renew()
    assert not in_use(database_url)


def test_the_holder_is_named_by_its_process(tmp_path: Path) -> None:
    """Beside an SQLite database lies a file that says which process holds it."""
    first, second = (open_store(f"sqlite:///{tmp_path}/x.db", "a") for _ in range(2))
    with first.lock_instance(), pytest.raises(DatabaseBusyError) as caught:
        second.lock_instance().__enter__()
    pid = (tmp_path / "x.db.lock").read_text().strip()
    assert f"in use by process {pid};" in str(caught.value)
    first.close()
    second.close()


def test_a_lock_file_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    """Where the lock cannot be taken for another reason, the reason is said."""
    store = open_store(f"sqlite:///{tmp_path}/x.db", "feeds.example")
    (tmp_path / "x.db.lock").mkdir()
    with pytest.raises(StoreError, match=r"x\.db\.lock: Is a directory"):
        store.lock_instance().__enter__()
    store.close()
