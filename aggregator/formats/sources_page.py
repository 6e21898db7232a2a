"""The page for people that names every source: by category, with its site, to whom it is owed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from aggregator.formats.common import writable
from aggregator.formats.pages import Frame, render_page


@dataclass(frozen=True, slots=True)
class ShownSource:
    """A source by its name; `site` is the address of its site, "" where none is known."""

    title: str
    site: str


@dataclass(frozen=True, slots=True)
class SourceGroup:
    """The sources of one category; `titles` lead from the top of the tree down to it."""

    path: str
    titles: tuple[str, ...]
    language: str
    has_page: bool
    sources: tuple[ShownSource, ...]


@dataclass(frozen=True, slots=True)
class SourcesPage:
    """What the page shows; `more` counts the sources that are left out."""

    frame: Frame
    groups: Sequence[SourceGroup]
    more: int = 0


def render_sources(page: SourcesPage) -> bytes:
    """Write the page; the same input always gives the same bytes."""
    return render_page("sources.html", page.frame, page=writable(page))
