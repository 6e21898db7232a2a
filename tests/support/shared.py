"""The data that lies beside the project, where there is any; tests that need it skip, loudly."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

SHARED = Path(__file__).resolve().parents[2].parent / "shared"


def shared(name: str) -> Path:
    """A file or folder of the shared data; skips the test where it is missing."""
    path = SHARED / name
    if not path.exists():
        pytest.skip(f"NOT TESTED: ../shared/{name} is not beside the project")
    return path


def require(tool: str, *, present: bool) -> None:
    """Skip where a tool is missing, or fail where AGGREGATOR_TEST_REQUIRE names it."""
    if present:
        return
    if tool in os.environ.get("AGGREGATOR_TEST_REQUIRE", "").split(","):
        pytest.fail(f"{tool} is required here and is missing")
    pytest.skip(f"NOT TESTED: {tool} is missing")
