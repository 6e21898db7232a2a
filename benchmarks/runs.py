"""What was measured, kept between the parts of the benchmark in a file: `.bench/measured.json`.

A case (such as `304`) is what was done, `who` is a contestant, and each has the costs of its runs.
Measuring a case again replaces it; all others stay, so that the parts may be run one by one.
"""

from __future__ import annotations

import json
import statistics
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

from benchmarks.measure import Cost
from benchmarks.work import Work

MEASURED = Path(__file__).resolve().parent.parent / ".bench/measured.json"


class Run(NamedTuple):
    """One run of one contestant in one case."""

    case: str
    who: str
    cost: Cost


Runs = Iterator[Run]
"""What a part of the benchmark gives: one run after the other, as they end."""


@dataclass(frozen=True)
class Setting:
    """How much is measured: the work, how often, and by whom (`only`: everybody where empty)."""

    work: Work
    rounds: int = 2
    only: tuple[str, ...] = ()
    postgres: bool = True
    million: bool = False

    def has(self, who: str) -> bool:
        """Whether this contestant takes part."""
        return not self.only or who in self.only


@dataclass(frozen=True)
class Case:
    """Everybody's costs in one case: when they were measured, of how many feeds, by contestant."""

    measured: str
    feeds: int
    costs: Mapping[str, Sequence[Cost]]

    def medians(self) -> dict[str, Cost]:
        """The median of each contestant's runs."""
        return {who: median(costs) for who, costs in self.costs.items()}


def median(costs: Sequence[Cost]) -> Cost:
    """The median of each figure for itself."""

    def middle(values: Sequence[float]) -> float:
        return statistics.median(values) if values else 0.0

    facts = {
        name: middle([each.facts[name] for each in costs if name in each.facts])
        for cost in costs
        for name in cost.facts
    }
    return Cost(
        middle([each.cpu for each in costs]),
        middle([each.wall for each in costs]),
        middle([each.peak_mb for each in costs]),
        facts,
    )


def cases_of(runs: Sequence[Run], feeds: int) -> dict[str, Case]:
    """Runs by their cases."""
    found: dict[str, dict[str, list[Cost]]] = defaultdict(lambda: defaultdict(list))
    for run in runs:
        found[run.case][run.who].append(run.cost)
    today = datetime.now(UTC).date().isoformat()
    return {name: Case(today, feeds, dict(costs)) for name, costs in found.items()}


def load(file: Path = MEASURED) -> dict[str, Case]:
    """What was measured until now; nothing where there is no file."""
    if not file.exists():
        return {}
    return {
        name: Case(
            case["measured"],
            case["feeds"],
            {who: [Cost(**cost) for cost in costs] for who, costs in case["costs"].items()},
        )
        for name, case in json.loads(file.read_text("utf-8")).items()
    }


def save(cases: Mapping[str, Case], file: Path = MEASURED) -> None:
    """Keep these cases; those of the same names go."""
    kept = {**load(file), **cases}
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(json.dumps({name: asdict(case) for name, case in kept.items()}, indent=1))
