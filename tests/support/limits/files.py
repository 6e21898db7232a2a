"""Limits of the configuration, and of what the web asks us for."""

from __future__ import annotations

import tempfile
from pathlib import Path

from aggregator.config import load, parsing, tree
from aggregator.errors import ConfigurationError
from aggregator.text import search, slugs
from aggregator.web import addresses
from tests.support.limits.limit import Limit


def _faults(**files: str) -> str:
    """What is wrong with a configuration of these files, in one text."""
    with tempfile.TemporaryDirectory() as folder:
        for name, text in files.items():
            Path(folder, f"{name}.yaml").write_text(text, encoding="utf-8")
        try:
            load.load(Path(folder), {})
        except ConfigurationError as error:
            return str(error)
    return ""


def _file(size: int) -> bool:
    return not _faults(aggregator="#" * (size - 1) + "\n")


def _nesting(levels: int) -> bool:
    return "nested" not in _faults(aggregator=f"x: {'[' * (levels - 1)}{']' * (levels - 1)}")


def _aliases(number: int) -> bool:
    return "aliases" not in _faults(aggregator=f"x: [&a 1{', *a' * number}]")


def _levels(number: int) -> bool:
    inner = "{id: a}"
    for _ in range(number - 1):
        inner = f"{{id: a, categories: [{inner}]}}"
    return not _faults(categories=f"categories: [{inner}]")


def _id(size: int) -> bool:
    try:
        return slugs.check_segment("x" * size) != ""
    except ValueError:
        return False


def _path(size: int) -> bool:
    return addresses.segments(b"/" + b"x" * (size - 1)) is not None


def _query(size: int) -> bool:
    """Whether the last letter of what somebody typed is read."""
    padded = " " * (size - 1) + "x"
    return search.terms(padded) != ()


LIMITS = {
    "configuration file": Limit(load.MOST_BYTES, "bytes", "refused, with file and line", _file),
    "nesting of YAML": Limit(parsing.DEEPEST, "levels", "refused, with file and line", _nesting),
    "aliases in YAML": Limit(
        parsing.MOST_ALIASES, "aliases", "refused, with file and line", _aliases
    ),
    "levels of categories": Limit(tree.DEEPEST, "levels", "refused, with file and line", _levels),
    "id": Limit(slugs.LONGEST_SEGMENT, "characters", "refused, with file and line", _id),
    "path that we are asked for": Limit(addresses._LONGEST, "bytes", "404", _path),
    "words to search for": Limit(search.LONGEST_QUERY, "characters", "cut", _query),
}
