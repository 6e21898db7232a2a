"""Rules of the house that no linter knows: they hold for every file of the project."""

from __future__ import annotations

import ast
import re
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
TESTS = sorted((ROOT / "tests").rglob("test_*.py"))
SOURCES = sorted((ROOT / "aggregator").rglob("*.py"))


def functions(path: Path) -> list[ast.FunctionDef]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)]


@pytest.mark.parametrize("path", TESTS, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_every_test_states_its_rule(path: Path) -> None:
    """Each test has a docstring: one sentence that says what holds."""
    tests = [each for each in functions(path) if each.name.startswith("test_")]
    assert [each.name for each in tests if not ast.get_docstring(each)] == []


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_files_stay_small(path: Path) -> None:
    """No module of the package grows beyond 300 lines: then it wants to become a folder."""
    assert len(path.read_text(encoding="utf-8").splitlines()) <= 300


def test_locks_name_no_address() -> None:
    """Lock files carry versions and hashes, and no host that they came from."""
    for lock in ROOT.glob("*.lock"):
        text = lock.read_text(encoding="utf-8")
        assert "--hash=sha256:" in text
        assert not re.search(r"https?://|--(extra-)?index-url|--find-links", text)


def lint_imports(folder: Path) -> subprocess.CompletedProcess[str]:
    tool = Path(sys.executable).parent / "lint-imports"
    return subprocess.run(
        [tool, "--no-cache"], cwd=folder, capture_output=True, text=True, check=False, timeout=100
    )


@pytest.mark.parametrize(
    ("module", "line", "broken"),
    [
        ("aggregator/text/hashing.py", "import aggregator.store", "floors"),
        ("aggregator/fetch/guard.py", "import aggregator.dedupe", "floors"),
        ("aggregator/publish/gate.py", "import feedgen.feed", "feedgen"),
        ("aggregator/ingest/writer.py", "import sqlmodel", "SQLModel"),
        ("aggregator/clean/links.py", "import bleach", "bleach"),
        ("aggregator/sources/page.py", "import requests", "requests"),
        ("aggregator/service/service.py", "import apscheduler", "APScheduler"),
    ],
)
def test_import_contracts_bite(tmp_path: Path, module: str, line: str, broken: str) -> None:
    """An import up, sideways, or of a library that belongs to another module breaks a contract."""
    shutil.copytree(ROOT / "aggregator", tmp_path / "aggregator")
    shutil.copy(ROOT / "pyproject.toml", tmp_path)
    path = tmp_path / module
    path.write_text(path.read_text(encoding="utf-8") + f"\n{line}\n", encoding="utf-8")
    done = lint_imports(tmp_path)
    assert done.returncode == 1, done.stdout + done.stderr
    assert re.search(rf"{broken}.*BROKEN", done.stdout), done.stdout
