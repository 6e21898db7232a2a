"""What the commands tell in tables."""

from __future__ import annotations

import io
from datetime import UTC, datetime, timedelta

from rich.console import Console

from aggregator.cli.report import health_data, health_table
from aggregator.model.pages import FetchState
from aggregator.model.results import SourceHealth

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)


def test_a_source_that_moved_shows_where_to() -> None:
    """Table and data say where a source is read from now, without the secrets of the address."""
    state = FetchState(
        NOW, timedelta(hours=1), moved_to="https://u:pw@new.example/feed?key=pw", why="first guess"
    )
    health = SourceHealth("wire", "Wire", state, None, 0, 0.0)
    console = Console(file=io.StringIO(), width=200)
    console.print(health_table([health], NOW))
    shown = console.file.getvalue()  # type: ignore[attr-defined] # the StringIO from above
    assert "first guess; moved to https://new.example/feed?key=…" in shown
    assert health_data(health)["moved_to"] == "https://new.example/feed?key=…"
