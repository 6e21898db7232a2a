"""Runs the service over and over, each time in a fork of a process that has everything loaded.

`python -m tests.support.arena` reads jobs, a line of JSON each, and answers each with a line: how
the run ended, and how often it came past which moment (see `moments`). A run is `aggregator run` as
people start it, but that documents are digested in the same process, that it beats faster, and that
it ends by SIGTERM as soon as there is nothing left to do.
"""

from __future__ import annotations

import json
import os
import signal
import sqlite3
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import asdict, dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Self

from tests.support.moments import Killer, Moments
from tests.support.running import environment

ROOT = Path(__file__).resolve().parents[2]
LONGEST = 60.0
LONG_AGO = "2010-01-01"


@dataclass(frozen=True)
class Job:
    """One run on `folder`, ended by kill -9 when `moment` comes for the `call`-th time.

    `changed` is what the file of the categories becomes while the service runs.
    """

    folder: str
    moment: str = ""
    call: int = 0
    changed: str = ""


@dataclass(frozen=True)
class Ended:
    """How a run ended: exit status (negative: by which signal), and the moments that it passed."""

    status: int
    counts: dict[str, int] = field(default_factory=dict)


class Arena:
    """The process that forks; one job at a time."""

    def __enter__(self) -> Self:
        """Start it."""
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.support.arena"],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=ROOT,
            env=environment({"PYTHONPATH": str(ROOT)}),
        )  # fmt: skip
        return self

    def __exit__(self, *_: object) -> None:
        """End it: it leaves when no job can come any more."""
        with self._process:
            assert self._process.stdin
            self._process.stdin.close()

    def run(self, job: Job) -> Ended:
        """Run one job to its end."""
        assert self._process.stdin
        assert self._process.stdout
        self._process.stdin.write(json.dumps(asdict(job)) + "\n")
        self._process.stdin.flush()
        return Ended(**json.loads(self._process.stdout.readline()))


def log_of(folder: Path) -> list[str]:
    """What all runs on a folder logged."""
    return (folder / "log").read_text(encoding="utf-8").splitlines()


def main() -> None:
    """Take jobs until there are no more."""
    _load_everything()
    for line in sys.stdin:
        job = Job(**json.loads(line))
        counts = Path(job.folder, "counts")
        counts.unlink(missing_ok=True)
        number = os.fork()
        if number == 0:
            _run(job)
        status = os.waitstatus_to_exitcode(_wait(number))
        found = json.loads(counts.read_text()) if counts.exists() else {}
        sys.stdout.write(json.dumps(asdict(Ended(status, found))) + "\n")
        sys.stdout.flush()


def _load_everything() -> None:
    from aggregator.cli import app, running
    from aggregator.formats import formats
    from aggregator.sources import kinds

    assert app, running
    kinds()
    formats()


def _wait(number: int) -> int:
    """The status of a run; one that does not end is ended, which shows in it."""
    deadline = time.monotonic() + LONGEST
    while time.monotonic() < deadline:
        ended, status = os.waitpid(number, os.WNOHANG)
        if ended:
            return status
        time.sleep(0.01)
    os.kill(number, signal.SIGALRM)
    return os.waitpid(number, 0)[1]


def _run(job: Job) -> None:
    """The forked process: never comes back."""
    folder = Path(job.folder)
    log = os.open(folder / "log", os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o644)
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    os.dup2(log, 1)
    os.dup2(log, 2)
    killer = Killer(job.moment, job.call)
    _adapt(job)
    Moments(killer)
    threading.Thread(target=_end_when_done, args=(folder,), daemon=True).start()
    from aggregator.cli import main as command

    sys.argv = ["aggregator", "--config", str(folder / "config"), "run"]
    try:
        command()
    except SystemExit as end:
        status = end.code if isinstance(end.code, int) else 1
    (folder / "counts").write_text(json.dumps(killer.counts))
    os._exit(status)


def _adapt(job: Job) -> None:
    from aggregator.ingest.workers import InlineWorkers
    from aggregator.service import assembly, service

    service.BEAT = timedelta(milliseconds=50)
    vars(assembly)["ProcessWorkers"] = InlineWorkers  # obeys the same protocol

    def changed_once(folder: Path, stop: threading.Event) -> Iterator[None]:
        categories = folder / "categories.yaml"
        beside = categories.with_suffix(".new")
        beside.write_text(job.changed, encoding="utf-8")
        beside.replace(categories)
        yield None
        (folder.parent / "reloaded").touch()
        stop.wait()

    (Path(job.folder) / "reloaded").unlink(missing_ok=True)
    if job.changed:
        vars(service)["watch"] = changed_once
    else:
        (Path(job.folder) / "reloaded").touch()


_LEFT_TO_DO = (
    "SELECT (SELECT count(*) FROM source WHERE active AND last_ok_at IS NULL)"
    " + (SELECT count(*) FROM source WHERE active"
    " AND next_due_at <= strftime('%Y-%m-%d %H:%M:%f', 'now'))"
    " + (SELECT count(*) FROM category WHERE changed <> published)"
    f" + (SELECT count(*) FROM article WHERE removed_at IS NULL AND first_seen_at < '{LONG_AGO}')"
)


def _end_when_done(folder: Path) -> None:
    """Poll until nothing is left to do, twice in a row; then end this process politely."""
    quiet = 0
    while quiet < 2:
        time.sleep(0.1)
        quiet = quiet + 1 if (folder / "reloaded").exists() and _is_done(folder) else 0
    os.kill(os.getpid(), signal.SIGTERM)


def _is_done(folder: Path) -> bool:
    try:
        with closing(sqlite3.connect(folder / "data/aggregator.db", timeout=1)) as database:
            return bool(database.execute(_LEFT_TO_DO).fetchone()[0] == 0)
    except sqlite3.Error:
        return False


if __name__ == "__main__":
    main()
