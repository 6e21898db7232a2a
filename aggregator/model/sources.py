"""What readers may know of a source."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class KnownSource:
    """A source as it calls itself; both are "" where it never said. `site` leads to its pages."""

    source_id: str
    title: str
    site: str
