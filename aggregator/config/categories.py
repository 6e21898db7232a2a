"""The rules of `categories.yaml` that a model of one category cannot see.

Does not inherit or look anything up; see `tree`.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator

from aggregator.config.checks import Check, check_format, run_check, run_checks
from aggregator.config.nodes import Finding, Items, Keys, Node, Path, Scalar, scalar_at, text_at
from aggregator.config.tree import ARCHIVE, DEEPEST, RESERVED, join
from aggregator.text.slugs import check_segment

_CHECKS: tuple[tuple[tuple[str, ...], Check], ...] = ((("formats", "*"), check_format),)


def check_categories(root: Node, path: Path = (), level: int = 1) -> Iterator[Finding]:
    """Everything wrong with the ids, the depth and the formats of a tree of categories."""
    seen: dict[str, Scalar] = {}
    for index, node in enumerate(_children(root)):
        here: Path = (*path, "categories", index)
        identifier = scalar_at(node, "id")
        if identifier:
            yield from _check_id(identifier, (*here, "id"), level, seen)
        if level == DEEPEST + 1:
            yield Finding(
                here, f"categories stand {DEEPEST} levels deep at most", "flatten the tree"
            )
            continue
        for finding in run_checks(node, _CHECKS):
            yield Finding((*here, *finding.path), finding.what, finding.hint)
        yield from check_categories(node, here, level + 1)


def _check_id(scalar: Scalar, path: Path, level: int, seen: dict[str, Scalar]) -> Iterator[Finding]:
    """Whether an id is a segment, free, and not one of ours; notes it among its siblings."""
    yield from run_check(check_segment, scalar, path)
    folded = unicodedata.normalize("NFC", str(scalar.value)).casefold()
    first = seen.setdefault(folded, scalar)
    if first is not scalar:
        yield Finding(path, f"the id is taken by its sibling `{first.text}`", "choose another id")
    if folded == ARCHIVE or (level == 1 and folded in RESERVED):
        yield Finding(path, "this id is reserved for pages of our own", "choose another id")


def category_paths(root: Node, parent: str = "") -> Iterator[str]:
    """The paths of every category, as far as the ids can be read."""
    for node in _children(root):
        identifier = text_at(node, "id")
        if identifier:
            path = join(parent, identifier)
            yield path
            yield from category_paths(node, path)


def _children(node: Node) -> tuple[Node, ...]:
    """The nodes in the `categories` list of a node."""
    entry = node.entries.get("categories") if isinstance(node, Keys) else None
    return entry.node.items if entry and isinstance(entry.node, Items) else ()
