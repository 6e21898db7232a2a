"""What must hold after every fault: one check that each fault test ends with.

`check` looks at a folder from outside: at the published files, at the database, and at the log that
the service wrote. `nothing_moves` reads everything again and sees that nothing changes. `watching`
is a reader that looks while the fault is there. Which faults there are: docs/faults.md.
"""

from __future__ import annotations

import contextlib
import json
import sqlite3
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Any

import psutil
import requests
from lxml import etree
from sqlalchemy.engine import make_url

from aggregator.config.load import load
from aggregator.config.paths import database_url
from aggregator.publish.categories import catalogue
from aggregator.store.store import Store, open_store
from tests.support.coming_again import everything_comes_again
from tests.support.folders import published
from tests.support.postgres import connect
from tests.support.running import in_process
from tests.support.shared import SHARED

ATOM = "{http://www.w3.org/2005/Atom}"
HEALTH = "health"
_SOURCE_EVENTS = ("source failed", "source not stored")
_TABLES = ("article", "copy", "alias", "placement", "document", "source")


def check(folder: Path, log: Iterable[str] = ()) -> None:
    """See that all is well in a folder that holds `config/`, `data/` and `feeds/`."""
    files_are_whole(folder)
    ids_are_those_of_the_store(folder)
    nothing_is_left_over(folder)
    database_is_sound(folder)
    schedule_is_kept(folder)
    log_is_readable(log)


def files_are_whole(folder: Path) -> None:
    """I1: whoever reads a published file can parse it, and Atom obeys its grammar."""
    grammar = _atom_grammar()
    for name, body in published(folder).items():
        _parse(name, body)
        if grammar is not None and name.endswith("atom.xml"):
            grammar.assertValid(etree.fromstring(body))


def _atom_grammar() -> etree.RelaxNG | None:
    path = SHARED / "schema/atom.rng"
    return etree.RelaxNG(etree.parse(path)) if path.exists() else None


def _parse(name: str, body: bytes) -> None:
    if name.endswith((".xml", ".opml")):
        etree.fromstring(body)
    elif name.endswith(".json"):
        json.loads(body)
    else:
        assert body.strip(), f"{name} is empty"


def ids_are_those_of_the_store(folder: Path) -> None:
    """I2: each feed holds what the store says, each id once, in every format alike."""
    files = published(folder)
    with closing(_store(folder)) as store:
        known = catalogue(load(folder / "config", {}), store.category_titles())
        for path in known:
            category = known[path]
            newest = store.newest(path, category.articles, category.per_source)
            wanted = [each.public_id for each in newest]
            assert len(set(wanted)) == len(wanted)
            for name, ids in _READERS.items():
                if f"{path}/{name}" in files or name == "rss.xml":
                    found = ids(files[f"{path}/{name}"])
                    assert found == wanted, f"{path}/{name}: {found} and not {wanted}"


def _rss_ids(body: bytes) -> list[str | None]:
    return [each.findtext("guid") for each in etree.fromstring(body).iterfind("channel/item")]


def _atom_ids(body: bytes) -> list[str | None]:
    entries = etree.fromstring(body).iterfind(f"{ATOM}entry")
    return [each.findtext(f"{ATOM}id") for each in entries]


def _json_ids(body: bytes) -> list[str | None]:
    return [item["id"] for item in json.loads(body)["items"]]


_READERS: dict[str, Callable[[bytes], list[str | None]]] = {
    "rss.xml": _rss_ids,
    "atom.xml": _atom_ids,
    "feed.json": _json_ids,
}


def nothing_is_left_over(folder: Path) -> None:
    """No unfinished file lies about."""
    left = [*(folder / "feeds").rglob("*.tmp"), *(folder / "feeds").rglob(".*.new")]
    assert left == []


def database_is_sound(folder: Path) -> None:
    """I7: SQLite finds nothing wrong with its file; PostgreSQL has no transaction left open."""
    path = sqlite_path(folder)
    if path is not None:
        with closing(sqlite3.connect(path)) as database:
            assert database.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        return
    with closing(connect(make_url(database_url(load(folder / "config", {}))))) as other:
        idle = "state LIKE 'idle in transaction%' AND state_change < now() - interval '5 seconds'"
        open_ones = f"SELECT count(*) FROM pg_stat_activity WHERE {idle}"
        assert other.execute(open_ones.encode()).fetchone() == (0,)


def schedule_is_kept(folder: Path) -> None:
    """I9: each source is due when the policy says, and within a day."""
    with closing(_store(folder)) as store:
        everything_comes_again(store, load(folder / "config", {}), datetime.now(UTC))


def log_is_readable(log: Iterable[str]) -> None:
    """I8: each failure of a source is one line with its id and a reason, and never a traceback."""
    for line in log:
        assert "Traceback" not in line, line
        if line.startswith("{"):
            entry = json.loads(line)
            if entry["event"] in _SOURCE_EVENTS:
                assert entry["source"], line
                assert entry["error"].partition(":")[0].isidentifier(), line


def nothing_moves(folder: Path, *sources: str) -> None:
    """I10: reading these sources again, which have nothing new, adds no row and changes no byte.

    What was still to be published when the service ended is published before.
    """
    assert in_process(folder, "publish").returncode == 0
    counted, files = rows(folder), published(folder)
    assert in_process(folder, "ingest", *sources).returncode == 0
    assert rows(folder) == counted
    now = published(folder)
    moved = [name for name in {*now, *files} if now.get(name) != files.get(name)]
    assert not moved, moved


def rows(folder: Path) -> dict[str, int]:
    """How many rows each table of an SQLite database has that could grow by mistake."""
    path = sqlite_path(folder)
    assert path is not None
    with closing(sqlite3.connect(path)) as database:
        return {
            table: database.execute(f"SELECT count(*) FROM {table}").fetchone()[0]
            for table in _TABLES
        }


def sqlite_path(folder: Path) -> Path | None:
    """The file of the database, where it is one."""
    scheme, _, path = database_url(load(folder / "config", {})).partition(":///")
    return Path(path) if scheme == "sqlite" else None


def _store(folder: Path) -> Store:
    return open_store(database_url(load(folder / "config", {})), "unused.example")


@dataclass
class Footprint:
    """Memory of a process and its children: what it was at first, and what it came to at most."""

    idle: int = 0
    peak: int = 0

    @property
    def growth(self) -> int:
        """Bytes on top of what it was at first."""
        return self.peak - self.idle


@contextlib.contextmanager
def footprint(number: int, hertz: float = 20) -> Iterator[Footprint]:
    """I4: look at the memory of a process and its children all the time."""
    process, over = psutil.Process(number), threading.Event()
    found = Footprint(_memory(process))

    def look() -> None:
        while not over.wait(1 / hertz):
            found.peak = max(found.peak, _memory(process))

    thread = threading.Thread(target=look, daemon=True)
    thread.start()
    try:
        yield found
    finally:
        over.set()
        thread.join(30)


def _memory(process: psutil.Process) -> int:
    """Resident bytes; what processes share counts for each, so it is never too little."""
    total = 0
    for each in [process, *process.children(recursive=True)]:
        with contextlib.suppress(psutil.Error):
            total += each.memory_info().rss
    return total


@dataclass
class Reader:
    """What a reader saw: how often it got which status, and what was not as it should be."""

    statuses: dict[int, int] = field(default_factory=dict)
    wrong: list[str] = field(default_factory=list)
    _tags: dict[str, str] = field(default_factory=dict)
    _times: dict[str, datetime] = field(default_factory=dict)

    def look(self, session: requests.Session, url: str) -> None:
        """Ask for a feed as a reader does, and judge the answer."""
        headers = {"If-None-Match": self._tags[url]} if url in self._tags else {}
        answer = session.get(url, headers=headers, timeout=10, allow_redirects=False)
        self.statuses[answer.status_code] = self.statuses.get(answer.status_code, 0) + 1
        if answer.status_code == 304:
            return
        try:
            self._judge(url, answer)
        except (AssertionError, etree.XMLSyntaxError, ValueError, KeyError) as error:
            self.wrong.append(f"{url}: {answer.status_code}: {error!r}")

    def _judge(self, url: str, answer: requests.Response) -> None:
        assert answer.status_code == 200, answer.text[:200]
        if "content-encoding" not in answer.headers:
            assert len(answer.content) == int(answer.headers["content-length"])
        _parse(url, answer.content)
        changed = parsedate_to_datetime(answer.headers["last-modified"])
        assert changed >= self._times.get(url, changed), "Last-Modified went back"
        self._times[url], self._tags[url] = changed, answer.headers["etag"]


@contextlib.contextmanager
def watching(*urls: str, hertz: float = 20) -> Iterator[Reader]:
    """I6: a reader asks for these feeds all the time and sees whole answers only."""
    reader, over = Reader(), threading.Event()

    def read() -> None:
        with requests.Session() as session:
            session.trust_env = False
            while not over.wait(1 / hertz):
                for url in urls:
                    reader.look(session, url)

    thread = threading.Thread(target=_telling(read, reader), daemon=True)
    thread.start()
    try:
        yield reader
    finally:
        over.set()
        thread.join(30)
    assert reader.wrong == []
    assert sum(reader.statuses.values()) > 0


def _telling(read: Callable[[], None], reader: Reader) -> Callable[[], Any]:
    """An answer that does not come is wrong as well."""

    def run() -> None:
        try:
            read()
        except requests.RequestException as error:
            reader.wrong.append(repr(error))

    return run
