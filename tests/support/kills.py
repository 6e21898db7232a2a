"""The kill run: `kill -9` at a moment that a seed chooses, a restart, and a look at what is there.

Anybody can repeat it: `python -m tests.support.kills 200` prints a line for each seed and a table
of what was hit. `tests/faults/test_kill.py` does the same with a few seeds. Two runs that nobody
disturbs say what the bytes must be in the end, and which moments there are.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import random
import shutil
import sqlite3
import sys
import tempfile
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from alembic import command
from lxml import etree
from sqlalchemy import create_engine

from aggregator.store.opening import alembic_config
from tests.support.arena import Arena, Job, log_of
from tests.support.feeds import Item, rss
from tests.support.folders import configured, published
from tests.support.invariants import check, files_are_whole
from tests.support.origin import Origin

ARCHIVE = "/archive/"
ARENAS = 2
KILLED = -9
OLDEST = "0001"
"""The first migration: what a database that is upgraded comes from."""

SOURCES = (("wire", "news", 3), ("echo", "news/world", 2), ("goal", "sport", 1))
"""Priorities differ, so that it is no matter of chance whose copy of a common story stands."""
TREE: list[dict[str, Any]] = [
    {"id": "news", "title": "News", "categories": [{"id": "world", "title": "World"}]},
    {"id": "sport", "title": "Sport"},
]
LATER_TREE = [{**TREE[0], "title": "新闻"}, TREE[1]]
CHANGED = json.dumps({"categories": LATER_TREE})

STARTS = ("used", "fresh", "older")
"""A folder that was used before, one that was not, and a used one of the first version."""
_LIKELY = (0.6, 0.25, 0.15)

ROWS = {
    "source": "K1 claimed",
    "exchange": "K2 asking the origin",
    "body": "K2 in the middle of a body",
    "digest": "K3 parsed",
    "statement": "K4 inside a transaction",
    "record": "K4 inside a transaction",
    "commit": "K5 committed, not published",
    "mark": "K5 committed, not published",
    "open": "K6 file begun",
    "write": "K6 file half written",
    "half a file": "K6 file half written",
    "fsync": "K7 before the rename",
    "rename": "K7, K8 around the rename",
    "migration": "K9 migration",
    "reload": "K10 configuration taken over",
    "adopt": "K10 configuration taken over",
    "housekeeping": "K11 cleaning up",
}
"""Rows of docs/faults.md, by the name of the moment without its `before` or `after`."""


def row_of(moment: str) -> str:
    """The row of the fault table to which a moment belongs."""
    return ROWS[moment.removeprefix("before ").removeprefix("after ")]


def items(source: str, numbers: range, body: str = "") -> list[Item]:
    """Items with dates of their own; every third one is a story that all sources have."""
    return [
        Item(
            f"Story number {number} as told by {source if number % 3 else 'everybody'} today",
            f"https://{source}.example/{number}",
            body=f"<p>What happened on day {number}. {body}</p>",
            when=datetime(2026, 3, 1 + number, 12, 0, tzinfo=UTC),
        )
        for number in reversed(numbers)
    ]


def post(title: str, day: int) -> str:
    """A post of a folder source."""
    return f"---\ntitle: {title}\ndate: 2026-02-{day:02}T08:00:00Z\n---\nText of {title}.\n"


@dataclass(frozen=True)
class World:
    """An origin, and the folders from which a run can start."""

    home: Path

    def copy(self, start: str, name: str) -> Path:
        """A folder of its own for one run."""
        to = self.home / name
        shutil.copytree(self.home / start, to)
        return to


@contextlib.contextmanager
def world() -> Iterator[World]:
    """Make them; in memory where that is possible: a kill leaves the same, flushing is free."""
    memory = Path("/dev/shm")
    folder = memory if memory.is_dir() else None
    with tempfile.TemporaryDirectory(dir=folder) as home, Origin() as origin, Arena() as arena:
        made = World(Path(home))
        fresh = _configured(made.home / "fresh", origin)
        for name, _, _ in SOURCES:
            origin.serve(f"/{name}", rss(items(name, range(6))), etag='"1"')
        used = made.copy("fresh", "used")
        assert arena.run(Job(str(used))).status == 0
        _let_time_pass(used)
        for name, _, _ in SOURCES:
            later = [*items(name, range(4, 10)), *items(name, range(2, 4), body="Corrected.")]
            origin.serve(f"/{name}", rss(later), etag='"2"')
        for each in (fresh, used):
            (each / "config/posts/3.md").unlink()
            (each / "config/posts/4.md").write_text(post("Our own report, part 4", 4))
        _as_of_the_first_version(made.copy("used", "older"))
        yield made


def _configured(folder: Path, origin: Origin) -> Path:
    sources: list[dict[str, Any]] = [
        {"id": name, "url": origin.url(f"/{name}"), "category": place, "priority": priority}
        for name, place, priority in SOURCES
    ]
    posts = {"id": "posts", "kind": "posts", "path": "posts/*.md", "category": "news"}
    settings = {"publish": {"settle": "0s"}, "keep": {"articles": "7300d"}}
    configured(folder, [*sources, posts], TREE, **settings)
    (folder / "config/posts").mkdir()
    for day in (1, 2, 3):
        (folder / f"config/posts/{day}.md").write_text(post(f"Our own report, part {day}", day))
    return folder


def _let_time_pass(folder: Path) -> None:
    """Everything is due again, and what stood at the end of the feeds is old enough to leave."""
    with closing(sqlite3.connect(folder / "data/aggregator.db")) as database, database:
        database.execute("UPDATE source SET next_due_at = '2020-01-01 00:00:00.000000'")
        database.execute(
            "UPDATE article SET first_seen_at = '2001-01-01 00:00:00.000000',"
            " published_at = '2001-01-01 00:00:00.000000' WHERE title LIKE 'Story number 1 %'"
        )
        # A feed reads its order from here.
        database.execute(
            "UPDATE placement SET published_at ="
            " (SELECT published_at FROM article WHERE article.id = placement.article_id)"
        )
        database.execute("UPDATE fetch_record SET started_at = '2001-01-01 00:00:00.000000'")


def _as_of_the_first_version(folder: Path) -> None:
    """Take every migration back but the first; without keys, as tables are made anew for it."""
    engine = create_engine(f"sqlite:///{folder}/data/aggregator.db")
    with engine.begin() as connection:
        command.downgrade(alembic_config(connection), OLDEST)
    engine.dispose()


@dataclass(frozen=True)
class Kill:
    """One seed: where to kill."""

    seed: int
    start: str
    moment: str
    call: int


@dataclass(frozen=True)
class Quiet:
    """What a run that nobody disturbed published, and which moments it passed how often."""

    published: dict[str, bytes]
    counts: dict[str, int]


@dataclass(frozen=True)
class Verdict:
    """How it went with one seed; `wrong` is empty where all was well."""

    kill: Kill
    was_reached: bool
    wrong: str = ""

    def __str__(self) -> str:
        kill = self.kill
        how = "well" if self.was_reached else "not reached"
        how = f"WRONG: {self.wrong}" if self.wrong else how
        return f"seed {kill.seed:3} {kill.start:5} {kill.moment} #{kill.call}: {how}"


def quiet_runs(world: World) -> dict[str, Quiet]:
    """One run from each start without any kill."""
    with Arena() as arena:
        return {start: _quiet(arena, world.copy(start, f"quiet-{start}")) for start in STARTS}


def _quiet(arena: Arena, folder: Path) -> Quiet:
    ended = arena.run(Job(str(folder), changed=CHANGED))
    assert ended.status == 0, log_of(folder)
    check(folder, log_of(folder))
    return Quiet(published(folder), ended.counts)


def chosen(seed: int, quiet: dict[str, Quiet]) -> Kill:
    """A moment by chance: each kind of moment as likely, however often it comes."""
    dice = random.Random(seed)
    (start,) = dice.choices(STARTS, _LIKELY)
    moment = dice.choice(sorted(quiet[start].counts))
    return Kill(seed, start, moment, dice.randint(1, quiet[start].counts[moment]))


def kill_run(seeds: Sequence[int]) -> list[Verdict]:
    """Try each seed, some beside each other; gives what came of them, in order."""
    with world() as made:
        quiet = quiet_runs(made)

        def part(first: int) -> list[Verdict]:
            with Arena() as arena:
                kills = [chosen(seed, quiet) for seed in seeds[first::ARENAS]]
                return [_reached(arena, made, kill, quiet[kill.start].published) for kill in kills]

        with ThreadPoolExecutor(ARENAS) as pool:
            verdicts = [each for part in pool.map(part, range(ARENAS)) for each in part]
    return sorted(verdicts, key=lambda verdict: verdict.kill.seed)


def _reached(arena: Arena, world: World, kill: Kill, wanted: dict[str, bytes]) -> Verdict:
    """Try a kill, at an earlier call where the moment did not come so often as in the quiet run."""
    verdict = _tried(arena, world, kill, wanted)
    while not (verdict.was_reached or verdict.wrong) and kill.call > 1:
        kill = replace(kill, call=kill.call // 2)
        verdict = _tried(arena, world, kill, wanted)
    return verdict


def _tried(arena: Arena, world: World, kill: Kill, wanted: dict[str, bytes]) -> Verdict:
    """Kill once, look, start again, look."""
    folder = world.copy(kill.start, f"seed-{kill.seed}")
    ended = arena.run(Job(str(folder), kill.moment, kill.call, CHANGED))
    try:
        files_are_whole(folder)
        again = arena.run(Job(str(folder), changed=CHANGED))
        assert again.status == 0, f"the restart ended with {again.status}"
        found = published(folder)
        assert not (names := different(found, wanted)), f"other bytes: {names}"
        assert whole_feeds(found) == whole_feeds(wanted), "a feed and its archive differ"
        check(folder, log_of(folder))
    except Exception as error:  # noqa: BLE001 - the other seeds are to be told as well
        return Verdict(kill, ended.status == KILLED, repr(error))
    shutil.rmtree(folder)
    return Verdict(kill, ended.status == KILLED)


def different(found: Mapping[str, bytes], wanted: Mapping[str, bytes]) -> list[str]:
    """Names of the files with other bytes, or on one side only, archives left out.

    What an archive closed first depends on when it was published (docs/decisions/350).
    """
    names = sorted(name for name in {*found, *wanted} if ARCHIVE not in name)
    return [name for name in names if found.get(name) != wanted.get(name)]


def whole_feeds(files: Mapping[str, bytes]) -> dict[str, dict[str, bytes]]:
    """What a reader has that walked each Atom feed and its archive: the newest of each entry.

    Entries are written out, by id, by the feed's folder.
    """
    feeds = defaultdict[str, dict[str, tuple[str, bytes]]](dict)
    for name, body in files.items():
        if not name.endswith("atom.xml"):
            continue
        entries = feeds[name.removesuffix("atom.xml").partition(ARCHIVE)[0].rstrip("/")]
        for entry in etree.fromstring(body).iterfind("{*}entry"):
            told = str(entry.findtext("{*}updated")), etree.tostring(entry, method="c14n")
            entries[str(entry.findtext("{*}id"))] = max(
                told, entries.get(str(entry.findtext("{*}id")), told)
            )
    return {path: {key: told for key, (_, told) in each.items()} for path, each in feeds.items()}


def table(verdicts: Sequence[Verdict]) -> str:
    """The counts, by row of the fault table, in Markdown."""
    kills, reached, wrong = Counter[str](), Counter[str](), Counter[str]()
    for verdict in verdicts:
        row = row_of(verdict.kill.moment)
        kills[row] += 1
        reached[row] += verdict.was_reached
        wrong[row] += bool(verdict.wrong)
    lines = [f"| {row} | {kills[row]} | {reached[row]} | {wrong[row]} |" for row in sorted(kills)]
    total = f"| **all** | {kills.total()} | {reached.total()} | {wrong.total()} |"
    return "\n".join(
        ["| stage | seeds | killed there | wrong after it |", "|---|---|---|---|", *lines, total]
    )


def main() -> int:
    """Run with as many seeds as asked for; status 1 where one went wrong."""
    reader = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    reader.add_argument("seeds", type=int, nargs="?", default=200, help="how many (200)")
    reader.add_argument("--first", type=int, default=0, help="the first seed (0)")
    asked = reader.parse_args()
    verdicts = kill_run(range(asked.first, asked.first + asked.seeds))
    sys.stdout.write("\n".join([*map(str, verdicts), "", table(verdicts), ""]))
    return int(any(verdict.wrong for verdict in verdicts))


if __name__ == "__main__":
    sys.exit(main())
