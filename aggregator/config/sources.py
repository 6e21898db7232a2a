"""The sources of one file: defaults, kinds, and what must hold between sources and categories."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator

from pydantic import Field

from aggregator.config.checks import SOURCE_CHECKS, run_check, run_checks
from aggregator.config.nodes import (
    Document,
    Entry,
    Finding,
    Items,
    Keys,
    Node,
    Path,
    label,
    scalar_at,
    text_at,
    values_at,
)
from aggregator.config.rules import check_rules, unknown_category
from aggregator.config.validation import validate
from aggregator.config.words import nearest
from aggregator.model.base import Frozen
from aggregator.model.settings import FROM_POST, SourceSpec
from aggregator.sources import kinds
from aggregator.text.slugs import check_segment

DEFAULT_KIND = "feed"
_WITH_CATEGORIES = ("posts", "json", "page")


class SourcesFile(Frozen):
    """The shape of a file in `sources/`, without the keys of its sources."""

    defaults: dict[str, object] = Field(
        {}, description="Keys for every source in this file; a source's own keys win."
    )
    sources: tuple[dict[str, object], ...] = Field((), description="The sources of this file.")


def split_sources(document: Document) -> list[Document]:
    """Each source of a file as a document of its own, the defaults of the file filled in."""
    root = document.root
    if not isinstance(root, Keys):
        return []
    listed, defaults = root.entries.get("sources"), root.entries.get("defaults")
    inherited = _inherited(defaults.node) if defaults else {}
    nodes = listed.node.items if listed and isinstance(listed.node, Items) else ()
    return [
        Document(
            document.file,
            Keys(node.place, {**inherited, **node.entries}),
            ("sources", label(node) or str(index)),
        )
        for index, node in enumerate(nodes)
        if isinstance(node, Keys)
    ]


def _inherited(defaults: Node) -> dict[str, Entry]:
    """The entries of `defaults`, marked as such."""
    entries = defaults.entries if isinstance(defaults, Keys) else {}
    return {key: Entry(entry.key, entry.node, inherited=True) for key, entry in entries.items()}


def read_source(root: Node, paths: Collection[str]) -> tuple[SourceSpec | None, list[Finding]]:
    """The source that a tree describes, or None and everything that is wrong with it.

    `paths` are those of the category tree.
    """
    findings = [
        *run_checks(root, SOURCE_CHECKS),
        *_check_id(root),
        *check_rules(root, paths),
        *_check_categories(root, paths),
    ]
    kind = _kind(root)
    if kind not in kinds():
        what, path = "this kind of source is not known", _existing(root, "kind")
        return None, [*findings, Finding(path, what, nearest(kind, kinds()))]
    source, wrong = validate(kinds()[kind].spec, root)
    return source, [*findings, *wrong]


def _kind(root: Node) -> str:
    """The kind of a source; one that is no text is left to the model."""
    return text_at(root, "kind") or DEFAULT_KIND


def _check_id(root: Node) -> Iterator[Finding]:
    """A source's id is a segment: it names the source in addresses and on the command line."""
    scalar = scalar_at(root, "id")
    return run_check(check_segment, scalar, ("id",)) if scalar else iter(())


def _check_categories(root: Node, paths: Collection[str]) -> Iterator[Finding]:
    """Every category of a source is a path of the tree, or left to its posts."""
    for path, scalar in values_at(root, ("category", "*")):
        if scalar.value == FROM_POST:
            yield from _check_from_post(root, path)
        elif isinstance(scalar.value, str) and scalar.value not in paths:
            yield unknown_category(path, scalar, paths)


def _check_from_post(root: Node, path: Path) -> Iterator[Finding]:
    """Only entries that name their own category can be left to do so."""
    if _kind(root) not in _WITH_CATEGORIES:
        what = f"`{FROM_POST}` is for sources of kind {', '.join(_WITH_CATEGORIES)}"
        yield Finding(path, what, "name a category path")


def _existing(root: Node, key: str) -> Path:
    """The path of a key where it stands, else that of the whole."""
    return (key,) if isinstance(root, Keys) and key in root.entries else ()


def check_unique(sources: Iterable[Document]) -> Iterator[tuple[Document, Finding]]:
    """Every source whose id an earlier one has, in whatever file."""
    seen: dict[str, Document] = {}
    for document in sources:
        value = text_at(document.root, "id")
        first = seen.setdefault(value.casefold(), document) if value else document
        if first is not document:
            line = first.root.place.line
            what = f"the id `{label(document.root)}` is taken"
            hint = f"choose another id; the first is at {first.file}:{line}"
            yield document, Finding(("id",), what, hint)
