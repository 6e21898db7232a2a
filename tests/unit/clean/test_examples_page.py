"""The page that shows cleaning at work says what cleaning does."""

from __future__ import annotations

import runpy
from pathlib import Path

DOCUMENTATION = Path(__file__).resolve().parents[3] / "docs"


def test_the_page_is_what_cleaning_does() -> None:
    """docs/cleaning-examples.md holds twenty bodies, each as it comes out today."""
    made = runpy.run_path(str(DOCUMENTATION / "make_cleaning_page.py"))["render"]()
    assert made == (DOCUMENTATION / "cleaning-examples.md").read_text("utf-8")
    assert made.count("\nbecomes\n") == 20
