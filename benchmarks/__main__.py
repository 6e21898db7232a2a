"""Measures our real command beside others: `make bench`, `make bench ONLY="poll start"`.

`python -m benchmarks [PART…]`: without a part all of them are measured, with `none` nothing is.
What was measured is kept in `.bench/measured.json`; `--write` makes the tables and pictures of
docs/performance.md from all that is there.
"""

from __future__ import annotations

import argparse
import compileall
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from benchmarks import growing, one_article, reading, serving, starting
from benchmarks.performance_page import write
from benchmarks.runs import Run, Runs, Setting, cases_of, load, save
from benchmarks.verdicts import table
from benchmarks.work import Work

ROOT = Path(__file__).resolve().parent.parent
READING = ("cold", "poll", "changed")
OTHERS = {
    "one": one_article,
    "serve": serving,
    "start": starting,
    "growth": growing,
}


@dataclass(frozen=True)
class Part:
    """Something that is measured in one go, and how many runs that is."""

    measure: Callable[[Setting], Runs]
    runs: int


def parts(wanted: Iterable[str], setting: Setting) -> list[Part]:
    """The parts of these names; those that need the same first import are one."""
    names = list(wanted)
    cases = [case for name in READING if name in names for case in reading.CASES[name]]
    found = [
        Part(module.measure_all, module.expected(setting))
        for name, module in OTHERS.items()
        if name in names
    ]
    if cases:
        found.insert(0, Part(partial(reading.read, cases=cases), reading.expected(setting, cases)))
    return found


def run(chosen: Iterable[Part], setting: Setting, console: Console) -> None:
    """Measure, print each run as it ends, and keep it."""
    chosen = list(chosen)
    with Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        console=console,
        disable=not console.is_terminal,
    ) as progress:
        bar = progress.add_task("measuring", total=sum(part.runs for part in chosen))
        for part in chosen:
            measured = []
            for each in part.measure(setting):
                measured.append(each)
                progress.advance(bar)
                progress.console.print(told(each), highlight=False, soft_wrap=True)
                save(cases_of(measured, setting.work.feeds))


def told(each: Run) -> str:
    """One run in a line."""
    cost = each.cost
    facts = "  ".join(f"{name} {value:g}" for name, value in cost.facts.items())
    figures = f"{cost.cpu:8.3f} CPU s {cost.wall:8.3f} wall s {cost.peak_mb:5.0f} MB"
    return f"{each.case:10} {each.who:22} {figures}  {facts}"


def main() -> None:
    """Measure what was asked for, and tell the verdicts."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    every = (*READING, *OTHERS)
    parser.add_argument("parts", nargs="*", metavar="PART", help=f"{', '.join(every)}, or none")
    parser.add_argument("--feeds", type=int, default=1000, help="how many feeds the work has")
    parser.add_argument("--seed", type=int, default=7, help="another one makes other feeds")
    parser.add_argument("--rounds", type=int, default=2, help="how often, where it is not too slow")
    parser.add_argument("--who", action="append", default=[], help="only this contestant")
    parser.add_argument("--no-postgres", action="store_true", help="leave out PostgreSQL")
    parser.add_argument("--million", action="store_true", help="growth up to a million articles")
    parser.add_argument("--write", action="store_true", help="write docs/performance.md")
    options = parser.parse_args()
    wanted = options.parts or every
    if unknown := set(wanted) - {*every, "none"}:
        parser.error(f"no part {', '.join(sorted(unknown))}; there are {', '.join(every)}")
    setting = Setting(
        Work(options.feeds, options.seed),
        options.rounds,
        tuple(options.who),
        not options.no_postgres,
        options.million,
    )
    compileall.compile_dir(ROOT / "aggregator", quiet=1)  # as pip does where it installs
    console = Console()
    run(parts(wanted, setting), setting, console)
    console.print(table(load()), highlight=False, markup=False, soft_wrap=True)
    if options.write:
        write(load())


if __name__ == "__main__":
    main()
