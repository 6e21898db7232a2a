"""Small disks for the service under test: a tmpfs in a mount namespace that ends with the service.

From outside the files are seen through `/proc`, as the service sees them.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

SIZE = "8m"
_AS_ROOT = ("unshare", "--map-root-user", "--mount")
_BACKUP = "import sqlite3, sys; sqlite3.connect(sys.argv[1]).backup(sqlite3.connect(sys.argv[2]))"
_MOUNT = f'mount -t tmpfs -o size={SIZE} none "$0" && exec "$@"'


def are_possible(folder: Path) -> bool:
    """Whether this system lets us mount something in a namespace."""
    try:
        done = subprocess.run([*on_small_disk(folder), "true"], capture_output=True, check=False)
    except FileNotFoundError:
        return False
    return done.returncode == 0


def as_somebody_else(*command: str) -> Sequence[str]:
    """The words before a command that shall not be the master of other people's files."""
    return ["unshare", "--map-root-user", *command]


def give_away(folder: Path, owner: int) -> None:
    """Let a folder with all that is in it belong to another user; only root can."""
    for path in [folder, *folder.rglob("*")]:
        os.chown(path, owner, owner)


def on_small_disk(folder: Path) -> Sequence[str]:
    """The words before a command for which `folder` is to be a small disk of its own."""
    return [*_AS_ROOT, "sh", "-c", _MOUNT, str(folder)]


@dataclass(frozen=True)
class SmallDisk:
    """The disk at `folder`, as the process `number` sees it."""

    folder: Path
    number: int

    def seen(self, path: Path) -> Path:
        """The same path through the eyes of the process."""
        return Path(f"/proc/{self.number}/root{path}")

    def fill(self) -> None:
        """Leave no room for a single byte."""
        with self._ballast.open("ab", buffering=0) as file:
            for size in (65_536, 4_096, 1):
                try:
                    while True:
                        file.write(bytes(size))
                except OSError:
                    continue

    def make_room(self) -> None:
        """Take away what fills it."""
        self._ballast.unlink()

    def forbid(self, *, writing: bool) -> None:
        """Make it read-only, or let it be written to again."""
        option = "remount,ro" if writing else "remount,rw"
        self._inside("mount", "-o", option, str(self.folder))

    def copy(self, folder: Path, to: Path) -> Path:
        """Take along what the process sees of `config/`, `feeds/` and its SQLite database."""
        for name in ("config", "feeds"):
            unfinished = shutil.ignore_patterns(".*.new")  # they come and go while we copy
            shutil.copytree(self.seen(folder / name), to / name, ignore=unfinished)
        (to / "data").mkdir()
        database = "data/aggregator.db"
        self._inside(sys.executable, "-c", _BACKUP, str(folder / database), str(to / database))
        return to

    def _inside(self, *command: str) -> None:
        target = f"--target={self.number}"
        enter = ["nsenter", target, "--user", "--mount", "--preserve-credentials"]
        subprocess.run([*enter, *command], check=True)

    @property
    def _ballast(self) -> Path:
        return self.seen(self.folder) / f".ballast.{os.getpid()}"
