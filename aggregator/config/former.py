"""The rules for `was:` in `categories.yaml`: paths that categories had before.

Each leads to one category that is there, and none of them is there itself; so no chain of
addresses can be a loop. What becomes of them: docs/decisions/352.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator

from aggregator.config.nodes import Finding, Items, Keys, Node, Path, Scalar, values_at
from aggregator.config.tree import ARCHIVE, DEEPEST, RESERVED
from aggregator.config.words import FROM_ENVIRONMENT
from aggregator.text.slugs import check_segment


def check_former(root: Node, taken: Collection[str]) -> Iterator[Finding]:
    """Everything wrong with the former paths of a tree; `taken` are the paths that are there."""
    first: dict[str, Scalar] = {}
    for path, scalar in _former(root):
        if not isinstance(scalar.value, str):
            continue  # a fault that the model tells
        former = scalar.value.strip("/")
        what, hint = _wrong(former) or _not_free(former, scalar, taken, first)
        if what:
            yield Finding(path, FROM_ENVIRONMENT) if scalar.replaced else Finding(path, what, hint)


def _wrong(former: str) -> tuple[str, str] | None:
    """What is wrong with a path by itself, and what would be right; None where nothing is."""
    segments = former.split("/")
    hint = "write the ids from the top down, as in finance/sina"
    if len(segments) > DEEPEST:
        return f"categories stand {DEEPEST} levels deep at most", hint
    for segment in segments:
        try:
            check_segment(segment)
        except ValueError as error:
            return f"this was never the path of a category: {error}", hint
    if segments[0].casefold() in RESERVED or ARCHIVE in map(str.casefold, segments):
        return "this path is reserved for pages of our own", "take it out"
    return None


def _not_free(
    former: str, scalar: Scalar, taken: Collection[str], first: dict[str, Scalar]
) -> tuple[str, str]:
    """Whether something is there now, or another category claims the path; notes this one."""
    if former in taken:
        return (
            "something has this path now, so that its address cannot lead elsewhere",
            "take it out, or give the one that has it another id",
        )
    if first.setdefault(former, scalar) is not scalar:
        return "another category had this path, too", "leave it with the one that took its place"
    return "", ""


def _former(root: Node, path: Path = ()) -> Iterator[tuple[Path, Scalar]]:
    """Every former path of a tree, with its place."""
    entry = root.entries.get("categories") if isinstance(root, Keys) else None
    for index, node in enumerate(
        entry.node.items if entry and isinstance(entry.node, Items) else ()
    ):
        here: Path = (*path, "categories", index)
        for inside, scalar in values_at(node, ("was", "*")):
            yield (*here, *inside), scalar
        yield from _former(node, here)
