"""Folders: what changed is found by stamps, and nothing outside is ever opened."""

from __future__ import annotations

import os
import socket
from pathlib import Path

import pytest

from aggregator.errors import FetchError, FetchReason
from aggregator.fetch.folder import FolderChanges, read, scan
from aggregator.model.pages import Folder
from tests.support.fetching import NOW


def write(root: Path, *names: str) -> None:
    """Make files that hold their own names."""
    for name in names:
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(name, encoding="utf-8")


def found(root: Path, pattern: str = "**/*.md") -> list[str]:
    """The names that a pattern takes."""
    return list(scan(Folder(str(root), pattern), {}).changed)


def failure(root: Path, name: str, max_bytes: int = 1000) -> FetchReason:
    """Why a document cannot be read."""
    with pytest.raises(FetchError) as caught:
        read(Folder(str(root), "*"), name, NOW, max_bytes)
    assert str(root) not in str(caught.value)
    return caught.value.reason


@pytest.mark.parametrize(
    ("pattern", "names"),
    [
        ("*.md", ["a.md"]),
        ("**/*.md", ["a.md", "posts/b.md", "posts/x/c.md", "posts/x/y/d.md"]),
        ("posts/*.md", ["posts/b.md"]),
        ("posts/*/*.md", ["posts/x/c.md"]),
        ("posts/**/*.md", ["posts/b.md", "posts/x/c.md", "posts/x/y/d.md"]),
        ("posts/**/y/*", ["posts/x/y/d.md"]),
        ("**/x/**/*.md", ["posts/x/c.md", "posts/x/y/d.md"]),
        ("**/**/?.md", ["a.md", "posts/b.md", "posts/x/c.md", "posts/x/y/d.md"]),
        ("posts/[bc].md", ["posts/b.md"]),
        ("posts", []),
        ("none/*.md", []),
    ],
)
def test_a_pattern_takes_what_pathlib_would(tmp_path: Path, pattern: str, names: list[str]) -> None:
    """Names come sorted, each once, and by the same rules as `Path.glob`."""
    write(tmp_path, "posts/x/y/d.md", "posts/x/c.md", "a.md", "posts/b.md", "posts/b.txt")
    assert found(tmp_path, pattern) == names
    globbed = {str(p.relative_to(tmp_path)) for p in tmp_path.glob(pattern) if p.is_file()}
    assert set(names) == globbed


def test_only_what_changed_is_named(tmp_path: Path) -> None:
    """New, edited and replaced files are changed, a renamed one changes its name, others rest."""
    write(tmp_path, "same.md", "edited.md", "replaced.md", "renamed.md", "removed.md", "touched.md")
    folder = Folder(str(tmp_path), "*.md")
    first = scan(folder, {})
    assert len(first.changed) == 6
    assert first.vanished == ()
    (tmp_path / "edited.md").write_text("another text", encoding="utf-8")
    times = (tmp_path / "replaced.md").stat()
    (tmp_path / "twin").write_text("REPLACED.", encoding="utf-8")
    os.utime(tmp_path / "twin", ns=(times.st_atime_ns, times.st_mtime_ns))
    (tmp_path / "twin").replace(tmp_path / "replaced.md")
    (tmp_path / "renamed.md").rename(tmp_path / "new-name.md")
    (tmp_path / "removed.md").unlink()
    os.utime(tmp_path / "touched.md", (1, 1))
    second = scan(folder, first.changed)
    assert list(second.changed) == ["edited.md", "new-name.md", "replaced.md", "touched.md"]
    assert second.vanished == ("removed.md", "renamed.md")
    third = scan(folder, {**first.changed, **second.changed})
    assert third == FolderChanges({}, ("removed.md", "renamed.md"))


def test_hidden_and_strange_files_are_passed_over(tmp_path: Path) -> None:
    """Hidden files and folders, pipes, sockets and names that are no text do not count."""
    write(tmp_path, "a.md", ".hidden.md", ".git/b.md", "x/.c.md", "全角\u3000空格.md")
    (tmp_path / "folder.md").mkdir()
    os.mkfifo(tmp_path / "pipe.md")
    (tmp_path / "line\nbreak.md").touch()
    Path(os.fsdecode(os.fsencode(tmp_path) + b"/\xff.md")).touch()
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind(str(tmp_path / "socket.md"))
        assert found(tmp_path) == ["a.md", "全角\u3000空格.md"]


def test_links_stay_inside(tmp_path: Path) -> None:
    """A link to a file inside counts; one that leads outside, nowhere or to a folder does not."""
    root, outside = tmp_path / "root", tmp_path / "outside"
    write(root, "a.md", "x/b.md")
    write(outside, "secret.md")
    write(tmp_path, "root-beside/secret.md")
    (root / "inside.md").symlink_to("x/b.md")
    (root / "outside.md").symlink_to(outside / "secret.md")
    (root / "beside.md").symlink_to(tmp_path / "root-beside" / "secret.md")
    (root / "broken.md").symlink_to("nothing")
    (root / "loop").symlink_to(".")
    (root / "away").symlink_to(outside)
    assert found(root) == ["a.md", "inside.md", "x/b.md"]
    for name in ("outside.md", "beside.md", "away/secret.md", "../outside/secret.md", "loop"):
        assert failure(root, name) is FetchReason.UNREADABLE
    assert failure(root, str(outside / "secret.md")) is FetchReason.UNREADABLE


def test_a_link_to_itself_is_no_file(tmp_path: Path) -> None:
    """One link that leads round in circles does not keep the other files from being read."""
    (tmp_path / "a.md").write_text("x")
    (tmp_path / "loop.md").symlink_to("loop.md")
    assert list(scan(Folder(str(tmp_path), "*.md"), {}).changed) == ["a.md"]


def test_the_root_may_be_a_link(tmp_path: Path) -> None:
    """The folder itself may be reached by a link."""
    write(tmp_path, "real/a.md")
    (tmp_path / "link").symlink_to("real")
    assert found(tmp_path / "link") == ["a.md"]
    assert read(Folder(str(tmp_path / "link"), "*"), "a.md", NOW).body == b"real/a.md"


def test_a_folder_that_is_not_there_is_not_empty(tmp_path: Path) -> None:
    """Where the folder cannot be listed nothing vanishes: it is an error."""
    with pytest.raises(FetchError) as caught:
        scan(Folder(str(tmp_path / "none"), "*.md"), {"a.md": "1"})
    assert caught.value.reason is FetchReason.UNREADABLE
    assert str(tmp_path) not in str(caught.value)


def test_a_page_of_a_file(tmp_path: Path) -> None:
    """A page has the bytes and the name, and says nothing about where the file lies."""
    write(tmp_path, "x/a.md")
    page = read(Folder(str(tmp_path), "**/*.md"), "x/a.md", NOW)
    assert (page.body, page.name, page.final_url, page.status) == (b"x/a.md", "x/a.md", "", 200)
    assert (page.headers, page.fetched_at) == ({}, NOW)


@pytest.mark.parametrize(("size", "fits"), [(999, True), (1000, True), (1001, False)])
def test_a_file_has_a_size_limit(tmp_path: Path, size: int, *, fits: bool) -> None:
    """A document may have `max_bytes` and not one more."""
    (tmp_path / "a.md").write_bytes(b"x" * size)
    if fits:
        assert len(read(Folder(str(tmp_path), "*"), "a.md", NOW, 1000).body) == size
    else:
        assert failure(tmp_path, "a.md") is FetchReason.TOO_LARGE


def test_what_cannot_be_read_says_so(tmp_path: Path) -> None:
    """A file that is gone, a folder and a pipe are unreadable, and none of them is waited for."""
    (tmp_path / "folder").mkdir()
    os.mkfifo(tmp_path / "pipe")
    for name in ("gone.md", "folder", "pipe", "", ".", ".."):
        assert failure(tmp_path, name) is FetchReason.UNREADABLE
