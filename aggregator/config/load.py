"""Reads a configuration folder: everything in it, or everything that is wrong with it."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from shlex import quote
from types import MappingProxyType
from typing import TypeVar

from pydantic import BaseModel, Field

from aggregator.config.categories import category_paths, check_categories
from aggregator.config.checks import SETTINGS_CHECKS, run_checks
from aggregator.config.feeds import check_feeds
from aggregator.config.folders import check_feeds_folder
from aggregator.config.former import check_former
from aggregator.config.nodes import Document, Finding, Keys, Place, text_at
from aggregator.config.opml import Subscription, grow, place_subscriptions, read_opml
from aggregator.config.parsing import UnreadableError, decode, parse
from aggregator.config.rules import check_category_rules, check_rules
from aggregator.config.sources import SourcesFile, check_unique, read_source, split_sources
from aggregator.config.tree import CategoryTree
from aggregator.config.validation import validate
from aggregator.errors import ConfigurationError, Fault
from aggregator.model.articles import CategoryTitle
from aggregator.model.base import Frozen
from aggregator.model.categories import CategorySpec
from aggregator.model.feeds import FeedSpec
from aggregator.model.settings import Configuration, Settings, SourceSpec

SETTINGS_FILE = "aggregator.yaml"
CATEGORIES_FILE = "categories.yaml"
SOURCES_FOLDER = "sources"
MOST_BYTES = 5_000_000
"""Largest configuration file."""
_MISNAMED = {
    "aggregator.yml": SETTINGS_FILE,
    "categories.yml": CATEGORIES_FILE,
    "sources.yaml": f"{SOURCES_FOLDER}/sources.yaml",
    "sources.yml": f"{SOURCES_FOLDER}/sources.yaml",
}
_EMPTY = Keys(Place(1, 1))

Model = TypeVar("Model", bound=BaseModel)


class CategoriesFile(Frozen):
    """The shape of `categories.yaml`."""

    categories: tuple[CategorySpec, ...] = Field((), description="The top of the tree.")
    feeds: tuple[FeedSpec, ...] = Field(
        (), description="More feeds of the same articles, beside the tree."
    )


_NO_DRAFTS: Mapping[Path, bytes] = MappingProxyType({})


def load(
    folder: Path, environment: Mapping[str, str], drafts: Mapping[Path, bytes] = _NO_DRAFTS
) -> Configuration:
    """Read the configuration folder; `environment` fills in `${NAME}`.

    `drafts` are files of the folder as they would be: they count in the place of what is there.

    Raises:
        ConfigurationError: something is wrong; it holds every fault of every file.
    """
    try:
        _check_folder(folder)
        return _Reading(folder, environment, drafts).configuration()
    except OSError as error:  # a folder: of files it is told with all other faults
        raise _nothing(
            error.filename or folder, f"this cannot be read: {error.strerror}", ""
        ) from None


def _check_folder(folder: Path) -> None:
    """See that there is something to read."""
    if not folder.is_dir():
        if folder.exists():
            raise _nothing(folder, "this is a file", "name the folder that it lies in")
        hint = f"make one with `aggregator init {quote(str(folder))}`"
        raise _nothing(folder, "there is no such folder", hint)
    if not any(_found(folder)):
        hint = f"make {SETTINGS_FILE}, or a file in {SOURCES_FOLDER}/; `aggregator init` makes both"
        raise _nothing(folder, "there is no configuration in this folder", hint)


def _found(folder: Path) -> Iterator[Path]:
    """The files of a configuration folder that are read, or are meant to be."""
    names = (SETTINGS_FILE, CATEGORIES_FILE, *_MISNAMED)
    yield from (folder / name for name in names if (folder / name).exists())
    yield from _in_sources(folder, ".yaml", ".yml", ".opml")


def _in_sources(folder: Path, *endings: str) -> list[Path]:
    """The files in `sources/` with one of these endings, by name.

    Raises:
        OSError: what is in it cannot be said, which is not the same as nothing.
    """
    try:
        paths = list((folder / SOURCES_FOLDER).iterdir())
    except FileNotFoundError:
        return []
    return sorted(path for path in paths if path.suffix.lower() in endings and _is_meant(path))


def _is_meant(path: Path) -> bool:
    """Whether it is a file, or a link to one that is missing; editors lock by hidden ones."""
    return path.is_file() or (
        path.is_symlink() and not path.exists() and not path.name.startswith(".")
    )


def _nothing(folder: Path | str, what: str, hint: str) -> ConfigurationError:
    return ConfigurationError((Fault(str(folder), 0, 0, "", what, hint),))


class _Any(frozenset[str]):
    """The names in files of which one cannot be read: whatever is asked for may stand there."""

    def __contains__(self, _name: object) -> bool:
        return True


@dataclass(slots=True)
class _Reading:
    """One reading of a folder: gathers faults from everywhere before it gives up."""

    folder: Path
    environment: Mapping[str, str]
    drafts: Mapping[Path, bytes]
    faults: dict[tuple[str, int, int, str], Fault] = field(default_factory=dict)
    unread: set[Path] = field(default_factory=set)

    def configuration(self) -> Configuration:
        """Everything in the folder, or a ConfigurationError."""
        self._check_names()
        of_settings = self._document(self.folder / SETTINGS_FILE)
        of_categories = self._document(self.folder / CATEGORIES_FILE)
        settings = self._settings(of_settings)
        file, in_file = self._categories(of_categories)
        sources = self._source_documents()
        tree = CategoryTree.of(file.categories, file.feeds)
        listed, added = self._subscriptions(tree)
        paths = self._paths(in_file | {each.path for each in added})
        self._note(of_settings, check_rules(of_settings.root, paths))
        self._note(of_categories, check_category_rules(of_categories.root, paths))
        specs = self._sources([*sources, *listed], paths)
        ids = self._ids({text_at(each.root, "id") for each in (*sources, *listed)})
        self._note(of_categories, check_feeds(of_categories.root, paths, ids))
        taken = paths | {feed.id for feed in file.feeds}
        self._note(of_categories, check_former(of_categories.root, taken))
        if self.faults:
            raise ConfigurationError(tuple(self.faults.values()))
        folder = os.path.abspath(self.folder)  # noqa: PTH100 - resolve() would follow a mounted link
        return Configuration(
            root=os.path.dirname(folder),  # noqa: PTH120 - as above
            folder=folder,
            settings=settings,
            categories=grow(file.categories, added),
            sources=specs,
            feeds=file.feeds,
        )

    def _paths(self, read: set[str]) -> frozenset[str]:
        """The paths of all categories, as far as they can be told."""
        is_whole = self.folder / CATEGORIES_FILE not in self.unread
        return frozenset(read) if is_whole else _Any(read)

    def _ids(self, read: set[str]) -> frozenset[str]:
        """The ids of all sources, likewise."""
        is_whole = all(path.parent.name != SOURCES_FOLDER for path in self.unread)
        return frozenset(read) if is_whole else _Any(read)

    def _check_names(self) -> None:
        """A file that nobody reads must not look as if it counted."""
        for name, right in _MISNAMED.items():
            if (self.folder / name).exists():
                document = Document(str(self.folder / name), _EMPTY)
                finding = Finding((), "a file of this name is not read", f"rename it to {right}")
                self._note(document, [finding])

    def _settings(self, document: Document) -> Settings:
        self._note(document, run_checks(document.root, SETTINGS_CHECKS))
        settings = self._validated(Settings, document) or Settings()
        self._note(document, check_feeds_folder(settings, self.folder))
        return settings

    def _categories(self, document: Document) -> tuple[CategoriesFile, set[str]]:
        """The file of the tree, and the paths in it as far as they can be read."""
        self._note(document, check_categories(document.root))
        file = self._validated(CategoriesFile, document) or CategoriesFile()
        return file, set(category_paths(document.root))

    def _source_documents(self) -> list[Document]:
        """Every source of every YAML file."""
        paths = {*_in_sources(self.folder, ".yaml", ".yml"), *self._drafts_of_sources()}
        documents = [self._document(path) for path in sorted(paths)]
        for document in documents:
            self._validated(SourcesFile, document)
        return [source for document in documents for source in split_sources(document)]

    def _drafts_of_sources(self) -> Iterator[Path]:
        yield from (path for path in self.drafts if path.parent == self.folder / SOURCES_FOLDER)

    def _subscriptions(self, tree: CategoryTree) -> tuple[list[Document], list[CategoryTitle]]:
        """Every source of every OPML file, and the categories that they add to the tree."""
        found: list[Subscription] = []
        for path in _in_sources(self.folder, ".opml"):
            try:
                found += read_opml(str(path), _read(path))
            except UnreadableError as error:
                self.unread.add(path)
                self._note(Document(str(path), _EMPTY), [error.finding])
        return place_subscriptions(found, tree)

    def _sources(self, documents: list[Document], paths: frozenset[str]) -> tuple[SourceSpec, ...]:
        """The sources of all files together."""
        specs = []
        for document in documents:
            spec, findings = read_source(document.root, paths)
            self._note(document, findings)
            specs += [spec] if spec else []
        for document, finding in check_unique(documents):
            self._note(document, [finding])
        return tuple(specs)

    def _document(self, path: Path) -> Document:
        """A file as a tree; one that is missing, or cannot be read, is empty."""
        document = Document(str(path), _EMPTY)
        if path not in self.drafts and not os.path.lexists(path):
            return document
        try:
            data = self.drafts[path] if path in self.drafts else _read(path)
            root, findings = parse(decode(data), self.environment)
        except UnreadableError as error:
            self.unread.add(path)
            self._note(document, [error.finding])
            return document
        document = Document(str(path), root)
        self._note(document, findings)
        return document

    def _validated(self, model: type[Model], document: Document) -> Model | None:
        value, findings = validate(model, document.root)
        self._note(document, findings)
        return value

    def _note(self, document: Document, findings: Iterable[Finding]) -> None:
        """Take findings down as faults, each once: defaults are seen through every source."""
        for fault in map(document.fault, findings):
            self.faults.setdefault((fault.file, fault.line, fault.column, fault.what), fault)


def _read(path: Path) -> bytes:
    """The bytes of a file, one more than allowed at most.

    Raises:
        UnreadableError: the system does not let us, or the file is too large.
    """
    try:
        with path.open("rb") as file:
            data = file.read(MOST_BYTES + 1)
    except OSError as error:
        finding = Finding((), f"this cannot be read: {error.strerror}", place=Place(0, 0))
        raise UnreadableError(finding) from None
    if len(data) > MOST_BYTES:
        what = f"the file has more than {MOST_BYTES // 1_000_000} MB"
        raise UnreadableError(Finding((), what, "split it into several", place=Place(1, 1)))
    return data
