"""Draws what was measured: everybody beside each other, and how costs grow."""

from __future__ import annotations

from typing import Any

from benchmarks.runs import Case
from benchmarks.verdicts import Cases
from benchmarks.written import PICTURES

_CASES = {"cold": "first import", "304": "all 304", "same": "same bytes", "1%": "1 % changed"}
_STYLE = {
    "svg.hashsalt": "feeds",  # the same figures give the same file
    "svg.fonttype": "none",
    "font.size": 9,
    "axes.spines.top": False,
    "axes.spines.right": False,
}


def draw(cases: Cases) -> None:
    """Write performance.svg and growth.svg beside the other pictures, of what is there."""
    from matplotlib import rc_context
    from matplotlib.figure import Figure

    with rc_context(_STYLE):
        here = [name for name in _CASES if name in cases]
        if here:
            figure = Figure(figsize=(9, 5.4))
            for axis, name in zip(figure.subplots(2, 2).flat, here, strict=False):
                _everybody(axis, cases[name], _CASES[name])
            _save(figure, "performance.svg")
        if "stored" in cases and "sources" in cases:
            figure = Figure(figsize=(9, 3.2))
            left, right = figure.subplots(1, 2)
            _growth(left, cases["stored"], "articles stored")
            _growth(right, cases["sources"], "sources")
            _save(figure, "growth.svg")


def _save(figure: Any, name: str) -> None:
    figure.tight_layout()
    figure.savefig(PICTURES / name, metadata={"Date": None})


def _everybody(axis: Any, case: Case, title: str) -> None:
    """A bar for everybody, as long as the CPU seconds."""
    costs = case.medians()
    names = list(reversed(costs))
    seconds = [costs[who].cpu for who in names]
    colours = ["#2a7f3e" if who.startswith("ours") else "#9aa5b1" for who in names]
    bars = axis.barh(names, seconds, color=colours)
    axis.bar_label(bars, [f"{each:.3g}" for each in seconds], padding=3)
    axis.set_xlim(right=max(seconds) * 1.15)
    axis.get_xaxis().set_visible(False)
    axis.spines["bottom"].set_visible(False)
    axis.set_title(f"{title}: CPU seconds", loc="left")


def _growth(axis: Any, case: Case, title: str) -> None:
    """Costs of one poll and of one article over what there is."""
    costs = {int(size): cost for size, cost in case.medians().items()}
    for fact, word in (("poll_ms", "poll of a source"), ("article_ms", "new article")):
        values = [cost.facts[fact] for cost in costs.values()]
        axis.plot(list(costs), values, marker="o", label=word)
    axis.set_xscale("log")
    axis.set_ylim(bottom=0)
    axis.set_xlabel(title)
    axis.set_ylabel("CPU ms")
    axis.legend(frameon=False)
