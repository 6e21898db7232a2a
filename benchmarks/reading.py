"""The part `reading`: a first import, then polls of the same feeds, everybody in turn."""

from __future__ import annotations

import contextlib
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path

from sqlalchemy.engine import URL

from benchmarks.contestants import Contestant, everybody, set_up
from benchmarks.measure import Cost, cpu_of_tree, measure
from benchmarks.origin import free_port, serving
from benchmarks.work import Work
from tests.support.postgres import create_database, postgres_server

Runs = dict[str, dict[str, list[Cost]]]
"""The costs of every run, by case and contestant."""

_ON_POSTGRES = ("ours, nh3, PostgreSQL", "ours, PostgreSQL")


@contextlib.contextmanager
def databases(*, wanted: bool) -> Iterator[tuple[dict[str, URL], int]]:
    """Empty databases on a PostgreSQL of our own, and the server's process id."""
    if not wanted:
        yield {}, 0
        return
    with postgres_server() as server:
        made = {name: create_database(server, f"b{each}") for each, name in enumerate(_ON_POSTGRES)}
        yield made, _pid(server)


def _pid(server: URL) -> int:
    """The process id of the server that listens in this folder."""
    folder = Path(str(server.query["host"]))
    return int((folder / "data/postmaster.pid").read_text().splitlines()[0])


def run(work: Work, only: Sequence[str], cases: Sequence[str], *, postgres: bool) -> Runs:
    """One round: every case in its order, in each of them everybody in turn."""
    with tempfile.TemporaryDirectory(prefix="bench-") as name, databases(wanted=postgres) as made:
        urls, server = made
        runs = [each for each in everybody(urls) if not only or each.name in only]
        return _Round(Path(name), work, runs, urls, server).run(cases)


class _Round:
    """One round in one folder."""

    def __init__(
        self,
        home: Path,
        work: Work,
        contestants: Sequence[Contestant],
        urls: dict[str, URL],
        server: int,
    ) -> None:
        self._home, self._work, self._contestants = home, work, contestants
        self._urls, self._server, self._port = urls, server, free_port()
        self._root = home / "www"

    def run(self, cases: Sequence[str]) -> Runs:
        self._home.chmod(0o755)
        self._work.write(self._root)
        with serving(self._root, self._home / "nginx", self._port) as origin:
            for each in self._contestants:
                url = self._urls.get(each.name)
                database = url.render_as_string(hide_password=False) if url else ""
                sanitizer = "nh3" if "nh3" in each.name else ""
                set_up(self._home / each.name, origin, self._work, database, sanitizer)
            runs = {"cold": self._case("cold", self._work), "304": self._case("304", self._work)}
        if "same" in cases:
            with self._origin(conditional=False):
                runs["same"] = self._case("same", self._work)
        for edition, (case, changed) in enumerate((("1%", 10), ("10%", 100)), start=1):
            if case in cases:
                later = replace(self._work, edition=edition, changed=changed)
                later.write(self._root)
                with self._origin(conditional=True):
                    runs[case] = self._case(case, later)
        return runs

    def _origin(self, *, conditional: bool) -> contextlib.AbstractContextManager[object]:
        return serving(self._root, self._home / "nginx", self._port, conditional=conditional)

    def _case(self, case: str, work: Work) -> dict[str, list[Cost]]:
        return {
            each.name: [self._measured(each, work)]
            for each in self._contestants
            if case in each.cases
        }

    def _measured(self, each: Contestant, work: Work) -> Cost:
        folder = self._home / each.name
        before = cpu_of_tree(self._server) if each.name in self._urls else 0.0
        cost = measure(each.command(folder, work), folder / "log")
        if each.name in self._urls:
            cost = replace(cost, cpu=cost.cpu + cpu_of_tree(self._server) - before)
        if (folder / "cpu").exists():  # it knows better what it wanted to measure
            own = {name: float((folder / name).read_text()) for name in ("cpu", "wall")}
            cost = replace(cost, cpu=own["cpu"], wall=own["wall"])
        cost = replace(cost, facts={"articles": each.count(folder)})
        print(
            f"{each.name:22} {cost.cpu:7.2f} CPU {cost.wall:7.2f} wall {cost.peak_mb:5.0f} MB "
            f"{cost.facts['articles']:7.0f} articles",
            flush=True,
        )
        return cost
