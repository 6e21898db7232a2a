"""Changes files of the configuration: all or none of them, and never to something that is wrong.

    add ─▶ draft in memory ─load─▶ right? ─▶ written beside ─▶ renamed over, categories first

Whoever kills the process in the middle leaves a configuration that is right: sources are renamed
after the categories that they stand in, and a category without sources is allowed.
"""

from __future__ import annotations

import contextlib
import fcntl
import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from aggregator.config.editing import Item, with_items
from aggregator.config.editing import Path as Place
from aggregator.config.load import CATEGORIES_FILE, SOURCES_FOLDER, load
from aggregator.config.parsing import UnreadableError, decode
from aggregator.errors import AggregatorError
from aggregator.model.settings import Configuration

_ENDINGS = (".yaml", ".yml")


@dataclass
class Drafts:
    """Files of a configuration folder as they would be; nothing is written before `publish`."""

    folder: Path
    environment: Mapping[str, str]
    before: dict[Path, bytes | None] = field(default_factory=dict)
    after: dict[Path, bytes] = field(default_factory=dict)

    def text(self, path: Path) -> str:
        """What a file says, with what was added; "" for one that is not there.

        Raises:
            AggregatorError: it cannot be read, or is not UTF-8.
        """
        if path not in self.before:
            self.before[path] = _bytes(path)
        data = self.after.get(path, self.before[path])
        try:
            return decode(data) if data else ""
        except UnreadableError as error:
            raise AggregatorError(f"{path}: {error.finding.what}") from None

    def add(self, path: Path, place: Place, items: Sequence[Item], heading: str = "") -> None:
        """Add items to a list of a file; a new file begins with the heading, a comment.

        Raises:
            EditError: the file is written in a way that cannot be added to.
        """
        text = self.text(path) or heading
        self.after[path] = with_items(text, place, [_escaped(item) for item in items]).encode()

    def check(self) -> Configuration:
        """The configuration as it would be.

        Raises:
            ConfigurationError: it would be wrong.
        """
        return load(self.folder, self.environment, self.after)

    def publish(self) -> None:
        """Check, then put all files in their places.

        Raises:
            ConfigurationError: the configuration would be wrong; nothing was written.
            AggregatorError: a file changed meanwhile, or cannot be written.
        """
        self.check()
        for path, data in self.before.items():
            if _bytes(path) != data:
                raise AggregatorError(f"{path} was changed meanwhile: try again")
        try:
            _replace(self.after)
        except OSError as error:
            where = error.filename or self.folder
            raise AggregatorError(f"{where} cannot be written: {error.strerror}") from None


@contextlib.contextmanager
def drafting(folder: Path, environment: Mapping[str, str]) -> Iterator[Drafts]:
    """Drafts of a folder that no other command of ours changes meanwhile."""
    try:
        descriptor = os.open(folder, os.O_RDONLY)
    except OSError as error:
        raise AggregatorError(f"{folder} cannot be opened: {error.strerror}") from None
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield Drafts(folder, environment)
    finally:
        os.close(descriptor)


def categories_path(folder: Path) -> Path:
    """Where the tree of categories stands."""
    return folder / CATEGORIES_FILE


def sources_path(folder: Path, name: str) -> Path:
    """A file of sources by its name, with or without the folder before it.

    Raises:
        AggregatorError: such a file would not be read.
    """
    bare = name.removeprefix(f"{SOURCES_FOLDER}/")
    if "/" in bare or bare.startswith(".") or not bare.endswith(_ENDINGS):
        raise AggregatorError(
            f"{name} would not be read: sources stand in {SOURCES_FOLDER}/NAME.yaml"
        )
    return folder / SOURCES_FOLDER / bare


def _bytes(path: Path) -> bytes | None:
    try:
        return path.read_bytes()
    except FileNotFoundError:
        return None
    except OSError as error:
        raise AggregatorError(f"{path} cannot be read: {error.strerror}") from None


def _escaped(item: Item) -> Item:
    """An item whose texts mean themselves: the configuration reads `${` as a variable."""
    return {key: _literal(value) for key, value in item.items()}


def _literal(value: object) -> object:
    match value:
        case str():
            return value.replace("${", "$${")
        case list() | tuple():
            return [_literal(each) for each in value]
        case Mapping():
            return _escaped(value)
        case _:
            return value


def _replace(files: Mapping[Path, bytes]) -> None:
    """Write every file beside its place, then rename each; what the files hang on comes first."""
    beside = {path: _beside(path) for path in files}
    try:
        for path, data in files.items():
            _write(beside[path], data, path)
        for path in sorted(files, key=lambda each: each.name != CATEGORIES_FILE):
            os.replace(beside[path], _target(path))  # noqa: PTH105 - beside it, and shorter
            _flush_folder(_target(path).parent)
    finally:
        for path in beside.values():
            path.unlink(missing_ok=True)


def _target(path: Path) -> Path:
    """The file itself where a path is a link to it: the link stays."""
    return Path(os.path.realpath(path))


def _beside(path: Path) -> Path:
    """A name in the same folder that nobody reads; what a killed run left there is overwritten."""
    target = _target(path)
    return target.with_name(f".{target.name}.new")


def _write(path: Path, data: bytes, like: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("wb") as file:
        if like.exists():
            os.fchmod(file.fileno(), like.stat().st_mode & 0o7777)
        file.write(data)
        file.flush()
        os.fsync(file.fileno())


def _flush_folder(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
