"""Every real feed of the shared corpus as a source, on a server on loopback."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from tests.support.folders import configured
from tests.support.origin import Origin
from tests.support.shared import shared

KINDS = 5
"""So many categories are made, so that feeds mix articles of many sources."""


class RealFeeds:
    """The documents at their addresses, and folders whose sources are all of them."""

    def __init__(self, origin: Origin) -> None:
        self._origin = origin
        paths = sorted(path for path in shared("corpus/real").rglob("*") if path.is_file())
        for number, path in enumerate(paths):
            kind = "application/json" if path.suffix == ".json" else "application/xml"
            origin.serve(f"/{number}", path.read_bytes(), content_type=kind)
        self.documents = len(paths)

    def configured(self, folder: Path, **settings: Any) -> Path:
        """Write a configuration with a source a document, in as many categories as `KINDS`."""
        sources = [
            {"id": f"s{n}", "url": self._origin.url(f"/{n}"), "category": f"c{n % KINDS}"}
            for n in range(self.documents)
        ]
        categories = [{"id": f"c{n}"} for n in range(KINDS)]
        return configured(folder, sources, categories, **settings)


@contextmanager
def real_feeds() -> Iterator[RealFeeds]:
    """Serve them as long as the context lasts."""
    with Origin() as origin:
        yield RealFeeds(origin)
