"""What must hold inside a source's rules: patterns that compile, links, categories of the tree.

The shape of a rule is its model's; what it does to an article belongs to `aggregator.rules`.
"""

from __future__ import annotations

from collections.abc import Iterator

from aggregator.config.checks import check_pattern, run_check
from aggregator.config.nodes import Finding, Items, Keys, Node, Path, Scalar
from aggregator.sources.addresses import check_url

_CONDITIONS = ("keep", "drop", "when")
_NESTED = ("all", "any", "none")
_PATTERNS = ("title", "author", "link", "tags", "body", "language")


def check_rules(source: Node) -> Iterator[Finding]:
    """Everything wrong with single texts in the rules of a source."""
    for index, rule in enumerate(_items(_child(source, "rules"))):
        path: Path = ("rules", index)
        for key in _CONDITIONS:
            yield from _check_condition(_child(rule, key), (*path, key))
        find = _child(_child(rule, "replace"), "find")
        if isinstance(find, Scalar):
            yield from run_check(check_pattern, find, (*path, "replace", "find"))
        link = _child(_child(rule, "set"), "link")
        if isinstance(link, Scalar):
            yield from run_check(check_url, link, (*path, "set", "link"))


def _check_condition(condition: Node | None, path: Path) -> Iterator[Finding]:
    """The patterns of a condition and of those inside it."""
    for key in _PATTERNS:
        pattern = _child(condition, key)
        if isinstance(pattern, Scalar):
            yield from run_check(check_pattern, pattern, (*path, key))
    for key in _NESTED:
        for index, inner in enumerate(_items(_child(condition, key))):
            yield from _check_condition(inner, (*path, key, index))


def _child(node: Node | None, key: str) -> Node | None:
    """What stands under a key; None where nothing does."""
    entry = node.entries.get(key) if isinstance(node, Keys) else None
    return entry.node if entry else None


def _items(node: Node | None) -> tuple[Node, ...]:
    """What a list holds; nothing where it is no list."""
    return node.items if isinstance(node, Items) else ()
