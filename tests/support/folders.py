"""Configuration folders for tests, written as a person would write them."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any


def configured(
    folder: Path,
    sources: Sequence[Mapping[str, Any]],
    categories: Sequence[Mapping[str, Any]] = (),
    **settings: Any,
) -> Path:
    """Write a whole configuration below `folder`; gives that folder back.

    Private addresses are allowed, and the service listens on a free port of 127.0.0.1.
    """
    base: dict[str, Any] = {
        "site": {"title": "Wire", "url": "https://news.example.org/"},
        "fetch": {"allow_private": True},
        "server": {"bind": "127.0.0.1:0"},
    }
    for section, values in settings.items():
        both = isinstance(values, Mapping) and section in base
        base[section] = {**base[section], **values} if both else values
    config = folder / "config"
    (config / "sources").mkdir(parents=True, exist_ok=True)
    write(config / "aggregator.yaml", base)
    write(config / "categories.yaml", {"categories": list(categories)})
    write(config / "sources/all.yaml", {"sources": list(sources)})
    return folder


def write(path: Path, data: Any) -> None:
    """Write data as YAML (of which JSON is a part), whole or not at all."""
    beside = path.with_suffix(".new")
    beside.write_text(json.dumps(data, ensure_ascii=False), encoding="utf-8")
    beside.replace(path)


def published(folder: Path) -> dict[str, bytes]:
    """Every file that was published, by its name below `feeds/`."""
    root = folder / "feeds"
    files = [path for path in root.rglob("*") if path.is_file() and path.name[0] != "."]
    return {path.relative_to(root).as_posix(): path.read_bytes() for path in files}
