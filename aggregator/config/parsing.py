"""From the bytes of a YAML file to a tree of nodes, or to every finding in it.

The tree is made of the parser's events, with limits on depth, aliases and size: the library's own
composer recurses without a limit and can crash the process.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
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
from aggregator.config.scalars import ScalarError, is_text, scalar_tag, scalar_value, unknown_tag
from aggregator.text.xml_chars import strip_illegal

DEEPEST = 64
"""Most lists and mappings inside one another."""
MOST_ALIASES = 1000
"""Most aliases (`*name`) in a file."""
MOST_VALUES = 1_000_000
"""Most values in a file, each alias counted as the whole that it stands for."""

_LOADER: type[yaml.CSafeLoader | yaml.SafeLoader] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_COLLECTION_TAGS = {None, "!", "tag:yaml.org,2002:map", "tag:yaml.org,2002:seq"}
_MERGE = "<<"
_QUOTE_KEY = "put the key in quotes"
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
    builder = _Builder(yaml.parse(text, Loader=_LOADER), environment)
    try:
        return builder.document(), builder.findings
    except yaml.MarkedYAMLError as error:
        place = _mark(error.problem_mark or error.context_mark)
        hint = "inside { } and [ ], write ${NAME} in quotes" if "${" in text else ""
        raise _unreadable(_syntax(error), hint, *place) from None
    except yaml.YAMLError as error:
        raise _unreadable(f"this is not YAML: {error}", "", 1, 1) from None


def _syntax(error: yaml.MarkedYAMLError) -> str:
    """What PyYAML says, with a word on the mistake that it explains least."""
    problem = str(error.problem or error.context)
    if "\\t" in problem or " tab " in problem or "cannot start any token" in problem:
        problem += " (tabs cannot indent: use spaces; a text that begins so needs quotes)"
    return f"this is not YAML: {problem}"


@dataclass(slots=True)
class _Builder:
    """Makes nodes of the parser's events, and gathers what is wrong.

    `anchors` holds what `&name` names, with the number of values in it; `size` counts the values
    read so far, those behind an alias each time.
    """

    events: Iterator[yaml.Event]
    environment: Mapping[str, str]
    findings: list[Finding] = field(default_factory=list)
    anchors: dict[str, tuple[Node, int] | None] = field(default_factory=dict)
    aliases: int = 0
    depth: int = 0
    size: int = 0

    def document(self) -> Node:
        """The one document of the stream; an empty stream is an empty mapping."""
        root: Node | None = None
        for event in self.events:
            if isinstance(event, yaml.DocumentStartEvent) and root is not None:
                what = "a second document begins here"
                raise _unreadable(what, "put it in a file of its own", *_mark(event.start_mark))
            if isinstance(event, yaml.NodeEvent):
                root = self._node(event, ())
        return _empty_as_mapping(root)

    def _node(self, event: yaml.NodeEvent, path: Path) -> Node:
        """The node that begins with an event."""
        place = _mark(event.start_mark)
        self._count(1, place)
        if isinstance(event, yaml.AliasEvent):
            return self._alias(event.anchor or "", place)
        if event.anchor:
            self.anchors[event.anchor] = None
        before = self.size
        node = self._new(event, path, place)
        if event.anchor:
            self.anchors[event.anchor] = (node, self.size - before)
        return node

    def _count(self, values: int, place: Place) -> None:
        self.size += values
        if self.size > MOST_VALUES:
            what = f"more than {MOST_VALUES:,} values, counting what aliases stand for"
            raise _unreadable(what, "split the file, or use fewer aliases", *place)

    def _alias(self, name: str, place: Place) -> Node:
        """What an alias stands for."""
        self.aliases += 1
        if self.aliases > MOST_ALIASES:
            raise _unreadable(f"more than {MOST_ALIASES} aliases", "write them out", *place)
        known = self.anchors.get(name)
        if known is None:
            hint = f"name it before with &{name}, and not around this place"
            raise _unreadable(f"the alias *{name} stands for nothing", hint, *place)
        self._count(known[1], place)
        return known[0]

    def _new(self, event: yaml.NodeEvent, path: Path, place: Place) -> Node:
        if isinstance(event, yaml.ScalarEvent):
            return self._scalar(event, path, place)
        tag = getattr(event, "tag", None)
        if tag not in _COLLECTION_TAGS:
            self._note(path, place, *unknown_tag(str(tag)))
        self.depth += 1
        if self.depth > DEEPEST:
            raise _unreadable(f"this is nested more than {DEEPEST} deep", "flatten it", *place)
        is_mapping = isinstance(event, yaml.MappingStartEvent)
        node = self._mapping(path, place) if is_mapping else self._items(path, place)
        self.depth -= 1
        return node

    def _scalar(self, event: yaml.ScalarEvent, path: Path, place: Place) -> Scalar:
        tag = scalar_tag(event.value, event.tag, plain=event.implicit[0])
        try:
            value, replaced = scalar_value(
                event.value, tag, self.environment, plain=event.implicit[0]
            )
        except ScalarError as error:
            self._note(path, place, error.what, error.hint)
            value, replaced = UNUSABLE, False
        return Scalar(place, event.value, value, replaced)

    def _inside(self) -> Iterator[yaml.NodeEvent]:
        """The events that begin the values of the collection that was begun last."""
        for event in self.events:
            if not isinstance(event, yaml.NodeEvent):
                return
            yield event

    def _items(self, path: Path, place: Place) -> Items:
        inside = enumerate(self._inside())
        return Items(place, tuple(self._node(event, (*path, i)) for i, event in inside))

    def _mapping(self, path: Path, place: Place) -> Keys:
        own: dict[str, Entry] = {}
        merged: dict[str, Entry] = {}
        for event in self._inside():
            key_place = _mark(event.start_mark)
            key = self._key(event, path, key_place)
            value = self._node(next(self._inside()), path if key is None else (*path, key))
            if key == _MERGE and _is_plain(event):
                for keys in self._merged(value, path, key_place):
                    merged = {**keys.entries, **merged}
            elif key in own:
                what = f"the key `{key}` stands here twice"
                hint = f"keep one of the two; the first is in line {own[key].key.line}"
                self._note((*path, key), key_place, what, hint)
            elif key is not None:
                own[key] = Entry(key_place, value)
        return Keys(place, {**merged, **own})

    def _key(self, event: yaml.NodeEvent, path: Path, place: Place) -> str | None:
        """The text of a key, or None where it is something else."""
        if isinstance(event, yaml.ScalarEvent):
            tag = scalar_tag(event.value, event.tag, plain=event.implicit[0])
            if is_text(tag) and strip_illegal(event.value) == event.value:
                return str(event.value)
            self._note(path, place, f"{event.value[:60]!r} as a key is not text", _QUOTE_KEY)
            return None
        self._node(event, path)
        self._note(path, place, "a list, a mapping or an alias as a key is not text", _QUOTE_KEY)
        return None

    def _merged(self, value: Node, path: Path, place: Place) -> list[Keys]:
        """The mappings that `<<` takes over, the strongest first."""
        several = value.items if isinstance(value, Items) else (value,)
        if not all(isinstance(each, Keys) for each in several):
            self._note(path, place, "`<<` takes over mappings only", "name one by its alias")
        return [each for each in several if isinstance(each, Keys)]

    def _note(self, path: Path, place: Place, what: str, hint: str) -> None:
        self.findings.append(Finding(path, what, hint, place=place))


def _empty_as_mapping(root: Node | None) -> Node:
    """A file that holds nothing, or nothing but comments, is a mapping without keys."""
    is_empty = root is None or (isinstance(root, Scalar) and root.value is None)
    return Keys(Place(1, 1)) if is_empty or root is None else root


def _is_plain(event: yaml.NodeEvent) -> bool:
    """Whether a key is written without quotes."""
    return isinstance(event, yaml.ScalarEvent) and bool(event.implicit[0])


def _unreadable(what: str, hint: str, line: int, column: int) -> UnreadableError:
    return UnreadableError(Finding((), what, hint, place=Place(line, column)))


def _mark(mark: Any) -> Place:
    """Line and column of a mark of either reader of PyYAML, which count from 0."""
    return Place(mark.line + 1, mark.column + 1) if mark else Place(0, 0)


def _end(text: str) -> Place:
    """Where the character after a text stands."""
    lines = re.split(r"\r\n|\r|\n", text)
    return Place(len(lines), len(lines[-1]) + 1)
