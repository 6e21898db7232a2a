"""The part `one`: 100,000 articles are stored in 200 categories, and one new one comes.

Tells what that poll costs beside one where nothing changed, which files it wrote, and how long
after the origin showed an article the running service serves it.
"""

from __future__ import annotations

import tempfile
import threading
import time
from collections.abc import Iterable
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.request import urlopen

from sqlalchemy.engine import URL

from benchmarks.contestants import command, ours, set_up, stored
from benchmarks.databases import Databases, databases
from benchmarks.filling import fill
from benchmarks.measure import Cost, measure
from benchmarks.origin import Origin, free_port, serving
from benchmarks.runs import Run, Runs, Setting
from benchmarks.starting import service
from benchmarks.work import Work

FEEDS, CATEGORIES = 200, 200
STORED = 100
"""Articles for each feed of the work: 100,000 for 1,000 feeds."""
_WHO = ("ours, nh3", "ours, nh3, PostgreSQL")
_PATIENCE = 60.0


def expected(setting: Setting) -> int:
    """How many runs `measure` gives."""
    return 1 + (1 + 2 * setting.rounds) * len(_taking_part(setting))


def measure_all(setting: Setting) -> Runs:
    """All of it."""
    yield Run("served", "ours", served_after())
    work = Work(min(FEEDS, setting.work.feeds), setting.work.seed)
    with (
        tempfile.TemporaryDirectory(prefix="bench-") as name,
        databases(postgres=setting.postgres) as made,
    ):
        home = Path(name)
        home.chmod(0o755)
        for who in _taking_part(setting):
            work.write(home / "www")
            with serving(home / "www", home / "nginx", free_port()) as origin:
                place = _Place(home / who, made, made.new(postgres="PostgreSQL" in who))
                yield from place.runs(who, work, origin, setting)


def _taking_part(setting: Setting) -> list[str]:
    return [each for each in _WHO if setting.postgres or "PostgreSQL" not in each]


class _Place:
    """Where one contestant stores."""

    def __init__(self, folder: Path, made: Databases, database: URL | None) -> None:
        self._folder, self._databases, self._database = folder, made, database

    def runs(self, who: str, work: Work, origin: Origin, setting: Setting) -> Runs:
        """The first import and the filling are not told; publishing all of it once is."""
        urls = origin.urls(work.names())
        set_up(self._folder, urls, self._database, "nh3", categories=CATEGORIES)
        self._run(*ours(self._folder))
        fill(self._folder, STORED * setting.work.feeds, stored(self._folder, self._database))
        yield Run("publish all", who, self._run(*command(self._folder, "publish")))
        self._run(*ours(self._folder))
        for _ in range(setting.rounds):
            yield Run("full 304", who, self._run(*ours(self._folder)))
            work = work.next(1)
            work.write(self._folder.parent / "www")
            yield Run("full one", who, self._run(*ours(self._folder)))

    def _run(self, *words: str) -> Cost:
        before, began = self._databases.cpu() if self._database else 0.0, time.time_ns()
        cost = measure(words, self._folder / "log")
        cpu = cost.cpu + (self._databases.cpu() - before if self._database else 0.0)
        written = [
            file.relative_to(self._folder / "feeds")
            for file in (self._folder / "feeds").rglob("*.*")
            if file.is_file() and file.stat().st_mtime_ns > began
        ]
        facts = {
            "articles": float(stored(self._folder, self._database)),
            "files": float(len(written)),
            "categories": float(len(_categories(written))),
        }
        return Cost(cpu, cost.wall, cost.peak_mb, facts)


def _categories(files: Iterable[Path]) -> set[str]:
    """Whose files these are; those of the whole site stand in no folder."""
    return {f"{file.parent}".partition("/archive")[0] for file in files} - {"."}


def served_after() -> Cost:
    """The running service and one source: `wall` is from the origin's answer to the served feed."""
    work, told = Work(1), threading.Event()
    times: list[float] = []

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            """Tell the feed, and note when."""
            self.send_response(200)
            self.end_headers()
            self.wfile.write(work.document(0))
            times.append(time.perf_counter())
            told.set()

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base's name
            """Say nothing."""

    with (
        tempfile.TemporaryDirectory(prefix="bench-") as name,
        ThreadingHTTPServer(("127.0.0.1", 0), Handler) as origin,
    ):
        threading.Thread(target=origin.serve_forever, daemon=True).start()
        port, folder = free_port(), Path(name) / "ours"
        set_up(folder, [f"http://127.0.0.1:{origin.server_port}/feed.xml"], port=port, categories=1)
        with service(folder, port) as ready:
            told.wait(_PATIENCE)
            _wait_for(f"http://127.0.0.1:{port}/all/rss.xml", work.entries(0)[0].title)
            seconds = time.perf_counter() - times[0]
        origin.shutdown()
    return Cost(ready.cpu, seconds, ready.peak_mb)


def _wait_for(url: str, title: str) -> None:
    give_up = time.monotonic() + _PATIENCE
    while time.monotonic() < give_up:
        with suppress(OSError), urlopen(url) as answer:
            if title.encode() in answer.read():
                return
        time.sleep(0.02)  # there is nothing else to wait for
    raise RuntimeError("the article was not served")
