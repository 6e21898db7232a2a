"""Tables for people on a terminal: all of one look. Knows nothing of what stands in them."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import UTC, datetime

from rich.table import Table


def plain_table(
    headings: Sequence[str], whole: Collection[str] = (), numbers: Collection[str] = ()
) -> Table:
    """An empty table; what stands under a `whole` heading is never broken, so it can be copied."""
    table = Table(box=None, pad_edge=False, header_style="bold")
    for heading in headings:
        table.add_column(
            heading,
            no_wrap=heading in whole,
            overflow="fold",
            justify="right" if heading in numbers else "left",
        )
    return table


def minute(moment: datetime | None) -> str:
    """A moment in UTC, to the minute; nothing for none."""
    return f"{moment.astimezone(UTC):%Y-%m-%d %H:%M}" if moment else ""
