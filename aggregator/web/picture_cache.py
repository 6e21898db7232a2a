"""Pictures on disk, up to so many bytes; the one asked for longest ago goes first.

A file is a picture and nothing else; what it is called says of which address, and with which
content. Files are written beside and renamed, so that after a power cut each is whole or not there.
Another process may use the folder, too: how much there is is looked up again after a part of the
limit was written, so that all of them together go beyond it by that part at most.
"""

from __future__ import annotations

import hashlib
import os
import re
import threading
from collections import OrderedDict
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import BinaryIO

from aggregator.contracts import Clock

KEPT_FOR = timedelta(days=30)
"""A picture is fetched again after that: it may have been changed, or taken down."""
LOOKS = 20
"""How often the folder is looked into while as much as the limit is written."""
_NAME = re.compile(r"([0-9a-f]{40})-[0-9a-f]{24}")
_UNFINISHED = re.compile(r"\.[0-9a-f]{40}-[0-9a-f]{24}\.[0-9]+\.new")


@dataclass(frozen=True, slots=True)
class KeptPicture:
    """A picture to be sent: an open file, its size, and a tag that changes with its content."""

    file: BinaryIO
    size: int
    tag: str


@dataclass(frozen=True, slots=True)
class _Entry:
    name: str
    size: int
    kept_at: float


class PictureCache:
    """Keeps pictures in a folder; used from several threads. At most `limit` bytes are kept."""

    def __init__(self, folder: Path, limit: int, clock: Clock) -> None:
        self._folder = folder
        self._limit = limit
        self._clock = clock
        self._lock = threading.Lock()
        self._bytes = 0
        self._written = 0
        self._known: OrderedDict[str, _Entry] | None = None  # not looked up yet

    @property
    def size(self) -> int:
        """Bytes kept."""
        with self._lock:
            self._entries()
            return self._bytes

    def open(self, url: str) -> KeptPicture | None:
        """The picture of an address; None where it is not kept, or for too long."""
        key, now = _key(url), self._clock().timestamp()
        with self._lock:
            entry = self._entries().get(key)
            if entry is None or now - entry.kept_at > KEPT_FOR.total_seconds():
                self._drop(key)
                return None
            self._entries().move_to_end(key)
        try:
            file = (self._folder / entry.name).open("rb")
            with suppress(OSError):
                os.utime(file.fileno(), (now, entry.kept_at))
        except OSError:
            with self._lock:
                self._drop(key)
            return None
        return KeptPicture(file, entry.size, entry.name)

    def keep(self, url: str, picture: bytes) -> None:
        """Keep a picture, and let others go that there is no room for; a larger one is not kept.

        Raises:
            OSError: the folder does not take it.
        """
        if len(picture) > self._limit:
            return
        key, now = _key(url), self._clock().timestamp()
        name = f"{key}-{hashlib.sha256(picture).hexdigest()[:24]}"
        with self._lock:
            self._entries()  # looks for what is unfinished, of which there is none yet
        self._folder.mkdir(parents=True, exist_ok=True)
        beside = self._folder / f".{name}.{threading.get_native_id()}.new"
        try:
            _fill(beside, picture, now)
            with self._lock:
                entries = self._entries()
                self._drop(key)
                beside.replace(self._folder / name)
                entries[key] = _Entry(name, len(picture), now)
                self._bytes += len(picture)
                self._written += len(picture)
                self._make_room()
        except BaseException:
            with suppress(OSError):
                beside.unlink()
            raise

    def _entries(self) -> OrderedDict[str, _Entry]:
        """What there is, the one asked for longest ago first; called with the lock."""
        if self._known is None or self._written * LOOKS > self._limit:
            found = self._found(is_first=self._known is None)
            self._known = OrderedDict((key, entry) for key, entry, _ in found)
            self._bytes = sum(entry.size for entry in self._known.values())
            self._written = 0
            self._make_room()
        return self._known

    def _found(self, *, is_first: bool) -> list[tuple[str, _Entry, float]]:
        """Look into the folder; at first, what a killed process left unfinished goes."""
        found: list[tuple[str, _Entry, float]] = []
        with suppress(OSError), os.scandir(self._folder) as files:
            for file in files:
                if name := _NAME.fullmatch(file.name):
                    info = file.stat()
                    entry = _Entry(file.name, info.st_size, info.st_mtime)
                    found.append((name[1], entry, info.st_atime))
                elif is_first and _UNFINISHED.fullmatch(file.name):
                    Path(file).unlink(missing_ok=True)
        return sorted(found, key=lambda each: each[2])

    def _make_room(self) -> None:
        while self._bytes > self._limit and self._known:
            self._drop(next(iter(self._known)))

    def _drop(self, key: str) -> None:
        entry = self._known.pop(key, None) if self._known else None
        if entry is not None:
            self._bytes -= entry.size
            with suppress(OSError):
                (self._folder / entry.name).unlink()


def _fill(path: Path, picture: bytes, now: float) -> None:
    with path.open("wb") as file:
        file.write(picture)
        file.flush()
        os.fsync(file.fileno())
    os.utime(path, (now, now))


def _key(url: str) -> str:
    return hashlib.sha256(url.encode("utf-8", "surrogatepass")).hexdigest()[:40]
