"""Limits of the configuration, and of the files of a source that is a folder."""

from __future__ import annotations

import tempfile
from pathlib import Path

from aggregator.config import load, parsing, tree
from aggregator.errors import ConfigurationError, FetchError
from aggregator.fetch import folder
from aggregator.model.pages import Folder
from aggregator.text import slugs
from tests.support.fetching import NOW
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


def _values(number: int) -> bool:
    """Whether a file may stand for so many values, most of them by aliases."""
    thousand = f"[{'1,' * 999}1]"
    rest = ",1" * (number - len("{[") - 998 * 1001)
    return "values" not in _faults(aggregator=f"x: [&a {thousand}{', *a' * 997}{rest}]")


def _bytes(size: int) -> bool:
    letters, spare = divmod(size, 3)
    try:
        return slugs.check_segment("新" * letters + "x" * spare) != ""
    except ValueError:
        return False


def _file_of_a_folder(size: int) -> bool:
    with tempfile.TemporaryDirectory() as name:
        Path(name, "post.md").write_bytes(b"x" * size)
        try:
            return len(folder.read(Folder(name, "*"), "post.md", NOW).body) == size
        except FetchError:
            return False


LIMITS = {
    "configuration file": Limit(load.MOST_BYTES, "bytes", "refused, with file and line", _file),
    "nesting of YAML": Limit(parsing.DEEPEST, "levels", "refused, with file and line", _nesting),
    "aliases in YAML": Limit(
        parsing.MOST_ALIASES, "aliases", "refused, with file and line", _aliases
    ),
    "values in YAML": Limit(parsing.MOST_VALUES, "values", "refused, with file and line", _values),
    "levels of categories": Limit(tree.DEEPEST, "levels", "refused, with file and line", _levels),
    "id": Limit(slugs.LONGEST_SEGMENT, "characters", "refused, with file and line", _id),
    "id, in UTF-8": Limit(
        slugs.LONGEST_SEGMENT_BYTES, "bytes", "refused, with file and line", _bytes
    ),
    "file of a folder": Limit(folder.LARGEST_FILE, "bytes", "`too_large`", _file_of_a_folder),
}
