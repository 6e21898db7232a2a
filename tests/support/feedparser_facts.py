"""Facts in feedparser's own vocabulary: paths into its result, or a few forms of expression.

Expressions are read as syntax, never evaluated: what is understood are comparisons of paths with
constants, and `and` between them.
"""

from __future__ import annotations

import ast
from calendar import timegm
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from typing import Any

Path = tuple[str | int, ...]
Claim = tuple[Path, Any]
"""That a value stands at a path."""

FEED = {
    "title": "title",
    "title_detail": "title",
    "link": "link",
    "language": "language",
}
ENTRY = {
    "title": "title",
    "title_detail": "title",
    "title_detail.type": "title type",
    "title_detail.language": "language",
    "title_detail.base": "base",
    "description": "text",
    "summary": "text",
    "summary_detail": "text",
    "summary_detail.type": "text type",
    "summary_detail.language": "language",
    "summary_detail.base": "base",
    "content": "text",
    "content.type": "text type",
    "content.language": "language",
    "content.base": "base",
    "link": "link",
    "id": "guid",
    "guid": "guid",
    "author": "author",
    "authors.name": "author",
    "author_detail.name": "author",
    "tags.term": "tag",
    "category": "tag",
    "published": "published",
    "published_parsed": "published",
    "created_parsed": "published",
    "updated": "updated",
    "updated_parsed": "updated",
    "language": "language",
    "enclosures.url": "enclosure",
    "enclosures.href": "enclosure",
    "enclosures.length": "enclosure length",
    "enclosures.type": "enclosure type",
    "image.href": "image",
    "source.title": "origin title",
    "source.title_detail": "origin title",
    "source.title_detail.type": "",  # an origin's title is plain text here
    "source.link": "origin link",
    "source.href": "origin link",
    "source.author": "author",
    "source.authors.name": "author",
    "source.author_detail.name": "author",
}
"""What we keep, by the path that feedparser has for it."""


def feedparser_facts(
    expected: Iterable[dict[str, Any]], document: str
) -> Iterator[tuple[str, int, str]]:
    """Facts of one document as kind, entry (-1: the feed) and value.

    What the documents about its sanitizer say of a text is a fact about the text as it is shown.
    """
    for path, value in (claim for one in expected for claim in _claims(one)):
        kind, entry = _kind(path)
        if kind in {"text", "title"} and entry >= 0 and "sanitize" in document:
            kind = f"shown {kind}"
        if kind and (text := _written(value)) is not None:
            yield kind, entry, text


def _claims(one: dict[str, Any]) -> Iterator[Claim]:
    if one["op"] == "python":
        yield from _compared(ast.parse(one["value"], mode="eval").body)
    elif one["op"] == "eq" and isinstance(one["value"], dict):
        yield from (((*one["path"], key), value) for key, value in one["value"].items())
    elif one["op"] == "eq":
        yield tuple(one["path"]), one["value"]


def _compared(node: ast.expr) -> Iterator[Claim]:
    """The claims of `a == b == "value"`, alone or joined by `and`; `or`: its first."""
    if isinstance(node, ast.BoolOp):
        parts = node.values if isinstance(node.op, ast.And) else node.values[:1]
        for part in parts:
            yield from _compared(part)
    elif isinstance(node, ast.Compare) and all(isinstance(op, ast.Eq) for op in node.ops):
        sides = [node.left, *node.comparators]
        value = _constant(sides.pop())
        paths = [_path(side) for side in sides]
        if value is not None and all(paths):
            yield from ((path, value) for path in paths)


def _constant(node: ast.expr) -> str | None:
    """A string, maybe written in pieces that are added."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Add):
        left, right = _constant(node.left), _constant(node.right)
        return None if left is None or right is None else left + right
    return None


def _path(node: ast.expr) -> Path:
    """`entries[0].title` and `entries[0]["title"]` as a path, () for anything else."""
    if isinstance(node, ast.Name):
        return (node.id,)
    if isinstance(node, ast.Attribute):
        above = _path(node.value)
        return (*above, node.attr) if above else ()
    if isinstance(node, ast.Subscript) and isinstance(node.slice, ast.Constant):
        above = _path(node.value)
        return (*above, node.slice.value) if above else ()  # type: ignore[arg-type] # a str or int
    return ()


def _kind(path: Path) -> tuple[str, int]:
    """What a path is a fact about, "" where it is nothing that we keep."""
    words = [part for part in path if isinstance(part, str) and part != "value"]
    name = ".".join(words[1:])
    if words[0] == "feed":
        return FEED.get(name, ""), -1
    if words[0] == "entries" and len(path) > 1 and isinstance(path[1], int):
        return ENTRY.get(name, ""), path[1]
    return "", -1


def _written(value: Any) -> str | None:
    """A value as text: a moment as ISO 8601, nothing as ""; None for what we cannot compare."""
    if value is None:
        return ""
    if isinstance(value, list) and len(value) == 9:
        return datetime.fromtimestamp(timegm(tuple(value)), UTC).isoformat()
    return value if isinstance(value, str) else None
