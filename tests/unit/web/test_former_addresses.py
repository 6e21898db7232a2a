"""Addresses of categories that moved lead on for good; those of removed ones say so."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.support.serving import serving, site


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A site on which `old` moved to `new/place`, `older` to `old`, and `dead` was removed."""
    (tmp_path / "new/place").mkdir(parents=True)
    (tmp_path / "new/place/rss.xml").write_bytes(b"<rss/>")
    moved = {"old": "new/place", "older": "old", "旧": "new/place"}
    note = {"moved": moved, "gone": ["dead", "new/place"]}
    (tmp_path / ".addresses").write_text(json.dumps(note))
    return tmp_path


@pytest.mark.parametrize(
    ("asked", "there"),
    [
        ("/old/rss.xml", "/new/place/rss.xml"),
        ("/old/", "/new/place/"),
        ("/old", "/new/place"),
        ("/old/archive/2025-01/atom.xml", "/new/place/archive/2025-01/atom.xml"),
        ("/older/rss.xml", "/new/place/rss.xml"),
        ("/%E6%97%A7/rss.xml", "/new/place/rss.xml"),
    ],
)
def test_a_moved_category_leads_to_its_new_place(folder: Path, asked: str, there: str) -> None:
    """Whatever was below the old path is asked for below the new one, by 301."""
    with serving(site(folder)) as client:
        answer = client.get(asked)
        assert (answer.status, answer.headers["location"]) == (301, there)


@pytest.mark.parametrize("asked", ["/dead/rss.xml", "/dead/", "/dead", "/dead/sub/feed.json"])
def test_a_removed_category_is_gone(folder: Path, asked: str) -> None:
    """Readers are told to stop asking, by 410."""
    with serving(site(folder)) as client:
        assert client.get(asked).status == 410


@pytest.mark.parametrize("asked", ["/deadly/rss.xml", "/elsewhere/", "/%2e%2e/rss.xml"])
def test_other_addresses_are_404(folder: Path, asked: str) -> None:
    """Only whole segments count, and names that cannot be are not looked for."""
    with serving(site(folder)) as client:
        assert client.get(asked).status == 404


def test_what_is_there_is_served(folder: Path) -> None:
    """A file goes before what was noted about its path once."""
    with serving(site(folder)) as client:
        assert client.get("/new/place/rss.xml").body == b"<rss/>"


def test_a_new_note_is_read(folder: Path) -> None:
    """What publishing notes later holds at once."""
    with serving(site(folder)) as client:
        assert client.get("/later/rss.xml").status == 404
        (folder / ".addresses").write_text(json.dumps({"moved": {}, "gone": ["later"]}))
        assert client.get("/later/rss.xml").status == 410
