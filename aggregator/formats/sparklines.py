"""Small pictures of numbers by day: bars in an SVG that stands inside a page, without any style.

Colours and text are the page's business.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

HEIGHT = 28
STEP = 5
_GAP = 1
_SMALLEST = 1.5


@dataclass(frozen=True, slots=True)
class Bar:
    """A bar of the picture; `x` and `y` of its upper left corner, in the picture's units."""

    x: int
    y: float
    width: int
    height: float


@dataclass(frozen=True, slots=True)
class Sparkline:
    """Bars side by side, oldest first; 0 and None have no bar, every other value a visible one."""

    values: Sequence[float | None]

    @property
    def width(self) -> int:
        """Width of the picture."""
        return STEP * len(self.values)

    @property
    def height(self) -> int:
        """Height of the picture."""
        return HEIGHT

    @property
    def bars(self) -> list[Bar]:
        """One for each value; the highest reaches the top."""
        most = max((value for value in self.values if value), default=0)
        return [
            _bar(number, value / most) for number, value in enumerate(self.values) if value and most
        ]


def _bar(number: int, share: float) -> Bar:
    height = round(max(_SMALLEST, share * HEIGHT), 1)
    return Bar(number * STEP, round(HEIGHT - height, 1), STEP - _GAP, height)
