"""What the service must reach, and whether it does: each row a ratio within what was measured."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from benchmarks.measure import Cost
from benchmarks.runs import Case, median
from benchmarks.work import Work

Cases = Mapping[str, Case]
OURS, NH3 = "ours", "ours, nh3"
SETTLE = 5.0
"""Seconds that publishing waits for more by default."""


class NotMeasuredError(Exception):
    """A figure that a row needs is not there."""


@dataclass(frozen=True)
class Verdict:
    """One row: what must hold, what was measured, and whether it holds; None: not measured."""

    what: str
    wanted: str
    measured: str = "–"
    holds: bool | None = None

    @property
    def word(self) -> str:
        """The verdict in one word."""
        return {None: "not measured", True: "reached", False: "**missed**"}[self.holds]


@dataclass(frozen=True)
class _Row:
    """A target: `value` must not be above `limit`, or not below it."""

    what: str
    limit: float
    value: Callable[[Cases], float]
    unit: str = " ×"
    at_least: bool = False

    def verdict(self, cases: Cases) -> Verdict:
        """Hold it against what was measured."""
        wanted = f"{'≥' if self.at_least else '≤'} {self._told(self.limit)}"
        try:
            value = self.value(cases)
        except NotMeasuredError:
            return Verdict(self.what, wanted)
        holds = value >= self.limit if self.at_least else value <= self.limit
        return Verdict(self.what, wanted, self._told(value), holds)

    def _told(self, value: float) -> str:
        digits = 0 if value >= 100 else 2
        return f"{value:,.{digits}f}{self.unit}"


def _cost(cases: Cases, case: str, who: str) -> Cost:
    try:
        return median(cases[case].costs[who])
    except KeyError as error:
        raise NotMeasuredError from error


def _wall(case: str, who: str, other: str) -> Callable[[Cases], float]:
    return lambda cases: _cost(cases, case, who).wall / _cost(cases, case, other).wall


def _cpu(case: str, who: str, other: str) -> Callable[[Cases], float]:
    return lambda cases: _cost(cases, case, who).cpu / _cost(cases, case, other).cpu


def _same(cases: Cases) -> float:
    """A poll with 200 and the same bytes, less what the transfer costs, in polls with 304."""
    same, poll = (_cost(cases, case, NH3).cpu for case in ("same", "304"))
    with_bytes, without = (_cost(cases, case, "only requests").cpu for case in ("same", "304"))
    return (same - max(with_bytes - without, 0.0)) / poll


def _changed(who: str) -> Callable[[Cases], float]:
    """CPU milliseconds for each feed that changed, published."""

    def value(cases: Cases) -> float:
        more = _cost(cases, "1%", who).cpu - _cost(cases, "304", who).cpu
        return 1000 * more / len(Work(cases["1%"].feeds).next(10).changed())

    return value


def _share_stored(cases: Cases) -> float:
    stored = _cost(cases, "cold", NH3).facts["articles"]
    return 100 * stored / Work(cases["cold"].feeds).articles


def _most_memory(cases: Cases) -> float:
    return max(_cost(cases, "cold", who).peak_mb for who in (OURS, NH3))


def _fact(case: str, who: str, name: str) -> Callable[[Cases], float]:
    return lambda cases: _cost(cases, case, who).facts[name]


def _per_request(case: str) -> Callable[[Cases], float]:
    ours, nginx = _fact(case, OURS, "per_request"), _fact(case, "nginx", "per_request")
    return lambda cases: ours(cases) / nginx(cases)


def _grown(case: str, fact: str, small: str, large: str) -> Callable[[Cases], float]:
    first, last = _fact(case, small, fact), _fact(case, large, fact)
    return lambda cases: last(cases) / first(cases)


def _memory_grown(cases: Cases) -> float:
    return _cost(cases, "sources", "10000").peak_mb / _cost(cases, "sources", "1000").peak_mb


_ROWS = (
    _Row("cold import, nh3: wall beside the floor", 2.0, _wall("cold", NH3, "floor")),
    _Row("cold import, nh3: CPU beside the floor", 2.0, _cpu("cold", NH3, "floor")),
    _Row(
        "cold import, nh3: faster than `reader`", 10.0, _wall("cold", "reader", NH3), at_least=True
    ),
    _Row("cold import, default: wall beside `reader`", 0.5, _wall("cold", OURS, "reader")),
    _Row(
        "cold import, default: wall beside bleach alone", 1.15, _wall("cold", OURS, "only bleach")
    ),
    _Row("poll, all 304: CPU beside `requests`", 1.5, _cpu("304", NH3, "only requests")),
    _Row("poll, all 304: better than `reader`", 3.0, _cpu("304", "reader", NH3), at_least=True),
    _Row("same bytes again, less the transfer: beside the 304 poll", 1.3, _same),
    _Row("1 % changed, nh3: CPU for each changed feed", 20, _changed(NH3), " ms"),
    _Row("1 % changed, default: CPU for each changed feed", 40, _changed(OURS), " ms"),
    _Row("articles stored", 99.95, _share_stored, " %", at_least=True),
    _Row("memory of a cold import, all processes", 300, _most_memory, " MB"),
    _Row("memory of a poll: 10,000 sources beside 1,000", 1.1, _memory_grown),
    _Row(
        "memory of an import: 10,000 sources beside 1,000",
        1.1,
        _grown("sources", "import_mb", "1000", "10000"),
    ),
    _Row(
        "one new article: served after", SETTLE + 1, lambda x: _cost(x, "served", OURS).wall, " s"
    ),
    _Row(
        "one new article: categories written, of two on its path",
        2,
        _fact("full one", NH3, "categories"),
        "",
    ),
    _Row("serving, 200 with gzip: CPU beside nginx", 3.0, _per_request("200")),
    _Row("serving, 304: CPU beside nginx", 3.0, _per_request("served 304")),
    _Row("`aggregator --help`", 0.25, lambda cases: _cost(cases, "help", OURS).wall, " s"),
    _Row("`aggregator run` ready", 2.0, lambda cases: _cost(cases, "first start", OURS).wall, " s"),
    _Row(
        "a new article: 100,000 stored beside 1,000",
        1.25,
        _grown("stored", "article_ms", "1000", "100000"),
    ),
    _Row(
        "a poll of one source: 10,000 of them beside 1,000",
        1.1,
        _grown("sources", "poll_ms", "1000", "10000"),
    ),
)


def verdicts(cases: Cases) -> Iterator[Verdict]:
    """Every row in its order."""
    return (row.verdict(cases) for row in _ROWS)


def table(cases: Cases) -> str:
    """The verdicts as Markdown."""
    lines = ["| what | wanted | measured | |", "|---|---:|---:|---|"]
    lines += [f"| {x.what} | {x.wanted} | {x.measured} | {x.word} |" for x in verdicts(cases)]
    return "\n".join(lines) + "\n"
