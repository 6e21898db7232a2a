"""The folder of published files: each file is there whole, as before or as after, never half.

Knows paths and bytes; not what a feed is.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Protocol

from aggregator.errors import PublishError

_SEGMENT = re.compile(r"[^./\\\x00-\x1f][^/\\\x00-\x1f]*")
_NEW = ".new"
_MANIFEST = ".published"
_SIDE_BY_SIDE = 8
"""Files that are waiting for the disk at the same time."""


class FileCalls(Protocol):
    """The calls of `os` that writing a file needs; tests let the n-th of them fail."""

    def open(self, path: Path, flags: int, mode: int = 0o777, /) -> int:
        """See `os.open`."""

    def write(self, descriptor: int, data: bytes | memoryview, /) -> int:
        """See `os.write`."""

    def fsync(self, descriptor: int, /) -> None:
        """See `os.fsync`."""

    def close(self, descriptor: int, /) -> None:
        """See `os.close`."""

    def replace(self, source: Path, target: Path, /) -> None:
        """See `os.replace`."""


class FeedFolder:
    """Reads, writes and removes files below one folder, and nowhere else."""

    def __init__(self, root: Path, calls: FileCalls | None = None) -> None:
        self.root = root
        self._calls: FileCalls = calls if calls is not None else _OsCalls()

    def prepare(self) -> None:
        """Make the folder if it is missing, and see that files can be made in it.

        Raises:
            PublishError: it cannot be made or written to.
        """
        try:
            self.root.mkdir(parents=True, exist_ok=True)
            probe = self.root / f".probe.{os.getpid()}{_NEW}"
            probe.touch()
            probe.unlink()
        except OSError as error:
            raise PublishError(
                f"{self.root} cannot hold the feeds: {error.strerror}; make it a folder that the"
                " user who runs the service may write to, or set `publish.folder` to another one"
            ) from error

    def remove_leftovers(self) -> None:
        """Remove the unfinished files of a run that was killed; call it before anything writes."""
        for leftover in sorted(self.root.rglob(f".*{_NEW}")):
            with suppress(OSError):
                leftover.unlink()

    def path_of(self, name: str) -> Path:
        """Where the file with this name (`finance/sina/rss.xml`) is.

        Raises:
            PublishError: the name would lead out of the folder, or to a hidden file.
        """
        if not _is_name(name):
            raise PublishError(f"{name!r} cannot be the name of a published file")
        return self.root.joinpath(*name.split("/"))

    def read(self, name: str) -> bytes | None:
        """The bytes of a file; None where there is none."""
        try:
            return self.path_of(name).read_bytes()
        except (FileNotFoundError, NotADirectoryError):
            return None

    def exists(self, name: str) -> bool:
        """Whether the file is there; never, where the name cannot be that of a file."""
        return _is_name(name) and self.path_of(name).is_file()

    def written_at(self, name: str) -> datetime | None:
        """When a file was written; None where there is none."""
        try:
            return datetime.fromtimestamp(self.path_of(name).stat().st_mtime, UTC)
        except (FileNotFoundError, NotADirectoryError):
            return None

    def names(self, folder: str) -> list[str]:
        """The names of the files right in a folder below the root, hidden ones left out."""
        try:
            found = [each.name for each in self.path_of(folder).iterdir() if each.is_file()]
        except (FileNotFoundError, NotADirectoryError):
            return []
        return sorted(filter(_is_name, found))

    def write(self, name: str, body: bytes) -> None:
        """Put these bytes in the place of whatever was there, whole or not at all.

        Raises:
            OSError: it failed, and what was there before still is.
        """
        self._write(self.path_of(name), body)

    def write_all(self, files: Sequence[tuple[str, bytes]]) -> None:
        """As `write`, for many files side by side: a disk flushes them together, many times faster.

        Raises:
            OSError: one failed; of the others each is there whole, or what was before.
        """
        with ThreadPoolExecutor(_SIDE_BY_SIDE) as pool:
            for _ in pool.map(lambda each: self.write(*each), files):
                pass

    def remove(self, name: str) -> bool:
        """Remove a file and the folders that became empty; tell whether it was there."""
        target = self.path_of(name)
        try:
            target.unlink()
        except (FileNotFoundError, NotADirectoryError):
            return False
        with suppress(OSError):  # the first folder that still holds something ends the walk
            for parent in target.parents:
                if parent == self.root:
                    break
                parent.rmdir()
        return True

    def noted(self, name: str) -> bytes | None:
        """What was noted beside published files under a hidden name (`finance/archive/.chain`)."""
        try:
            return self._note(name).read_bytes()
        except (FileNotFoundError, NotADirectoryError):
            return None

    def note(self, name: str, body: bytes) -> None:
        """Note something beside published files, whole or not at all; nobody is served it.

        Raises:
            OSError: it failed, and what was there before still is.
        """
        self._write(self._note(name), body)

    def forget(self, name: str) -> None:
        """Let go what was noted, and the folder, if nothing else is in it."""
        target = self._note(name)
        target.unlink(missing_ok=True)
        with suppress(OSError):
            target.parent.rmdir()

    def _note(self, name: str) -> Path:
        """Where a note is; its name is hidden, its folder is one of ours."""
        folder, _, hidden = name.rpartition("/")
        if not hidden.startswith(".") or not _is_name(hidden[1:]):
            raise PublishError(f"{name!r} cannot be the name of a note")
        return (self.path_of(folder) if folder else self.root) / hidden

    def move(self, name: str, to: str) -> None:
        """Give a folder below ours another place, if it is there and nothing is in that place."""
        source, target = self.path_of(name), self.path_of(to)
        if source.is_dir() and not target.exists():
            target.parent.mkdir(parents=True, exist_ok=True)
            source.rename(target)

    def published(self) -> set[str]:
        """The category paths that were published here, whether or not they still exist."""
        try:
            return set((self.root / _MANIFEST).read_text(encoding="utf-8").splitlines())
        except FileNotFoundError:
            return set()

    def note_published(self, paths: Iterable[str]) -> None:
        """Remember these category paths as all that is published here."""
        wanted = {path for path in paths if _is_name(path)}
        if wanted != self.published():
            lines = "".join(f"{path}\n" for path in sorted(wanted))
            self._write(self.root / _MANIFEST, lines.encode())

    def _write(self, target: Path, body: bytes) -> None:
        target.parent.mkdir(parents=True, exist_ok=True)
        beside = target.with_name(f".{target.name.lstrip('.')}.{os.getpid()}{_NEW}")
        try:
            self._fill(beside, body)
            self._calls.replace(beside, target)
        except BaseException:
            with suppress(OSError):
                beside.unlink()
            raise
        self._flush_folder(target.parent)

    def _fill(self, path: Path, body: bytes) -> None:
        descriptor = self._calls.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o666)
        try:
            rest = memoryview(body)
            while rest:
                rest = rest[self._calls.write(descriptor, rest) :]
            self._calls.fsync(descriptor)
        finally:
            self._calls.close(descriptor)

    def _flush_folder(self, folder: Path) -> None:
        """Make the rename itself survive a power cut."""
        descriptor = self._calls.open(folder, os.O_RDONLY)
        try:
            self._calls.fsync(descriptor)
        finally:
            self._calls.close(descriptor)


def _is_name(name: str) -> bool:
    """Whether it names a file below the folder: no hidden one, and no way out."""
    return all(_SEGMENT.fullmatch(segment) for segment in name.split("/"))


class _OsCalls:
    """The calls themselves."""

    open = staticmethod(os.open)
    write = staticmethod(os.write)
    fsync = staticmethod(os.fsync)
    close = staticmethod(os.close)
    replace = staticmethod(os.replace)
