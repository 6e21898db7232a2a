"""The part `growth`: what a poll and an article cost as more is stored, and with more sources.

Articles: 50 feeds, and more and more articles stored besides. At each size the feeds are polled,
where nothing changed and where each has a new entry; the difference is what these entries cost.
Sources: feeds with one entry each are imported and polled, 100, 1,000 and 10,000 of them.
"""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from benchmarks.contestants import command, ours, set_up, stored
from benchmarks.filling import fill
from benchmarks.measure import Cost, measure
from benchmarks.origin import free_port, serving
from benchmarks.runs import Run, Runs, Setting, median
from benchmarks.work import Work

FEEDS = 50
STORED, MILLION = (1_000, 10_000, 100_000), 1_000_000
SOURCES = (100, 1_000, 10_000)
ALL_OF_THEM = 1_000
"""How many of a thousand feeds have a new entry."""


def expected(setting: Setting) -> int:
    """How many runs `measure_all` gives."""
    return len(_sizes(setting)) + len(_sources(setting))


def measure_all(setting: Setting) -> Runs:
    """Both curves; every run stands for a size."""
    yield from _by_stored(setting)
    for number in _sources(setting):
        yield Run("sources", f"{number}", _with_sources(replace(setting.work, feeds=number)))


def _sizes(setting: Setting) -> list[int]:
    """Less where the whole benchmark is tried on less work."""
    sizes = [*STORED, MILLION] if setting.million else list(STORED)
    return [each for each in sizes if each <= 100 * setting.work.feeds or each == MILLION]


def _sources(setting: Setting) -> list[int]:
    return [each for each in SOURCES if each <= 10 * setting.work.feeds]


def _by_stored(setting: Setting) -> Runs:
    work = Work(FEEDS, setting.work.seed)
    with _place(work) as (folder, root):
        _run(folder)
        for size in _sizes(setting):
            fill(folder, size, stored(folder))
            measure(command(folder, "publish"), folder / "log")
            _run(folder)
            polls, reads = [], []
            for _ in range(setting.rounds):
                polls.append(_run(folder))
                work = work.next(ALL_OF_THEM)
                work.write(root)
                reads.append(_run(folder))
            yield Run("stored", f"{size}", _compared(median(polls), median(reads), work.feeds))


@contextmanager
def _place(work: Work) -> Iterator[tuple[Path, Path]]:
    """The folder of ours with nh3, and the folder of the work, which is served meanwhile."""
    with tempfile.TemporaryDirectory(prefix="bench-") as name:
        home, folder, root = Path(name), Path(name) / "ours", Path(name) / "www"
        home.chmod(0o755)
        work.write(root)
        with serving(root, home / "nginx", free_port()) as origin:
            set_up(folder, origin.urls(work.names()), None, "nh3")
            yield folder, root


def _run(folder: Path) -> Cost:
    return measure(ours(folder), folder / "log")


def _compared(poll: Cost, read: Cost, feeds: int) -> Cost:
    """The poll, with the milliseconds of CPU for one source and for one new article."""
    article = 1000 * (read.cpu - poll.cpu) / feeds
    return replace(poll, facts={"poll_ms": 1000 * poll.cpu / feeds, "article_ms": article})


def _with_sources(work: Work) -> Cost:
    """A first import and a poll of so many sources."""
    work = replace(work, entries_each=1)
    with _place(work) as (folder, _):
        first, poll = _run(folder), _run(folder)
    facts = {
        "poll_ms": 1000 * poll.cpu / work.feeds,
        "article_ms": 1000 * first.cpu / work.feeds,
        "import_mb": first.peak_mb,
    }
    return replace(poll, facts=facts)
