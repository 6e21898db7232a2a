"""Documents in a folder of this machine, as if they were fetched.

Finds out what changed by looking at the files' stamps alone, so that a folder of many thousand
posts is not read again because one changed. Never goes outside the folder, whatever symbolic links
in it say, and opens nothing but plain files. What the documents mean is for others.
"""

from __future__ import annotations

import errno
import os
import re
import stat
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from fnmatch import fnmatchcase
from http import HTTPStatus

from aggregator.errors import FetchError, FetchReason
from aggregator.model.pages import Folder, Page

LARGEST_FILE = 15_000_000
"""Bytes of the largest document taken from a folder."""

_ANY_FOLDERS = "**"
_NOT_TEXT = re.compile("[\x00-\x1f\x7f\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class FolderChanges:
    """What is new since the last look: `changed` names with their new stamps, in sorted order."""

    changed: Mapping[str, str]
    vanished: tuple[str, ...]


def scan(folder: Folder, known: Mapping[str, str]) -> FolderChanges:
    """Compare a folder with the stamps that are known; opens no file.

    Hidden files and folders, what is not a plain file, links to folders and links that lead
    outside are passed over, as are names that are not Unicode text.

    Raises:
        FetchError: the folder, or one inside it, cannot be listed; nothing counts as vanished then.
    """
    root = os.path.realpath(folder.root)
    walk = _Walk(root, tuple(folder.pattern.split("/")))
    try:
        stamps = dict(walk.stamps("", walk.opened({0})))
    except OSError as error:
        where = os.path.relpath(error.filename or root, root)
        raise _unreadable(where, error) from error
    changed = {name: stamps[name] for name in sorted(stamps) if known.get(name) != stamps[name]}
    return FolderChanges(changed, tuple(sorted(known.keys() - stamps.keys())))


def read(folder: Folder, name: str, now: datetime, max_bytes: int = LARGEST_FILE) -> Page:
    """Read one document that `scan` named.

    The page has no address: where its files lie is nobody's business, and relative links in it
    have nothing to start from.

    Raises:
        FetchError: it is gone, cannot be read, or is too large.
    """
    root = os.path.realpath(folder.root)
    path = os.path.realpath(f"{root}/{name}")
    if not _is_inside(path, root):
        raise FetchError(FetchReason.UNREADABLE, f"{name} lies outside the folder")
    try:
        # Opening a pipe would wait for someone to write into it.
        descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC)
        with os.fdopen(descriptor, "rb") as file:
            if not stat.S_ISREG(os.fstat(descriptor).st_mode):
                raise FetchError(FetchReason.UNREADABLE, f"{name} is not a plain file")
            body = file.read(max_bytes + 1)
    except OSError as error:
        raise _unreadable(name, error) from error
    if len(body) > max_bytes:
        raise FetchError(FetchReason.TOO_LARGE, f"{name} is larger than {max_bytes} bytes")
    return Page("", HTTPStatus.OK, {}, body, now, name=name)


@dataclass(frozen=True)
class _Walk:
    """One way through a folder, along the parts of a pattern.

    `places` are always the positions in the pattern that the way down to here may stand at; what
    no place leads to is not entered.
    """

    root: str
    parts: tuple[str, ...]

    def stamps(self, prefix: str, places: frozenset[int]) -> Iterator[tuple[str, str]]:
        """Name and stamp of every file below that the pattern takes."""
        with os.scandir(f"{self.root}/{prefix}") as entries:
            for entry in entries:
                if entry.name.startswith(".") or _NOT_TEXT.search(entry.name):
                    continue
                name, after = prefix + entry.name, self.step(places, entry.name)
                if after and entry.is_dir(follow_symlinks=False):
                    yield from self.stamps(name + "/", after)
                elif len(self.parts) in after and (stamp := self._stamp(entry)):
                    yield name, stamp

    def step(self, places: frozenset[int], name: str) -> frozenset[int]:
        """Where in the pattern one may stand after one more name on the way down."""
        after = set[int]()
        for place in places - {len(self.parts)}:
            if self.parts[place] == _ANY_FOLDERS:
                after.add(place)
            elif fnmatchcase(name, self.parts[place]):
                after.add(place + 1)
        return self.opened(after)

    def opened(self, places: set[int]) -> frozenset[int]:
        """The same, with what follows each `**`, which may stand for no folder at all."""
        for place in list(places):
            following = place
            while following < len(self.parts) and self.parts[following] == _ANY_FOLDERS:
                following += 1
                places.add(following)
        return frozenset(places)

    def _stamp(self, entry: os.DirEntry[str]) -> str:
        """What changes when the file does; "" for one that is passed over."""
        try:
            if entry.is_symlink() and not _is_inside(os.path.realpath(entry.path), self.root):
                return ""
            info = entry.stat()
        except OSError as error:
            if error.errno in (errno.ENOENT, errno.ELOOP):  # gone, or a link round in circles
                return ""
            raise
        if not stat.S_ISREG(info.st_mode):
            return ""
        return f"{info.st_mtime_ns:x}-{info.st_size:x}-{info.st_ino:x}"


def _is_inside(path: str, root: str) -> bool:
    return path.startswith(root.rstrip("/") + "/")


def _unreadable(where: str, error: OSError) -> FetchError:
    return FetchError(FetchReason.UNREADABLE, f"{where} cannot be read: {error.strerror}")
