"""Whatever fails while a file is written, the file is as before or as after."""

from __future__ import annotations

import errno
import os
from pathlib import Path
from typing import Any

import pytest

from aggregator.errors import PublishError
from aggregator.publish.folder import FeedFolder
from aggregator.publish.publisher import Publisher
from tests.support.publishing import ShelfStore, configuration, stored


class FailingCalls:
    """The real calls of `os`, of which the n-th fails as on a full disk."""

    def __init__(self, fails_at: int) -> None:
        self.left = fails_at

    def _count(self) -> None:
        self.left -= 1
        if self.left == 0:
            raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    def open(self, path: Path, flags: int, mode: int = 0o777, /) -> int:
        """Open, or fail."""
        self._count()
        return os.open(path, flags, mode)

    def write(self, descriptor: int, data: bytes | memoryview, /) -> int:
        """Write seven bytes at most, as a slow disk may, or fail."""
        self._count()
        return os.write(descriptor, data[:7])

    def fsync(self, descriptor: int, /) -> None:
        """Flush, or fail."""
        self._count()
        os.fsync(descriptor)

    def close(self, descriptor: int, /) -> None:
        """Close, and fail only afterwards, as close does."""
        os.close(descriptor)
        self._count()

    def replace(self, source: Path, target: Path, /) -> None:
        """Rename, or fail."""
        self._count()
        source.replace(target)


def test_a_file_is_before_or_after_whichever_call_fails(tmp_path: Path) -> None:
    """The n-th call fails, for every n: the old bytes or the new ones stand there, nothing else."""
    old, new = b"old " * 10, b"new " * 10
    outcomes = set()
    for fails_at in range(1, 40):
        folder = FeedFolder(tmp_path / str(fails_at))
        folder.write("a/rss.xml", old)
        failing = FeedFolder(folder.root, FailingCalls(fails_at))
        try:
            failing.write("a/rss.xml", new)
        except OSError:
            outcomes.add("failed")
        else:
            outcomes.add("written")
            assert folder.read("a/rss.xml") == new
        assert folder.read("a/rss.xml") in (old, new)
        assert [path.name for path in (folder.root / "a").iterdir()] == ["rss.xml"]
    assert outcomes == {"failed", "written"}


def test_of_many_files_one_fails(tmp_path: Path) -> None:
    """Of files that are written side by side each is whole or not there, and the fault is told."""
    files = [(f"{number}/rss.xml", b"whole " * 9) for number in range(20)]
    folder = FeedFolder(tmp_path, FailingCalls(60))
    with pytest.raises(OSError, match="No space"):
        folder.write_all(files)
    found = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert len(found) < len(files)
    assert {path.read_bytes() for path in found} == {b"whole " * 9}
    FeedFolder(tmp_path).write_all(files)
    assert all(FeedFolder(tmp_path).read(name) == body for name, body in files)


def test_publishing_heals_whichever_call_failed(tmp_path: Path) -> None:
    """A run on a failing disk is repaired by the next one, to the same bytes as without."""
    store = ShelfStore(stored(1))
    Publisher(store, configuration(tmp_path / "good")).publish_changed()
    wanted = _published(tmp_path / "good/feeds")
    for fails_at in (1, 2, 5, 30, 400, 2000):
        root = tmp_path / str(fails_at)
        fresh = ShelfStore(stored(1))
        folder = FeedFolder(root / "feeds", FailingCalls(fails_at))
        publisher = Publisher(fresh, configuration(root), folder)
        assert publisher.publish_changed().failed
        assert not publisher.publish_changed().failed
        assert _published(root / "feeds") == wanted


def _published(root: Path) -> dict[str, bytes]:
    return {str(p.relative_to(root)): p.read_bytes() for p in root.rglob("*") if p.is_file()}


@pytest.mark.parametrize(
    "name",
    ["", "..", "../x", "a/../b", "/etc/passwd", "a//b", ".hidden", "a/.b", "a\\b", "a\0b", "a\nb"],
)
def test_names_that_lead_elsewhere_are_refused(tmp_path: Path, name: str) -> None:
    """No name leads out of the folder or to a hidden file."""
    folder = FeedFolder(tmp_path)
    assert not folder.exists(name)
    for call in (folder.read, folder.remove, lambda each: folder.write(each, b"")):
        touch: Any = call
        with pytest.raises(PublishError):
            touch(name)


@pytest.mark.parametrize("name", ["rss.xml", "金融/新浪财经/rss.xml", "a b/c", "con", "é" * 60])
def test_names_of_every_script_are_fine(tmp_path: Path, name: str) -> None:
    """What is written under a name is read under it."""
    folder = FeedFolder(tmp_path)
    folder.write(name, b"bytes")
    assert folder.read(name) == b"bytes"
    assert folder.exists(name)


def test_removing_takes_empty_folders_along(tmp_path: Path) -> None:
    """Folders that became empty go with their last file; the root and what holds more stay."""
    folder = FeedFolder(tmp_path / "feeds")
    folder.write("a/b/c/rss.xml", b"1")
    folder.write("a/other", b"2")
    assert folder.remove("a/b/c/rss.xml")
    assert not folder.remove("a/b/c/rss.xml")
    assert [path.name for path in (folder.root / "a").iterdir()] == ["other"]
    folder.remove("a/other")
    assert folder.root.is_dir()


def test_readers_of_any_user_may_read(tmp_path: Path) -> None:
    """Files have the rights that the umask leaves, so that a web server of any user reads them."""
    umask = os.umask(0o022)
    try:
        folder = FeedFolder(tmp_path)
        folder.write("rss.xml", b"1")
        assert folder.path_of("rss.xml").stat().st_mode & 0o777 == 0o644
    finally:
        os.umask(umask)
