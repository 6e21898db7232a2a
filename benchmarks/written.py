"""Puts what benchmarks found into the documentation, between the marks that name them."""

from __future__ import annotations

import re
from pathlib import Path

DOCS = Path(__file__).resolve().parent.parent / "docs"
SCHEDULING = DOCS / "scheduling.md"
PICTURES = DOCS / "images"


def write_table(name: str, table: str, page: Path = SCHEDULING) -> None:
    """Replace what stands between `<!-- name: … -->` and `<!-- end of name -->`.

    Raises:
        ValueError: the page has no such marks.
    """
    marks = re.compile(rf"(<!-- {name}: .*? -->\n).*?(?=<!-- end of {name} -->)", re.DOTALL)
    text, number = marks.subn(lambda found: f"{found[1]}\n{table}\n", page.read_text("utf-8"))
    if number != 1:
        raise ValueError(f"{page.name} has no place for {name}")
    page.write_text(text, "utf-8")
