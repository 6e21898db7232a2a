"""From the bytes of a YAML file to a tree of nodes, or to every finding in it.

Everything that could hang or crash the reader is refused first, in one pass over the parser's
events: the C library composes nested collections recursively and without a limit of its own.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import yaml
from yaml.reader import Reader

from aggregator.config.nodes import (
    UNUSABLE,
    Entry,
    Finding,
    Items,
    Keys,
    Node,
    Path,
    Place,
    Scalar,
)
from aggregator.config.scalars import ScalarError, is_merge, scalar_value

DEEPEST = 64
"""Most lists and mappings inside one another."""
MOST_ALIASES = 1000
"""Most aliases (`*name`) in a file."""
MOST_NODES = 1_000_000
"""Most values in a file, each alias counted as the whole that it stands for."""

_LOADER: type[yaml.CSafeLoader | yaml.SafeLoader] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_COLLECTION_TAGS = {"tag:yaml.org,2002:map", "tag:yaml.org,2002:seq"}
_BYTE_ORDER_MARKS = {
    b"\xef\xbb\xbf": "a byte order mark",
    b"\xff\xfe": "UTF-16 or UTF-32",
    b"\xfe\xff": "UTF-16",
    b"\x00\x00\xfe\xff": "UTF-32",
}


class UnreadableError(ValueError):
    """The file as a whole cannot be read; `finding` says why."""

    def __init__(self, finding: Finding) -> None:
        self.finding = finding
        super().__init__(finding.what)


def decode(data: bytes) -> str:
    """Decode a configuration file, which is UTF-8 without a byte order mark.

    Raises:
        UnreadableError: it is in another encoding, or holds control characters.
    """
    for mark, name in _BYTE_ORDER_MARKS.items():
        if data.startswith(mark):
            raise _unreadable(f"the file begins with {name}", "save it as plain UTF-8", 1, 1)
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        before = data[: error.start].decode("utf-8", "replace")
        raise _unreadable("this is not UTF-8", "save the file as UTF-8", *_end(before)) from None
    strange = Reader.NON_PRINTABLE.search(text)
    if strange:
        what = f"a control character (U+{ord(strange.group()):04X}) stands here"
        raise _unreadable(what, "remove it", *_end(text[: strange.start()]))
    return text


def parse(text: str, environment: Mapping[str, str]) -> tuple[Node, list[Finding]]:
    """Read YAML; the tree holds what could be read, the findings say what could not.

    Raises:
        UnreadableError: it is not YAML, or beyond a limit.
    """
    try:
        _guard(text)
        top = _LOADER(text).get_single_node()
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        raise _unreadable(_syntax(error), "", *_mark(mark)) from None
    except yaml.YAMLError as error:
        raise _unreadable(f"this is not YAML: {error}", "", 1, 1) from None
    if top is None:
        return Keys(Place(1, 1)), []
    builder = _Builder(environment)
    return builder.node(top, ()), builder.findings


def _syntax(error: yaml.MarkedYAMLError) -> str:
    """What PyYAML says, with a word on the mistakes that it explains least."""
    problem = str(error.problem or error.context)
    if "\\t" in problem or "tab" in problem:
        problem += " (tabs cannot indent; use spaces)"
    return f"this is not YAML: {problem}"


def _guard(text: str) -> None:
    """Refuse what is nested too deep, has too many aliases, or too many values."""
    depth = aliases = nodes = 0
    for event in yaml.parse(text, Loader=_LOADER):
        place = _mark(event.start_mark)
        if isinstance(event, yaml.CollectionEndEvent):
            depth -= 1
        elif isinstance(event, yaml.NodeEvent):
            nodes += 1
            depth += isinstance(event, yaml.CollectionStartEvent)
            aliases += isinstance(event, yaml.AliasEvent)
        if depth > DEEPEST:
            raise _unreadable(f"this is nested more than {DEEPEST} deep", "flatten it", *place)
        if aliases > MOST_ALIASES:
            raise _unreadable(f"more than {MOST_ALIASES} aliases", "write them out", *place)
        if nodes > MOST_NODES:
            raise _unreadable(f"more than {MOST_NODES:,} values", "split the file", *place)


@dataclass(slots=True)
class _Builder:
    """Turns PyYAML's nodes into ours, each shared node once, and gathers what is wrong."""

    environment: Mapping[str, str]
    findings: list[Finding] = field(default_factory=list)
    done: dict[int, tuple[Node, int] | None] = field(default_factory=dict)
    size: int = 0

    def node(self, node: yaml.Node, path: Path) -> Node:
        """Our node for one of PyYAML's; `size` grows by what it holds, aliases written out."""
        place = _mark(node.start_mark)
        known = self.done.get(id(node), (Items(place), 0))
        if known is None:
            raise _unreadable("this alias stands inside what it names", "write it out", *place)
        if id(node) not in self.done:
            self.done[id(node)] = None
            before, self.size = self.size, 1
            known = self.done[id(node)] = (self._build(node, path, place), self.size)
            self.size = before
        self.size += known[1]
        if self.size > MOST_NODES:
            raise _unreadable(
                f"with its aliases written out, this has more than {MOST_NODES:,} values",
                "use fewer aliases",
                *place,
            )
        return known[0]

    def _build(self, node: yaml.Node, path: Path, place: Place) -> Node:
        if isinstance(node, yaml.ScalarNode):
            return self._scalar(node, path, place)
        if str(node.tag) not in _COLLECTION_TAGS:
            name = str(node.tag).replace("tag:yaml.org,2002:", "!!")
            self._note(path, place, f"the tag {name} is not used here", "leave the tag out")
        if isinstance(node, yaml.MappingNode):
            return self._mapping(node, path, place)
        return Items(place, tuple(self.node(each, (*path, i)) for i, each in enumerate(node.value)))

    def _scalar(self, node: yaml.ScalarNode, path: Path, place: Place) -> Scalar:
        try:
            value, replaced = scalar_value(node, self.environment)
        except ScalarError as error:
            self._note(path, place, error.what, error.hint)
            value, replaced = UNUSABLE, False
        return Scalar(place, str(node.value), value, replaced)

    def _mapping(self, node: yaml.MappingNode, path: Path, place: Place) -> Keys:
        own: dict[str, Entry] = {}
        merged: dict[str, Entry] = {}
        for key_node, value_node in node.value:
            key_place = _mark(key_node.start_mark)
            if isinstance(key_node, yaml.ScalarNode) and is_merge(key_node):
                for keys in self._merges(value_node, path, key_place):
                    merged = {**keys.entries, **merged}
                continue
            key = self._key(key_node, path, key_place)
            if key is None:
                continue
            value = self.node(value_node, (*path, key))
            if key in own:
                line = own[key].key.line
                self._note(
                    (*path, key),
                    key_place,
                    f"the key `{key}` stands here twice",
                    f"keep one of the two; the first is in line {line}",
                )
            own.setdefault(key, Entry(key_place, value))
        return Keys(place, {**merged, **own})

    def _key(self, node: yaml.Node, path: Path, place: Place) -> str | None:
        if isinstance(node, yaml.ScalarNode) and str(node.tag).endswith((":str", ":value")):
            return str(node.value)
        shown = f"`{node.value}`" if isinstance(node, yaml.ScalarNode) else "a list or mapping"
        self._note(path, place, f"{shown} as a key is not text", "put the key in quotes")
        return None

    def _merges(self, node: yaml.Node, path: Path, place: Place) -> list[Keys]:
        """The mappings that `<<` takes over, the strongest first."""
        value = self.node(node, path)
        several = value.items if isinstance(value, Items) else (value,)
        if not all(isinstance(each, Keys) for each in several):
            self._note(path, place, "`<<` takes over mappings only", "name one by its alias")
        return [each for each in several if isinstance(each, Keys)]

    def _note(self, path: Path, place: Place, what: str, hint: str) -> None:
        self.findings.append(Finding(path, what, hint, place=place))


def _unreadable(what: str, hint: str, line: int, column: int) -> UnreadableError:
    return UnreadableError(Finding((), what, hint, place=Place(line, column)))


def _mark(mark: Any) -> Place:
    """Line and column of a mark of either reader of PyYAML, which count from 0."""
    return Place(mark.line + 1, mark.column + 1) if mark else Place(0, 0)


def _end(text: str) -> Place:
    """Where the character after a text stands."""
    lines = re.split(r"\r\n|\r|\n", text)
    return Place(len(lines), len(lines[-1]) + 1)
