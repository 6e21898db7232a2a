"""Cases that lie as data in `tests/cases`: a document beside what should be read out of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict
from datetime import timedelta
from pathlib import Path
from typing import Any

from aggregator.model.entries import ParsedDocument

CASES = Path(__file__).resolve().parents[1] / "cases"


def documents(kind: str) -> list[Path]:
    """The documents of a kind's cases, in the order of their names."""
    return [path for path in sorted((CASES / kind).iterdir()) if ".expected" not in path.suffixes]


def summary(found: ParsedDocument) -> dict[str, Any]:
    """A document in plain values, without what is empty: as a case's expectation is written."""
    held: dict[str, Any] = _without_empty(asdict(found))
    return held


def _without_empty(value: Any) -> Any:
    if isinstance(value, Mapping):
        if "value" in value:
            return f"{value['type']}: {value['value']}" if value["value"] else ""
        kept = {key: _without_empty(one) for key, one in value.items()}
        return {key: one for key, one in kept.items() if one not in ("", None, {}, [], 0)}
    if isinstance(value, frozenset):
        return sorted(value)
    if isinstance(value, timedelta):
        return value.total_seconds()
    if isinstance(value, list | tuple):
        return [_without_empty(one) for one in value]
    return value
