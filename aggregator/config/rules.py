"""What must hold inside lists of rules: patterns that compile, links, categories of the tree.

The shape of a rule is its model's; what it does to an article belongs to `aggregator.rules`.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import replace

from aggregator.config.checks import check_pattern, run_check
from aggregator.config.nodes import Finding, Items, Keys, Node, Path, Scalar, values_at
from aggregator.config.words import nearest
from aggregator.sources.addresses import check_url

_CONDITIONS = ("keep", "drop", "when")
_NESTED = ("all", "any", "none")
_PATTERNS = ("title", "author", "link", "tags", "body", "language")


def check_rules(holder: Node, paths: Collection[str]) -> Iterator[Finding]:
    """Everything wrong with single texts in the rules of a source, a category or of all.

    `paths` are those of the category tree.
    """
    for path, scalar in values_at(holder, ("rules", "*", "category", "*")):
        if isinstance(scalar.value, str) and scalar.value not in paths:
            yield unknown_category(path, scalar, paths)
    for index, rule in enumerate(_items(_child(holder, "rules"))):
        yield from _check_rule(rule, ("rules", index))


def check_category_rules(root: Node, paths: Collection[str]) -> Iterator[Finding]:
    """The same for every category under a node."""
    for index, category in enumerate(_items(_child(root, "categories"))):
        findings = (*check_rules(category, paths), *check_category_rules(category, paths))
        for found in findings:
            yield replace(found, path=("categories", index, *found.path))


def unknown_category(path: Path, scalar: Scalar, paths: Collection[str]) -> Finding:
    """That a category is not in the tree, and which one may be meant."""
    if scalar.replaced:
        return Finding(path, "what the environment gives here is not a category", "")
    ends = [each for each in paths if each.rpartition("/")[2] == scalar.text]
    hint = f"did you mean '{ends[0]}'?" if len(ends) == 1 else nearest(scalar.text, paths)
    what = f"the category `{scalar.text[:100]}` is not in categories.yaml"
    return Finding(path, what, hint or "add it to categories.yaml")


def _check_rule(rule: Node, path: Path) -> Iterator[Finding]:
    """The patterns and the link of one rule."""
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
