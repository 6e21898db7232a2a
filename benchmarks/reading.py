"""The parts `cold`, `poll` and `changed`: a first import, then polls of the same feeds.

Everybody works in turn on the same feeds. Who is slow where everything is new is measured once
there; all else several times in turn. The order matters: what is polled was imported before, and
answers without validators come last, because whoever sees them forgets the validators he had.
"""

from __future__ import annotations

import contextlib
import shutil
import tempfile
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from sqlalchemy.engine import URL

from benchmarks.contestants import EVERYBODY, Contestant, set_up
from benchmarks.databases import Databases, databases
from benchmarks.measure import Cost, cpu_of_tree, measure
from benchmarks.origin import Origin, free_port, serving
from benchmarks.runs import Run, Runs, Setting

CASES = {"cold": ("cold",), "poll": ("304", "same"), "changed": ("1%", "10%")}
"""The cases of each part."""
_CHANGED = {"1%": 10, "10%": 100}
"""How many of a thousand feeds are changed in a case."""


@dataclass(frozen=True)
class _Seat:
    """A contestant in his folder, with his database where that is not a file in there."""

    who: Contestant
    folder: Path
    database: URL | None


def read(setting: Setting, cases: Collection[str]) -> Runs:
    """Measure these cases; a first import comes before all others."""
    with (
        tempfile.TemporaryDirectory(prefix="bench-") as name,
        databases(postgres=setting.postgres) as made,
    ):
        yield from _Reading(setting, Path(name), made).run(cases)


def expected(setting: Setting, cases: Collection[str]) -> int:
    """How many runs `read` gives."""
    return sum(
        len([each for each in _taking_part(setting, case) if _is_measured(each, case, turn)])
        for case in {"cold", *cases}
        for turn in range(_turns(setting, case))
    )


def _taking_part(setting: Setting, case: str) -> list[Contestant]:
    return [
        each
        for each in EVERYBODY
        if setting.has(each.name) and case in each.cases and (setting.postgres or not each.postgres)
    ]


def _turns(setting: Setting, case: str) -> int:
    return 1 if case == "10%" else setting.rounds


def _is_measured(who: Contestant, case: str, turn: int) -> bool:
    """Whether somebody is measured in this turn of a case."""
    return turn == 0 or not who.slow or case not in {"cold", "same"}


class _Reading:
    """All cases, in one folder."""

    def __init__(self, setting: Setting, home: Path, made: Databases) -> None:
        self._setting, self._home, self._databases = setting, home, made
        self._work, self._root, self._port = setting.work, home / "www", free_port()

    def run(self, cases: Collection[str]) -> Runs:
        """Every case in its order."""
        self._home.chmod(0o755)
        self._work.write(self._root)
        with self._origin() as origin:
            seats = self._seats(origin, 0)
            yield from self._turn("cold", seats, 0, origin)
            for turn in range(1, _turns(self._setting, "cold")):
                yield from self._cold_again(origin, turn)
            for case in ("304", "1%", "10%"):
                if case in cases:
                    yield from self._case(case, seats, origin)
        if "same" in cases:
            with self._origin(conditional=False) as origin:
                yield from self._case("same", seats, origin)

    def _origin(self, *, conditional: bool = True) -> contextlib.AbstractContextManager[Origin]:
        return serving(self._root, self._home / "nginx", self._port, conditional=conditional)

    def _seats(self, origin: Origin, turn: int) -> list[_Seat]:
        """A seat for everybody who imports in this turn."""
        urls = origin.urls(self._work.names())
        made = []
        for who in _taking_part(self._setting, "cold"):
            if _is_measured(who, "cold", turn):
                database = self._databases.new(postgres=who.postgres)
                folder = self._home / f"{turn} {who.name}"
                set_up(folder, urls, database, who.sanitizer)
                made.append(_Seat(who, folder, database))
        return made

    def _cold_again(self, origin: Origin, turn: int) -> Runs:
        for seat in self._seats(origin, turn):
            yield self._run("cold", seat, origin)
            shutil.rmtree(seat.folder)

    def _case(self, case: str, seats: Sequence[_Seat], origin: Origin) -> Runs:
        for turn in range(_turns(self._setting, case)):
            if case in _CHANGED:
                self._work = self._work.next(_CHANGED[case])
                self._work.write(self._root)
            yield from self._turn(case, seats, turn, origin)

    def _turn(self, case: str, seats: Sequence[_Seat], turn: int, origin: Origin) -> Runs:
        for seat in seats:
            if case in seat.who.cases and _is_measured(seat.who, case, turn):
                yield self._run(case, seat, origin)

    def _run(self, case: str, seat: _Seat, origin: Origin) -> Run:
        before = cpu_of_tree(origin.process.pid)
        cost = self._measured(seat)
        facts = {
            "articles": float(seat.who.count(seat.folder, seat.database)),
            "origin": cpu_of_tree(origin.process.pid) - before,
        }
        return Run(case, seat.who.name, replace(cost, facts=facts))

    def _measured(self, seat: _Seat) -> Cost:
        before = self._databases.cpu() if seat.database else 0.0
        cost = measure(seat.who.command(seat.folder, self._work), seat.folder / "log")
        if seat.database:
            cost = replace(cost, cpu=cost.cpu + self._databases.cpu() - before)
        if (seat.folder / "cpu").exists():  # it knows better what it wanted to measure
            own = {name: float((seat.folder / name).read_text()) for name in ("cpu", "wall")}
            return replace(cost, cpu=own["cpu"], wall=own["wall"])
        return cost
