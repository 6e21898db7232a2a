"""A day with 2,000 sources, seen from their origin: `python -m benchmarks.day [--write]`.

Real are the configuration, the database (SQLite), the beat, the threads, the budget, the HTTP over
the loopback, the workers that parse, and what is learned. Simulated are the time, which jumps from
one beat with something to do to the next, the names, which all lead to one server, and when that
server's sources post (`day_origin`). Nothing is published. An answer takes no simulated time.
"""

from __future__ import annotations

import argparse
import contextlib
import json
import logging
import math
import random
import tempfile
import threading
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from datetime import timedelta
from itertools import pairwise
from pathlib import Path

from aggregator.cli.logs import set_up_logs
from aggregator.config.load import load
from aggregator.fetch.budget import Budget
from aggregator.ingest.engine import Unstored
from aggregator.model.results import SourceResult
from aggregator.scheduling.clock import ClockWatch
from aggregator.scheduling.jobs import Tick
from aggregator.service.assembly import Assembly, assemble, open_configured_store
from benchmarks.day_origin import MONDAY, STRICT, Line, Log, Site, server, sites
from benchmarks.mapped_service import mapped
from benchmarks.simulated_time import SimulatedTime, pause
from benchmarks.written import write_table

HOST = "127.0.0.1"


class OutsideBudget(Budget):
    """Treats the loopback as the open internet, which it plays here."""

    def is_at_home(self, host: str) -> None:
        """Nobody is at home: every domain gets its pauses."""


class Day:
    """The service of the simulation: it beats, and time goes on when all that it began is done."""

    def __init__(self, parts: Assembly, clock: SimulatedTime) -> None:
        self._parts, self._clock = parts, clock
        self.due = {
            each.source_id: (each.state.next_due_at - MONDAY).total_seconds()
            for each in parts.store.health(MONDAY)
        }
        fetch = parts.configuration.settings.fetch
        self._tick = Tick(
            parts.store,
            parts.engine,
            clock.utc,
            self._ended,
            lambda: fetch.per_domain,
            ClockWatch(clock.utc, clock.now),
        )

    def _ended(self, result: SourceResult | Unstored) -> None:
        if isinstance(result, SourceResult):
            self.due[result.source_id] = (result.state.next_due_at - MONDAY).total_seconds()

    def _is_calm(self) -> bool:
        """Whether all that is under way waits for time to pass."""
        return len(self._parts.engine.under_way) <= len(self._clock.waiting)

    def run(self, hours: float) -> None:
        """Beat, as often as there is something to do."""
        while self._clock.seconds < hours * 3600:
            self._tick()
            calm = 0
            while calm < 2:  # once is not enough: somebody may just have been given a turn
                pause()
                calm = calm + 1 if self._is_calm() else 0
            at_rest = set(self.due) - self._parts.engine.under_way
            coming = [*self._clock.waiting, *(self.due[each] for each in at_rest)]
            self._clock.seconds = max(self._clock.seconds + 1, math.ceil(min(coming)))


def configure(folder: Path, known: dict[str, Site], port: int) -> None:
    """Write the configuration; a source's id is its host's name with other signs."""
    (folder / "sources").mkdir(parents=True)
    listed = [
        {"id": source_id(host), "url": f"http://{host}:{port}/feed", "category": "all-of-it"}
        for host in known
    ]
    (folder / "sources/all.yaml").write_text(json.dumps({"sources": listed}))
    (folder / "categories.yaml").write_text("categories: [{id: all-of-it}]\n")


def source_id(host: str) -> str:
    """What the source of a host is called."""
    return host.replace(".", "-")


@contextlib.contextmanager
def simulated(seed: int) -> Iterator[tuple[Day, Log]]:
    """The service and its origin, ready to go."""
    clock = SimulatedTime(MONDAY)
    days: list[Day] = []
    known = sites(random.Random(seed))
    log = Log(clock.now, lambda host: days[0].due[source_id(host)])
    origin = server(known, log)
    threading.Thread(target=origin.serve_forever, daemon=True).start()
    with tempfile.TemporaryDirectory() as home:
        configure(Path(home) / "config", known, origin.server_port)
        configuration = load(Path(home) / "config", {})
        fetch = configuration.settings.fetch
        budget = OutsideBudget(fetch.per_domain, fetch.pause.total_seconds(), clock)
        with (
            contextlib.closing(open_configured_store(configuration)) as store,
            contextlib.closing(
                assemble(
                    configuration,
                    store,
                    clock.utc,
                    policy=mapped(HOST, origin.server_port),
                    budget=budget,
                )
            ) as parts,
        ):
            days.append(Day(parts, clock))
            yield days[0], log
    origin.shutdown()


def table(lines: Sequence[Line], log: Log, hours: float) -> str:
    """What the origin's log says."""
    statuses = Counter(line.status for line in lines)
    good = statuses[200] + statuses[304]
    seconds = Counter(int(line.at) for line in lines)
    asked = {line.site.host for line in lines}
    conditional = [line for line in lines if line.conditional]
    unchanged = sum(line.status == 304 for line in conditional)
    mean = len(lines) / (hours * 3600)
    facts = {
        f"requests in {hours:g} hours": f"{len(lines):,} to {len(asked):,} sources",
        "requests a second": f"mean {mean:.2f}, most {max(seconds.values())}",
        "answers": ", ".join(f"{status}: {n:,}" for status, n in sorted(statuses.items())),
        "304 among good answers": f"{statuses[304] / good:.0%}",
        "304 among conditional requests": f"{unchanged / len(conditional):.0%}",
        "too early": str(sum(line.early for line in lines)),
    }
    rows = "\n".join(f"| {name} | {value} |" for name, value in facts.items())
    return f"| seen by the origin | |\n|---|---|\n{rows}\n\n{_domains(lines, log)}"


def _domains(lines: Sequence[Line], log: Log) -> str:
    """How the domains were treated, those with the most requests a minute first."""
    by_domain = defaultdict[str, list[Line]](list)
    for line in lines:
        by_domain[line.site.domain].append(line)
    groups = defaultdict[str, list[str]](list)
    for domain, its in by_domain.items():
        number = len({line.site.host for line in its})
        groups[STRICT if domain == STRICT else f"domains of {number}"].append(domain)
    rows = [
        "| domain | sources | requests | most in a minute | at once | least seconds apart | 429 |",
        "|---|---|---|---|---|---|---|",
    ]
    for name, domains in groups.items():
        its = [line for domain in domains for line in by_domain[domain]]
        minutes = Counter((line.site.domain, int(line.at // 60)) for line in its)
        gaps = [gap for domain in domains for gap in _gaps(by_domain[domain])]
        told = name if len(domains) == 1 else f"{len(domains):,} {name}"
        at_once = max(log.most_at_once[domain] for domain in domains)
        rows.append(
            f"| {told} | {len({line.site.host for line in its}):,} | {len(its):,} "
            f"| {max(minutes.values())} | {at_once} | {min(gaps, default=0):g} "
            f"| {sum(line.status == 429 for line in its)} |"
        )
    return "\n".join(rows) + "\n"


def _gaps(lines: Sequence[Line]) -> Iterator[float]:
    """Seconds between the requests to a domain."""
    times = sorted(line.at for line in lines)
    yield from (later - earlier for earlier, later in pairwise(times))


def main() -> None:
    """Run the day and print what the origin saw; `--write` puts it into the documentation."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--hours", type=float, default=24)
    parser.add_argument("--write", action="store_true")
    parser.add_argument("--log", type=Path, help="write every request there")
    options = parser.parse_args()
    set_up_logs(logging.ERROR)
    with simulated(seed=1) as (day, log):
        day.run(options.hours)
        lines = list(log.lines)
    if options.log:
        told = (
            f"{MONDAY + timedelta(seconds=line.at):%H:%M:%S} {line.site.host} {line.status}"
            for line in lines
        )
        options.log.write_text("\n".join(told) + "\n")
    print(table(lines, log, options.hours))
    if options.write:
        write_table("day", table(lines, log, options.hours))


if __name__ == "__main__":
    main()
