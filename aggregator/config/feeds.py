"""The rules for `feeds:` in `categories.yaml` that a model of one feed cannot see.

Which articles a feed has is the business of `aggregator.publish`.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Collection, Iterator
from dataclasses import replace

from aggregator.config.checks import Check, check_format, run_check, run_checks
from aggregator.config.nodes import Finding, Items, Keys, Node, Path, Scalar, scalar_at, values_at
from aggregator.config.rules import check_rules, unknown_category
from aggregator.config.tree import RESERVED
from aggregator.config.words import nearest
from aggregator.text.slugs import check_segment

_CHECKS: tuple[tuple[tuple[str, ...], Check], ...] = ((("formats", "*"), check_format),)


def check_feeds(root: Node, paths: Collection[str], sources: Collection[str]) -> Iterator[Finding]:
    """Everything wrong with the feeds of a file, given the category tree's paths and the sources.

    An id has an address of its own: no other feed, no category at the top and none of our pages
    has it.
    """
    taken = {_folded(path): f"the category `{path}`" for path in paths if "/" not in path}
    for index, node in enumerate(_feeds(root)):
        here: Path = ("feeds", index)
        identifier = scalar_at(node, "id")
        if identifier:
            yield from _check_id(identifier, (*here, "id"), taken)
        for finding in _check_inside(node, paths, sources):
            yield replace(finding, path=(*here, *finding.path))


def _check_id(scalar: Scalar, path: Path, taken: dict[str, str]) -> Iterator[Finding]:
    """Whether an id is a segment and free; notes it as taken."""
    yield from run_check(check_segment, scalar, path)
    folded = _folded(str(scalar.value))
    hint = "choose another id"
    if folded in RESERVED:
        yield Finding(path, "this id is reserved for pages of our own", hint)
    elif folded in taken:
        yield Finding(path, f"the id is taken by {taken[folded]}", hint)
    taken.setdefault(folded, f"the feed `{scalar.text}`")


def _check_inside(
    feed: Node, paths: Collection[str], sources: Collection[str]
) -> Iterator[Finding]:
    """What one feed names: formats, patterns, categories, sources."""
    yield from run_checks(feed, _CHECKS)
    yield from check_rules(feed, paths)
    for path, scalar in values_at(feed, ("categories", "*")):
        if isinstance(scalar.value, str) and scalar.value not in paths:
            yield unknown_category(path, scalar, paths)
    for path, scalar in values_at(feed, ("sources", "*")):
        if isinstance(scalar.value, str) and scalar.value not in sources:
            yield _unknown_source(path, scalar, sources)
    for path, _ in values_at(feed, ("rules", "*", "category", "*")):
        what = "a feed's rules choose what it shows; they cannot put articles into categories"
        yield Finding(path, what, "give that rule to a source, or to all in aggregator.yaml")


def _unknown_source(path: Path, scalar: Scalar, sources: Collection[str]) -> Finding:
    if scalar.replaced:
        return Finding(path, "what the environment gives here is not a source", "")
    what = f"there is no source `{scalar.text[:100]}`"
    return Finding(path, what, nearest(scalar.text, sources) or "add it to a file in sources/")


def _folded(identifier: str) -> str:
    return unicodedata.normalize("NFC", identifier).casefold()


def _feeds(root: Node) -> tuple[Node, ...]:
    entry = root.entries.get("feeds") if isinstance(root, Keys) else None
    return entry.node.items if entry and isinstance(entry.node, Items) else ()
