"""Who is measured, and by which command; each works in a folder of its own."""

from __future__ import annotations

import contextlib
import json
import sqlite3
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import psycopg
from sqlalchemy.engine import URL

from benchmarks.work import Work

CATEGORIES = 20
_NOT_SAME = frozenset({"cold", "304", "1%", "10%"})
"""The cases of who reads the same bytes as if they were new, and takes a minute for it."""
Command = Callable[[Path, Work], Sequence[str]]


@dataclass(frozen=True)
class Contestant:
    """`command` reads the work once; `count` says how many articles are stored by then.

    Who is `slow` where everything is new is measured once in those cases.
    """

    name: str
    command: Command
    count: Callable[[Path, URL | None], int]
    cases: frozenset[str] = frozenset({*_NOT_SAME, "same"})
    slow: bool = False
    postgres: bool = False

    @property
    def sanitizer(self) -> str:
        """What our configuration names, "" for what it has by itself."""
        return "nh3" if "nh3" in self.name else ""


def set_up(
    folder: Path,
    urls: Sequence[str],
    database: URL | None = None,
    sanitizer: str = "",
    *,
    port: int = 8080,
    categories: int = CATEGORIES,
) -> None:
    """Make a contestant's folder: the addresses as a list, and as our configuration."""
    (folder / "config/sources").mkdir(parents=True)
    (folder / "urls").write_text("\n".join(urls))
    settings: dict[str, object] = {
        "site": {"title": "Benchmark", "url": f"http://127.0.0.1:{port}/"},
        "server": {"bind": f"127.0.0.1:{port}"},
        "fetch": {"allow_private": True},  # the origin is this machine
    }
    if database:
        settings |= {"database": database.render_as_string(hide_password=False)}
    if sanitizer:
        settings |= {"clean": {"sanitizer": sanitizer}}
    _write(folder / "config/aggregator.yaml", settings)
    write_sources(folder, urls, categories)


def write_sources(folder: Path, urls: Sequence[str], categories: int) -> None:
    """Write sources and categories; a tenth of the categories are parents of the others."""
    paths = [f"c{each % 10}/c{each}" if each >= 10 else f"c{each}" for each in range(categories)]
    sources = [
        {"id": f"s{number}", "url": url, "category": paths[number % categories]}
        for number, url in enumerate(urls)
    ]
    _write(folder / "config/sources/all.yaml", {"sources": sources})
    children = {
        top: [{"id": f"c{each}"} for each in range(10, categories) if each % 10 == top]
        for top in range(min(10, categories))
    }
    tree = [{"id": f"c{top}", "categories": below} for top, below in children.items()]
    _write(folder / "config/categories.yaml", {"categories": tree})


def _write(file: Path, data: object) -> None:
    file.write_text(json.dumps(data, indent=1))  # JSON is YAML, too


def ours(folder: Path, *_: Work) -> list[str]:
    """Our real command."""
    return command(folder, "ingest")


OURS = str(Path(sys.executable).with_name("aggregator"))


def command(folder: Path, *words: str) -> list[str]:
    """Our command with these words, on the configuration in a folder."""
    return [OURS, "--config", str(folder / "config"), "--quiet", *words]


def _script(name: str) -> Command:
    module = f"benchmarks.contestants.{name}"

    def command(folder: Path, work: Work) -> list[str]:
        numbers = [str(work.feeds), str(work.seed)] if name == "bare_bleach" else []
        return [sys.executable, "-m", module, str(folder), str(folder / "urls"), *numbers]

    return command


def _noted(folder: Path, _: URL | None) -> int:
    return int((folder / "articles").read_text())


def stored(folder: Path, url: URL | None = None) -> int:
    """How many articles our database holds."""
    if url is not None:
        address = url.set(drivername="postgresql").render_as_string(hide_password=False)
        with psycopg.connect(address) as connection:
            row = connection.execute("SELECT count(*) FROM article").fetchone()
        return int(row[0]) if row else 0
    with contextlib.closing(sqlite3.connect(folder / "data/aggregator.db")) as database:
        return int(database.execute("SELECT count(*) FROM article").fetchone()[0])


EVERYBODY = (
    Contestant("ours, nh3", ours, stored),
    Contestant("ours", ours, stored, slow=True),
    Contestant("ours, nh3, PostgreSQL", ours, stored, postgres=True),
    Contestant("ours, PostgreSQL", ours, stored, slow=True, postgres=True),
    Contestant("reader", _script("with_reader"), _noted, slow=True),
    Contestant("naive", _script("naive"), _noted, _NOT_SAME, slow=True),
    Contestant("floor", _script("floor"), _noted),
    Contestant(
        "only requests", _script("bare_requests"), _noted, frozenset({"cold", "304", "same"})
    ),
    Contestant("only bleach", _script("bare_bleach"), _noted, frozenset({"cold"}), slow=True),
)
