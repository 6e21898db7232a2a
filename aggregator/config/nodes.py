"""A configuration file as a tree of values that know where they stand.

Does not read YAML (see `parsing`) and does not judge what a value is good for.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from aggregator.errors import Fault

Path = tuple[str | int, ...]
"""Keys and list positions from the top of a file to a value."""


UNUSABLE = object()
"""Stands for a value that could not be read, and was reported already."""


class Place(NamedTuple):
    """Line and column, both from 1; 0 where unknown."""

    line: int
    column: int


@dataclass(frozen=True, slots=True)
class Scalar:
    """A single value; `text` is how the file writes it, before `${NAME}` was replaced.

    `replaced` says that the value came, in part at least, out of the environment: it may be a
    secret and is never shown.
    """

    place: Place
    text: str
    value: object
    replaced: bool = False


@dataclass(frozen=True, slots=True)
class Items:
    """A list."""

    place: Place
    items: tuple[Node, ...] = ()


@dataclass(frozen=True, slots=True)
class Entry:
    """What stands under a key; `inherited` says that it comes from the file's `defaults`."""

    key: Place
    node: Node
    inherited: bool = False


@dataclass(frozen=True, slots=True)
class Keys:
    """A mapping."""

    place: Place
    entries: dict[str, Entry] = field(default_factory=dict)


Node = Scalar | Items | Keys


@dataclass(frozen=True, slots=True)
class Finding:
    """Something wrong at a path of one file; with `at_key` the key is meant, not its value."""

    path: Path
    what: str
    hint: str = ""
    at_key: bool = False
    place: Place | None = None


@dataclass(frozen=True, slots=True)
class Document:
    """One file, or one source out of it; `name` is what findings in it are prefixed with."""

    file: str
    root: Node
    name: tuple[str, ...] = ()

    def fault(self, finding: Finding) -> Fault:
        """The same finding, told with file, line, column and dotted path."""
        found = find(self.root, finding.path)
        place = finding.place or (found.key if finding.at_key else found.node.place)
        names = found.names if found.inherited else (*self.name, *found.names)
        return Fault(self.file, *place, ".".join(names), finding.what, finding.hint)


class Found(NamedTuple):
    """Where a path led: the last value on it that exists, its key, and the names on the way."""

    node: Node
    key: Place
    names: tuple[str, ...]
    path: Path
    inherited: bool


def find(root: Node, path: Sequence[str | int]) -> Found:
    """Follow a path as far as it goes; parts that are no key or position are passed over.

    A validator's path also holds the names of alternatives it tried, which are not in the file.
    """
    node, key, inherited = root, root.place, False
    names: list[str] = []
    taken: list[str | int] = []
    for part in path:
        if isinstance(node, Keys) and isinstance(part, str) and part in node.entries:
            entry = node.entries[part]
            if entry.inherited:
                inherited = True
                names.append("defaults")
            node, key = entry.node, entry.key
            names.append(part)
        elif isinstance(node, Items) and isinstance(part, int) and part < len(node.items):
            node = node.items[part]
            key = node.place
            names.append(label(node) or str(part))
        else:
            continue
        taken.append(part)
    return Found(node, key, tuple(names), tuple(taken), inherited)


def scalar_at(node: Node, key: str) -> Scalar | None:
    """The text under a key of a mapping; None where there is none, or it is no text."""
    entry = node.entries.get(key) if isinstance(node, Keys) else None
    found = entry.node if entry else None
    return found if isinstance(found, Scalar) and isinstance(found.value, str) else None


def text_at(node: Node, key: str) -> str:
    """The value of the text under a key; "" where there is none."""
    found = scalar_at(node, key)
    return str(found.value) if found else ""


def label(node: Node) -> str:
    """The id of a mapping as the file writes it; "" where it has none."""
    found = scalar_at(node, "id")
    return found.text if found else ""


def value_of(node: Node) -> object:
    """The plain data of a tree; a key without a value has None."""
    match node:
        case Scalar():
            return node.value
        case Items():
            return [value_of(item) for item in node.items]
        case Keys():
            return {key: value_of(entry.node) for key, entry in node.entries.items()}


def holds_replaced(node: Node) -> bool:
    """Whether any value in a tree came out of the environment."""
    match node:
        case Scalar():
            return node.replaced
        case Items():
            return any(holds_replaced(item) for item in node.items)
        case Keys():
            return any(holds_replaced(entry.node) for entry in node.entries.values())


def values_at(root: Node, pattern: Sequence[str], path: Path = ()) -> Iterator[tuple[Path, Scalar]]:
    """Every single value that a pattern of keys names; `*` stands for every key or item."""
    if isinstance(root, Scalar):
        if all(part == "*" for part in pattern):
            yield path, root
        return
    if not pattern:
        return
    first, rest = pattern[0], pattern[1:]
    if first == "*":
        for part, child in _children(root):
            yield from values_at(child, rest, (*path, part))
    elif isinstance(root, Keys) and first in root.entries:
        yield from values_at(root.entries[first].node, rest, (*path, first))


def _children(node: Items | Keys) -> Iterator[tuple[str | int, Node]]:
    """What stands directly under a list or a mapping."""
    if isinstance(node, Items):
        yield from enumerate(node.items)
    else:
        yield from ((key, entry.node) for key, entry in node.entries.items())
