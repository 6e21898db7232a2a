"""Adds to a configuration file without touching what people wrote: comments, order, quotes, spaces.

Only text is inserted. That the result says what it said before, and what was added, and nothing
else, is checked by reading it again; where that does not hold, nothing is changed. Does not read
or write files, and does not judge what is added (see `drafts`).
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

import yaml

from aggregator.errors import AggregatorError

Path = tuple[str | int, ...]
"""Keys and list positions from the top of a file to a list."""
Item = Mapping[str, Any]

_LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_CANNOT = "this file is written in a way that cannot be added to; add it by hand"


class EditError(AggregatorError):
    """Nothing can be inserted into a file safely."""


def with_items(text: str, path: Path, items: Sequence[Item]) -> str:
    """The text with more items at the end of the list under a path; the list is made if need be.

    All of the path but its last key must be there.

    Raises:
        EditError: it cannot be done by inserting text alone.
    """
    line_end = "\r\n" if "\r\n" in text else "\n"
    lines = text.splitlines(keepends=True)
    changed = _inserted(lines, path, items, line_end)
    if _data(changed) != _expected(text, path, items):
        raise EditError(_CANNOT)
    return changed


def _inserted(lines: list[str], path: Path, items: Sequence[Item], line_end: str) -> str:
    root = _composed("".join(lines))
    if root is None or _is_null(root):
        if path[:-1]:
            raise EditError(_CANNOT)
        return _spliced(lines, len(lines), _new_list(0, path[-1], items, line_end), line_end)
    parent = _at(root, path[:-1])
    found = _child(parent, path[-1])
    if found is None:
        return _with_key(lines, parent, path[-1], items, line_end)
    key, value = found
    if isinstance(value, yaml.SequenceNode) and value.value:
        if value.flow_style:
            return _in_flow(lines, value, _flow(items))
        return _after_last(lines, value, items, line_end)
    if parent.flow_style:
        return _in_flow(lines, value, _flow(items))
    return _in_place_of_nothing(lines, key, value, items, line_end)


def _after_last(lines: list[str], sequence: Any, items: Sequence[Item], line_end: str) -> str:
    """Items below the last one of a block, after the comments that belong to that one."""
    column = sequence.value[0].start_mark.column
    dash = _dash_column(lines, sequence.value[-1])
    at = _below(lines, sequence.value[-1], dash)
    gap = [line_end] if len(sequence.value) > 1 and _has_gap(lines, sequence.value) else []
    new = [part for item in items for part in (*gap, *_block(item, dash, column - dash, line_end))]
    return _spliced(lines, at, new, line_end)


def _with_key(
    lines: list[str], parent: Any, key: str | int, items: Sequence[Item], line_end: str
) -> str:
    """A mapping with one more key, whose value is the list."""
    if not isinstance(parent, yaml.MappingNode):
        raise EditError(_CANNOT)
    if parent.flow_style:
        return _in_flow(lines, parent, f"{json.dumps(key)}: [{_flow(items)}]")
    column = parent.value[0][0].start_mark.column
    last = parent.value[-1]
    at = _below(lines, last[0] if _is_empty(last[1]) else last[1], column)
    new = _new_list(column, key, items, line_end)
    return _spliced(lines, at, new, line_end)


def _in_place_of_nothing(
    lines: list[str], key: Any, value: Any, items: Sequence[Item], line_end: str
) -> str:
    """A list where its key has no value, or `[]`."""
    row = key.end_mark.line
    if isinstance(value, yaml.SequenceNode):
        start, end = value.start_mark, value.end_mark
        if start.line != row or end.line != row:
            raise EditError(_CANNOT)
        line = lines[row]
        lines[row] = f"{line[: start.column].rstrip()}{line[end.column :]}"
    elif not _is_empty(value):
        raise EditError(_CANNOT)
    column = key.start_mark.column
    new = [part for item in items for part in _block(item, column + 2, 2, line_end)]
    return _spliced(lines, row + 1, new, line_end)


def _spliced(lines: list[str], at: int, new: list[str], line_end: str) -> str:
    """The text with new lines before one of its lines, the one above ended where it is not."""
    above = lines[:at]
    if above and not above[-1].endswith(("\n", "\r")):
        above[-1] += line_end
    return "".join([*above, *new, *lines[at:]])


def _in_flow(lines: list[str], node: Any, text: str) -> str:
    """A list or mapping in brackets with `text` as one more part of it."""
    mark, separator = node.end_mark, ""
    row, column = mark.line, mark.column - 1
    if node.value:
        last = node.value[-1]
        mark = (last[1] if isinstance(last, tuple) else last).end_mark
        row, column, separator = mark.line, mark.column, ", "
    lines[row] = f"{lines[row][:column]}{separator}{text}{lines[row][column:]}"
    return "".join(lines)


def _new_list(column: int, key: str | int, items: Sequence[Item], line_end: str) -> list[str]:
    """A key with a list, as lines."""
    blocks = [part for item in items for part in _block(item, column + 2, 2, line_end)]
    return [f"{' ' * column}{key}:{line_end}", *blocks]


def _block(item: Item, dash: int, step: int, line_end: str) -> list[str]:
    """An item of a list as lines, its dash in a given column and its keys `step` further."""
    text = yaml.dump(
        dict(item),
        Dumper=_Dumper,
        allow_unicode=True,
        sort_keys=False,
        width=10_000,
        line_break="\n",
    )
    inner = text.splitlines()
    indent = " " * (dash + step)
    first = f"{' ' * dash}-{' ' * (step - 1)}{inner[0]}"
    return [f"{line}{line_end}" for line in (first, *(f"{indent}{line}" for line in inner[1:]))]


class _Dumper(yaml.SafeDumper):
    """Writes lists as people do: of words in one line, others further in than their key."""

    def increase_indent(self, flow: bool = False, indentless: bool = False) -> None:  # noqa: ARG002 - the base's signature
        super().increase_indent(flow, indentless=False)

    def represent_sequence(self, tag: str, sequence: Any, flow_style: bool | None = None) -> Any:
        is_short = all(isinstance(each, str) for each in sequence)
        return super().represent_sequence(tag, sequence, is_short or flow_style)


def _flow(items: Sequence[Item]) -> str:
    """Items as JSON, which is YAML, too."""
    return ", ".join(json.dumps(item, ensure_ascii=False) for item in items)


def _at(node: Any, path: Path) -> Any:
    """The node at a path.

    Raises:
        EditError: there is none.
    """
    for part in path:
        if isinstance(part, int) and isinstance(node, yaml.SequenceNode):
            node = node.value[part]
        elif (found := _child(node, part)) is not None:
            node = found[1]
        else:
            raise EditError(_CANNOT)
    return node


def _child(node: Any, key: str | int) -> tuple[Any, Any] | None:
    """Key and value of an entry of a mapping."""
    pairs = node.value if isinstance(node, yaml.MappingNode) else ()
    return next((pair for pair in pairs if pair[0].value == key), None)


def _dash_column(lines: list[str], item: Any) -> int:
    """The column of the dash before an item."""
    line: str = lines[item.start_mark.line][: item.start_mark.column]
    if not line.strip().startswith("-"):
        raise EditError(_CANNOT)
    return len(line) - len(line.lstrip())


def _below(lines: list[str], node: Any, column: int) -> int:
    """The line after a node, and after the comments that stand as far in as it does."""
    end = _end(node)
    row: int = end.line + (1 if end.column else 0)
    while not lines[row - 1].strip():  # the empty lines after a text in a block are its own
        row -= 1
    after = row
    while row < len(lines):
        stripped = lines[row].strip()
        inside = len(lines[row]) - len(lines[row].lstrip()) >= max(1, column)
        if stripped.startswith("#") and inside:
            after = row + 1
        elif stripped:
            break
        row += 1
    return after


def _end(node: Any) -> Any:
    """Where the last thing that is written in a node ends; blocks end before what follows."""
    while not isinstance(node, yaml.ScalarNode) and not node.flow_style and node.value:
        last = node.value[-1]
        if isinstance(last, tuple):
            last = last[0] if _is_empty(last[1]) else last[1]
        node = last
    return node.end_mark


def _has_gap(lines: list[str], items: list[Any]) -> bool:
    """Whether an empty line stands between the last two items."""
    start, end = _end(items[-2]).line, items[-1].start_mark.line
    return any(not line.strip() for line in lines[start:end])


def _is_null(node: Any) -> bool:
    return isinstance(node, yaml.ScalarNode) and node.tag == "tag:yaml.org,2002:null"


def _is_empty(node: Any) -> bool:
    """Whether nothing is written where a value could stand."""
    return _is_null(node) and node.start_mark.index == node.end_mark.index


def _expected(text: str, path: Path, items: Sequence[Item]) -> object:
    """The data of a file, with more items."""
    data: Any = _data(text) or {}
    place = data
    for part in path[:-1]:
        place = place[part]
    place[path[-1]] = [*(place.get(path[-1]) or []), *(_as_texts(item) for item in items)]
    return data


def _composed(text: str) -> Any:
    """The nodes of a file, with their places."""
    try:
        return yaml.compose(text, Loader=_LOADER)
    except yaml.YAMLError:
        raise EditError(_CANNOT) from None


def _data(text: str) -> Any:
    """What a file says, every value as it is written."""
    root = _composed(text)
    return None if root is None else _plain(root)


def _plain(node: Any) -> Any:
    if isinstance(node, yaml.MappingNode):
        return {_plain(key): _plain(value) for key, value in node.value}
    if isinstance(node, yaml.SequenceNode):
        return [_plain(each) for each in node.value]
    return None if _is_null(node) else node.value


def _as_texts(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {key: _as_texts(each) for key, each in value.items()}
    if isinstance(value, str):
        return value
    return [_as_texts(each) for each in value]
