"""What a limit is."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Limit:
    """So much is taken; `beyond` says what becomes of more, `fits` whether so much was too much."""

    value: int
    unit: str
    beyond: str
    fits: Callable[[int], bool]

    def row(self, name: str) -> str:
        """Its line in docs/faults.md."""
        return f"| {name} | {self.value:,} {self.unit} | {self.beyond} |"
