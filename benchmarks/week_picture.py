"""Draws the simulated week as SVG: for each source its articles, its visits, and the interval."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta
from typing import Protocol

LEFT, WIDTH, BAND, GRAPH = 130, 800, 118, 56
TOP = 34
DAYS = ("Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun")
GUIDES = ((timedelta(minutes=5), "5m"), (timedelta(hours=1), "1h"), (timedelta(hours=24), "24h"))
_SHORTEST, _LONGEST = math.log(300), math.log(86_400)
_STYLE = """
text { font: 12px sans-serif; fill: #333 } .name { font-weight: bold; font-size: 13px }
.small { font-size: 10px; fill: #777 } .guide { stroke: #e4e4e4 } .day { stroke: #ccc }
.post { stroke: #2a7f3e; stroke-width: 1.5 } .visit { stroke: #3566a8; stroke-opacity: .55 }
.failed { stroke: #c62828; stroke-width: 1.5 } .wait { stroke: #3566a8; fill: none }
"""


class Visit(Protocol):
    """One fetch."""

    @property
    def at(self) -> datetime:
        """When it was."""

    @property
    def good(self) -> bool:
        """Whether the source could be read."""

    @property
    def interval(self) -> timedelta:
        """How long until the next one."""


class Source(Protocol):
    """A source and its week."""

    @property
    def name(self) -> str:
        """What kind it is."""

    @property
    def posts(self) -> Sequence[datetime]:
        """When it posted."""

    @property
    def visits(self) -> Sequence[Visit]:
        """When it was visited."""


def draw(sources: Sequence[Source], monday: datetime) -> str:
    """The whole picture."""
    height = TOP + BAND * len(sources) + 6
    inside = [*_days(height), *_legend()]
    for place, source in enumerate(sources):
        inside += _band(source, monday, TOP + BAND * place)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {LEFT + WIDTH + 20} {height}" '
        'role="img" aria-label="A simulated week of five kinds of sources">'
        f'<style>{_STYLE}</style><rect width="100%" height="100%" fill="#fff"/>'
        + "\n".join(inside)
        + "</svg>\n"
    )


def _days(height: int) -> Iterator[str]:
    for number, name in enumerate((*DAYS, "")):
        x = LEFT + WIDTH * number / len(DAYS)
        yield _line("day", x, TOP - 8, x, height - 6)
        yield f'<text class="small" x="{x + 4:.1f}" y="{TOP - 10}">{name}</text>'


def _legend() -> Iterator[str]:
    told = (("post", "article"), ("visit", "visit"), ("failed", "failed"), ("wait", "wait"))
    for number, (style, word) in enumerate(told):
        x, y = 6 + 60 * (number % 2), 12 + 13 * (number // 2)
        yield (
            _line(style, x, y - 3, x + 10, y - 3)
            if style == "wait"
            else (_line(style, x + 5, y - 8, x + 5, y + 1))
        )
        yield f'<text class="small" x="{x + 14}" y="{y}">{word}</text>'


def _band(source: Source, monday: datetime, top: int) -> Iterator[str]:
    """Articles above, visits below them, and the wait after each visit as a line."""
    week = timedelta(days=7)

    def across(moment: datetime) -> float:
        return LEFT + WIDTH * min(max((moment - monday) / week, 0), 1)

    yield f'<text class="name" x="6" y="{top + 22}">{source.name}</text>'
    for length, word in GUIDES:
        y = _down(length, top)
        yield _line("guide", LEFT, y, LEFT + WIDTH, y)
        yield f'<text class="small" x="{LEFT - 26}" y="{y + 3:.1f}">{word}</text>'
    for moment in source.posts:
        if monday <= moment < monday + week:
            yield _line("post", across(moment), top + 6, across(moment), top + 18)
    steps = []
    for visit in source.visits:
        x = across(visit.at)
        yield _line("visit" if visit.good else "failed", x, top + 24, x, top + 36)
        y = _down(visit.interval, top)
        steps += [f"{x:.1f},{y:.1f}", f"{across(visit.at + visit.interval):.1f},{y:.1f}"]
    yield f'<polyline class="wait" points="{" ".join(steps)}"/>'


def _down(length: timedelta, top: int) -> float:
    """How far down a wait stands: 24 hours at the top, 5 minutes at the bottom."""
    share = (math.log(max(length.total_seconds(), 300)) - _SHORTEST) / (_LONGEST - _SHORTEST)
    return top + 46 + GRAPH * (1 - min(share, 1))


def _line(style: str, x1: float, y1: float, x2: float, y2: float) -> str:
    return f'<line class="{style}" x1="{x1:.1f}" y1="{y1:.1f}" x2="{x2:.1f}" y2="{y2:.1f}"/>'
