"""docs/faults.md and docs/advisories.md name tests that there are."""

from __future__ import annotations

import ast
import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs/faults.md").read_text(encoding="utf-8")
ADVISORIES = (ROOT / "docs/advisories.md").read_text(encoding="utf-8")


def test_every_named_test_exists() -> None:
    """Each `file::test` of the two pages is a test in that file."""
    named = set(re.findall(r"`(tests/[\w/]+\.py)::(\w+)`", PAGE + ADVISORIES))
    assert len(named) > 80
    for file, name in named:
        tree = ast.parse((ROOT / file).read_text(encoding="utf-8"))
        tests = {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}
        assert name in tests, f"{file}::{name}"


def test_every_advisory_has_a_test() -> None:
    """No line of the advisories stands there without one."""
    rows = re.findall(r"^\| (?!who|---)(.*) \|$", ADVISORIES, re.MULTILINE)
    assert len(rows) > 25
    shown = re.compile(r"audited|::")
    assert [row for row in rows if not shown.search(row.rpartition("|")[2])] == []


def test_every_fault_of_the_origin_has_its_line() -> None:
    """Whatever an origin of the tests can do belongs to a row of the page."""
    source = (ROOT / "tests/support/origin/faults.py").read_text(encoding="utf-8")
    for row in set(re.findall(r'Fault\(\s*"([A-Z]\d+)"', source)):
        assert re.search(rf"^\| .*\b{row}\b", PAGE, re.MULTILINE), row
