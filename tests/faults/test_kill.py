"""K1-K11: kill -9 at any moment costs nothing but time."""

from __future__ import annotations

import json
import os
import random
import shutil
import sqlite3
import tempfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from tests.support.arena import Arena, Job, log_of
from tests.support.feeds import Item, rss
from tests.support.folders import configured, published
from tests.support.invariants import check, files_are_whole
from tests.support.origin import Origin

SEEDS = int(os.environ.get("AGGREGATOR_TEST_KILLS", "20"))
ARENAS = 2
KILLED = -9

SOURCES = (("wire", "news", 3), ("echo", "news/world", 2), ("goal", "sport", 1))
"""Priorities differ, so that it is no matter of chance whose copy of a common story stands."""
TREE: list[dict[str, Any]] = [
    {"id": "news", "title": "News", "categories": [{"id": "world", "title": "World"}]},
    {"id": "sport", "title": "Sport"},
]
LATER_TREE = [{**TREE[0], "title": "新闻"}, TREE[1]]
CHANGED = json.dumps({"categories": LATER_TREE})


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
    return f"---\ntitle: {title}\ndate: 2026-02-{day:02}T08:00:00Z\n---\nText of {title}.\n"


@dataclass(frozen=True)
class World:
    """An origin, a folder that was used before, one that was not, and what both become."""

    origin: Origin
    used: Path
    fresh: Path

    def copy(self, first: bool, to: Path) -> Path:
        shutil.copytree(self.fresh if first else self.used, to)
        return to


@pytest.fixture(scope="module")
def arena() -> Iterator[Arena]:
    with Arena() as arena:
        yield arena


@pytest.fixture(scope="module")
def home() -> Iterator[Path]:
    """A folder in memory where there is one: a kill leaves the same, and flushing is free."""
    memory = Path("/dev/shm")
    with tempfile.TemporaryDirectory(dir=memory if memory.is_dir() else None) as home:
        yield Path(home)


@pytest.fixture(scope="module")
def world(home: Path, arena: Arena) -> Iterator[World]:
    with Origin() as origin:
        sources: list[dict[str, Any]] = [
            {"id": name, "url": origin.url(f"/{name}"), "category": place, "priority": priority}
            for name, place, priority in SOURCES
        ]
        posts = {"id": "posts", "kind": "posts", "path": "posts/*.md", "category": "news"}
        fresh = configured(
            home / "fresh",
            [*sources, posts],
            TREE,
            publish={"settle": "0s"},
            keep={"articles": "7300d"},
        )
        (fresh / "config/posts").mkdir()
        for day in (1, 2, 3):
            (fresh / f"config/posts/{day}.md").write_text(post(f"Our own report, part {day}", day))
        used = home / "used"
        shutil.copytree(fresh, used)
        for name, _, _ in SOURCES:
            origin.serve(f"/{name}", rss(items(name, range(6))), etag='"1"')
        assert arena.run(Job(str(used))).status == 0
        _let_time_pass(used)
        for name, _, _ in SOURCES:
            later = [*items(name, range(4, 10)), *items(name, range(2, 4), body="Corrected.")]
            origin.serve(f"/{name}", rss(later), etag='"2"')
        for folder in (fresh, used):
            (folder / "config/posts/3.md").unlink()
            (folder / "config/posts/4.md").write_text(post("Our own report, part 4", 4))
        yield World(origin, used, fresh)


def _let_time_pass(folder: Path) -> None:
    """Everything is due again, and what stood at the end of the feeds is old enough to leave."""
    with closing(sqlite3.connect(folder / "data/aggregator.db")) as database, database:
        database.execute("UPDATE source SET next_due_at = '2020-01-01 00:00:00.000000'")
        database.execute(
            "UPDATE article SET first_seen_at = '2001-01-01 00:00:00.000000',"
            " published_at = '2001-01-01 00:00:00.000000' WHERE title LIKE 'Story number 1 %'"
        )
        database.execute("UPDATE fetch_record SET started_at = '2001-01-01 00:00:00.000000'")


@dataclass(frozen=True)
class Kill:
    """One seed: where to kill."""

    seed: int
    first: bool
    moment: str
    call: int


def chosen(seed: int, counts: dict[bool, dict[str, int]]) -> Kill:
    """A moment by chance: each kind of moment as likely, however often it comes."""
    dice = random.Random(seed)
    first = dice.random() < 0.3
    moment = dice.choice(sorted(counts[first]))
    return Kill(seed, first, moment, dice.randint(1, counts[first][moment]))


@pytest.mark.slow
@pytest.mark.timeout(60 + 10 * SEEDS)
def test_killed_at_any_moment(world: World, home: Path) -> None:
    """After kill -9 anywhere, a restart and one cycle publish the very bytes of a quiet run."""
    wanted, counts = {}, {}
    with Arena() as arena:
        for first in (True, False):
            folder = world.copy(first, home / f"quiet-{first}")
            ended = arena.run(Job(str(folder), changed=CHANGED))
            assert ended.status == 0, log_of(folder)
            wanted[first], counts[first] = published(folder), ended.counts
            check(folder, log_of(folder))

    def part(start: int) -> list[str]:
        with Arena() as arena:
            kills = (chosen(seed, counts) for seed in range(start, SEEDS, ARENAS))
            return [_killed(arena, world, home, kill, wanted[kill.first]) for kill in kills]

    with ThreadPoolExecutor(ARENAS) as pool:
        told = [line for lines in pool.map(part, range(ARENAS)) for line in lines]
    print("\n".join(sorted(told)))  # noqa: T201 - the figures of a run with many seeds
    assert [line for line in told if "WRONG" in line] == []
    assert sum("not reached" in line for line in told) <= SEEDS // 10


def _killed(arena: Arena, world: World, home: Path, kill: Kill, wanted: dict[str, bytes]) -> str:
    """Kill once, look, start again, look; a line that says how it went."""
    folder = world.copy(kill.first, home / f"seed-{kill.seed}")
    name = f"seed {kill.seed}: {kill.moment} #{kill.call}{' (first start)' if kill.first else ''}"
    ended = arena.run(Job(str(folder), kill.moment, kill.call, CHANGED))
    try:
        files_are_whole(folder)
        again = arena.run(Job(str(folder), changed=CHANGED))
        assert again.status == 0, f"the restart ended with {again.status}"
        differ = [name for name, body in wanted.items() if published(folder).get(name) != body]
        assert published(folder).keys() == wanted.keys()
        assert differ == []
        check(folder, log_of(folder))
    except Exception as error:  # noqa: BLE001 - the other seeds are to be told as well
        return f"{name}: WRONG: {error!r}"
    shutil.rmtree(folder)
    return f"{name}: {'killed' if ended.status == KILLED else f'not reached ({ended.status})'}"
