"""Durations and sizes as people write them in configuration files: `30m`, `365d`, `15MB`.

Does not know which keys use them; see `settings`.
"""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Annotated

from pydantic import BeforeValidator, PlainSerializer, WithJsonSchema

_UNIT_SECONDS = {"ms": 0.001, "s": 1, "m": 60, "h": 3600, "d": 86400, "w": 604800}
_UNIT_BYTES = {"B": 1, "KB": 1000, "MB": 1000**2, "GB": 1000**3, "KiB": 1024, "MiB": 1024**2}
_DURATION = re.compile(r"(\d+(?:\.\d+)?)(ms|[smhdw])")
_SIZE = re.compile(r"(\d+(?:\.\d+)?) ?(B|KB|MB|GB|KiB|MiB)")
_LONGEST = timedelta(days=36500)


def parse_duration(text: object) -> timedelta:
    """Read a duration such as `30m`, `1h30m` or `365d`.

    Raises:
        ValueError: it is not written as number and unit, or it is longer than a century.
    """
    if isinstance(text, timedelta):
        return text
    if not isinstance(text, str) or not re.fullmatch(f"(?:{_DURATION.pattern})+", text):
        raise ValueError("write a duration as a number and a unit: 45s, 30m, 24h, 365d or 2w")
    seconds = sum(float(n) * _UNIT_SECONDS[unit] for n, unit in _DURATION.findall(text))
    if seconds > _LONGEST.total_seconds():
        raise ValueError("a duration may be 36500d (a century) at most")
    return timedelta(seconds=seconds)


def parse_size(text: object) -> int:
    """Read a number of bytes such as `15MB` (1000-based) or `512KiB` (1024-based).

    Raises:
        ValueError: it is not written as number and unit.
    """
    if isinstance(text, int) and not isinstance(text, bool):
        return text
    match = _SIZE.fullmatch(text) if isinstance(text, str) else None
    if match is None:
        raise ValueError("write a size as a number and a unit: 500KB, 15MB or 2GB")
    return int(float(match[1]) * _UNIT_BYTES[match[2]])


def format_duration(value: timedelta) -> str:
    """Write a duration in its largest whole unit: `timedelta(minutes=90)` gives `90m`."""
    seconds = value.total_seconds()
    for unit in ("d", "h", "m", "s"):
        if seconds >= _UNIT_SECONDS[unit] and seconds % _UNIT_SECONDS[unit] == 0:
            return f"{seconds / _UNIT_SECONDS[unit]:.0f}{unit}"
    return f"{seconds * 1000:.0f}ms" if seconds else "0s"


def format_size(value: int) -> str:
    """Write a number of bytes in its largest whole 1000-based unit: `15_000_000` gives `15MB`."""
    for unit in ("GB", "MB", "KB"):
        if value and value % _UNIT_BYTES[unit] == 0:
            return f"{value // _UNIT_BYTES[unit]}{unit}"
    return f"{value}B"


Duration = Annotated[
    timedelta,
    BeforeValidator(parse_duration),
    PlainSerializer(format_duration, return_type=str),
    WithJsonSchema(
        {"type": "string", "pattern": r"^(\d+(\.\d+)?(ms|[smhdw]))+$", "examples": ["30m", "24h"]}
    ),
]
"""A `timedelta`, written `30m`."""

Size = Annotated[
    int,
    BeforeValidator(parse_size),
    PlainSerializer(format_size, return_type=str),
    WithJsonSchema(
        {
            "type": ["string", "integer"],
            "pattern": r"^\d+(\.\d+)? ?(B|KB|MB|GB|KiB|MiB)$",
            "examples": ["15MB"],
        }
    ),
]
"""A number of bytes, written `15MB`."""
