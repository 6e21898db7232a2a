"""A folder of posts whose files change, read by the real command again and again."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

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
