"""Writes what was measured into docs/performance.md: verdicts, tables, machine, pictures."""

from __future__ import annotations

import os
import platform
import sqlite3
from collections.abc import Iterator
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

import psutil

from aggregator import __version__
from benchmarks import performance_pictures
from benchmarks.measure import Cost
from benchmarks.origin import nginx_program
from benchmarks.runs import Case
from benchmarks.verdicts import NH3, Cases, table
from benchmarks.work import Work
from benchmarks.written import DOCS, write_table

FEEDS = Work().feeds
PAGE = DOCS / "performance.md"
_CASES = {
    "cold": "first import",
    "304": "poll, all 304",
    "same": "poll, 200 and the same bytes",
    "1%": "poll, 1 % changed",
    "10%": "poll, 10 % changed",
}
_MORE = {
    "publish all": "publish all of 100,000 articles once",
    "full 304": "100,000 stored: poll, all 304",
    "full one": "100,000 stored: poll, one new article",
    "served": "one new article until it is served",
    "help": "`aggregator --help`",
    "check": "`aggregator check`",
    "first start": "`aggregator run` until ready, empty database",
    "next start": "`aggregator run` until ready, again",
}
_LIBRARIES = ("requests", "lxml", "nh3", "bleach", "sqlalchemy", "uvicorn", "feedparser", "reader")


def write(cases: Cases) -> None:
    """Write all that is there; what was not measured is said to be so."""
    write_table("machine", machine(), PAGE)
    write_table("verdicts", f"{scale(cases)}\n{table(cases)}", PAGE)
    write_table("runs", runs(cases), PAGE)
    write_table("more", more(cases), PAGE)
    write_table("growth", growth(cases), PAGE)
    performance_pictures.draw(cases)


def scale(cases: Cases) -> str:
    """With how many feeds each came about; with few, starting the command is most of it."""
    few = [f"{name} with {case.feeds:,}" for name, case in cases.items() if case.feeds < FEEDS]
    rest = f", but {', '.join(few)}: there, starting the command is most of a run" if few else ""
    return f"Measured with {FEEDS:,} feeds{rest}.\n"


def machine() -> str:
    """What it was measured on, and with."""
    memory = psutil.virtual_memory().total / 2**30
    libraries = ", ".join(f"{name} {version(name)}" for name in _LIBRARIES)
    origin = "nginx" if nginx_program() else "Python's http.server"
    return (
        f"Written {datetime.now(UTC).date()}: aggregator {__version__}, {_processor()},"
        f" {os.cpu_count()} cores, {memory:.0f} GB, {platform.system()} {platform.release()},"
        f" Python {platform.python_version()}, SQLite {sqlite3.sqlite_version}; {libraries};"
        f" the feeds are served by {origin}.\n"
    )


def _processor() -> str:
    info = Path("/proc/cpuinfo")
    lines = info.read_text("utf-8").splitlines() if info.exists() else []
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.processor()


def runs(cases: Cases) -> str:
    """Everybody in every case of reading."""
    lines = [
        "| case | who | CPU s | wall s | × ours, nh3 | MB | articles | origin: CPU s | runs |",
        "|---|---|---:|---:|---:|---:|---:|---:|---:|",
    ]
    for name, title in _CASES.items():
        if name in cases:
            lines += _of_case(f"{title} ({_scale(cases[name])})", cases[name])
    return "\n".join(lines) + "\n"


def _of_case(title: str, case: Case) -> Iterator[str]:
    costs = case.medians()
    ours = costs.get(NH3)
    for who, cost in costs.items():
        beside = f"{cost.cpu / ours.cpu:.2f}" if ours else "–"
        yield (
            f"| {title} | {who} | {cost.cpu:.2f} | {cost.wall:.2f} | {beside} | {cost.peak_mb:.0f}"
            f" | {cost.facts['articles']:,.0f} | {cost.facts['origin']:.2f}"
            f" | {len(case.costs[who])} |"
        )
        title = ""


def _scale(case: Case) -> str:
    return f"{case.feeds:,} feeds, {case.measured}"


def more(cases: Cases) -> str:
    """One article among many, starting, serving."""
    lines = ["| what | who | CPU s | wall s | MB | |", "|---|---|---:|---:|---:|---|"]
    for name, title in _MORE.items():
        for who, cost in cases[name].medians().items() if name in cases else ():
            lines.append(f"| {title} | {who} | {_figures(cost)} | {_written(cost)} |")
    for name, title in {"200": "200 with gzip", "served 304": "304"}.items():
        for who, cost in cases[name].medians().items() if name in cases else ():
            each = f"{cost.facts['per_request']:.4f} ms CPU a request"
            lines.append(f"| 20,000 answers, {title} | {who} | {_figures(cost)} | {each} |")
    return "\n".join(lines) + "\n"


def _figures(cost: Cost) -> str:
    return f"{cost.cpu:.2f} | {cost.wall:.2f} | {cost.peak_mb:.0f}"


def _written(cost: Cost) -> str:
    if "files" not in cost.facts:
        return ""
    return f"{cost.facts['files']:.0f} files of {cost.facts['categories']:.0f} categories written"


def growth(cases: Cases) -> str:
    """Both curves as figures."""
    lines = [
        "| | poll: CPU ms a source | new article: CPU ms | poll: MB | import: MB |",
        "|---|---:|---:|---:|---:|",
    ]
    for name, title in {"stored": "articles stored", "sources": "sources"}.items():
        for size, cost in cases[name].medians().items() if name in cases else ():
            import_mb = f"{cost.facts['import_mb']:.0f}" if "import_mb" in cost.facts else "–"
            lines.append(
                f"| {int(size):,} {title} | {cost.facts['poll_ms']:.2f}"
                f" | {cost.facts['article_ms']:.1f} | {cost.peak_mb:.0f} | {import_mb} |"
            )
    return "\n".join(lines) + "\n"
