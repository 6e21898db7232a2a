"""A folder of posts whose files change, read by the real command again and again."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from aggregator.fetch.folder import LARGEST_FILE
from tests.support.folders import configured
from tests.support.running import in_process

POST = """---
title: A post about the harbour
date: 2026-05-04 10:00:00
---
The first version.
"""


def read(folder: Path) -> dict[str, Any]:
    """Read the folder; what is published, by title."""
    done = in_process(folder, "ingest")
    assert done.returncode == 0, done.stderr
    feed = json.loads((folder / "feeds/all/feed.json").read_bytes())
    return {item["title"]: item for item in feed["items"]}


def test_file_is_edited_renamed_and_removed(tmp_path: Path) -> None:
    """An edit and a new name keep the article's id and date; without its file it is gone."""
    folder = configured(tmp_path, [{"id": "own", "kind": "posts", "path": "posts/**/*.md"}])
    posts = folder / "config/posts"
    (posts / "2026").mkdir(parents=True)
    file = posts / "harbour.md"
    file.write_text(POST, encoding="utf-8")
    (posts / "other.md").write_text("---\ntitle: Another post\n---\nIt stays.", encoding="utf-8")
    first = read(folder)["A post about the harbour"]

    file.write_text(POST.replace("first", "second"), encoding="utf-8")
    edited = read(folder)["A post about the harbour"]
    assert "The second version." in edited["content_html"]
    assert (edited["id"], edited["date_published"]) == (first["id"], first["date_published"])

    file.rename(posts / "2026/the-harbour.md")
    renamed = read(folder)
    assert renamed["A post about the harbour"] == edited
    assert len(renamed) == 2

    (posts / "2026/the-harbour.md").unlink()
    assert set(read(folder)) == {"Another post"}

    file.write_text(POST, encoding="utf-8")
    assert read(folder)["A post about the harbour"]["id"] == first["id"]


def test_a_path_that_no_file_has_is_told(tmp_path: Path) -> None:
    """Where a folder stands in the place of a pattern nothing is read, and that is said."""
    folder = configured(tmp_path, [{"id": "own", "kind": "posts", "path": "posts"}])
    (folder / "config/posts").mkdir()
    (folder / "config/posts/harbour.md").write_text(POST, encoding="utf-8")
    done = in_process(folder, "ingest")
    assert done.returncode == 0
    assert "own is odd: no file is named like path: posts" in done.stderr


def test_files_that_cannot_be_read_are_named(tmp_path: Path) -> None:
    """A file that is too large, or no post, is told with its name until it is one."""
    folder = configured(tmp_path, [{"id": "own", "kind": "posts", "path": "posts/**/*.md"}])
    posts = folder / "config/posts"
    posts.mkdir(parents=True)
    (posts / "good.md").write_text(POST, encoding="utf-8")
    broken = posts / "broken.md"
    broken.write_text("---\ntitle: [\n---\nIts front matter is no YAML.", encoding="utf-8")
    with (posts / "large.md").open("wb") as large:
        large.truncate(LARGEST_FILE + 1)
    said = in_process(folder, "ingest").stderr
    assert "own is odd: posts/large.md: too_large" in said
    assert "posts/broken.md" in in_process(folder, "dropped").stdout

    broken.write_text("---\ntitle: Mended at last\n---\nIt is a post.", encoding="utf-8")
    assert set(read(folder)) == {"A post about the harbour", "Mended at last"}
    assert "posts/broken.md" not in in_process(folder, "dropped").stdout
