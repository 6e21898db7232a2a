from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import pytest

from aggregator.config.load import load
from aggregator.errors import ConfigurationError
from tests.support.folders import configured


def faults(folder: Path, full_text: Any, **source: Any) -> str:
    keys = {"id": "wire", "url": "https://wire.example/", "full_text": full_text, **source}
    configured(folder, [{key: value for key, value in keys.items() if value}])
    try:
        load(folder / "config", {})
    except ConfigurationError as error:
        return str(error)
    return ""


def test_auto_without_its_library_is_a_fault(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Who asks for `auto` is told what to install; who names selectors needs nothing."""
    assert faults(tmp_path, "auto") == ""
    monkeypatch.setitem(sys.modules, "trafilatura", None)
    said = faults(tmp_path, "auto")
    assert "all.yaml:1:" in said
    assert "sources.wire.full_text: `auto` needs the library trafilatura" in said
    assert "install feed-aggregator[full-text]" in said
    assert faults(tmp_path, {"select": "article"}) == ""


@pytest.mark.parametrize(
    ("full_text", "says"),
    [
        ({"next": "a"}, "`select` is missing"),
        ({"select": []}, "`select` is missing"),
        ({"select": "a >> b"}, "full_text.select: 'a >> b' is not a CSS selector"),
        ({"select": "//article"}, "this is XPath"),
        ({"select": "p", "remove": ["a", "["]}, "full_text.remove.1: '['"),
        ({"select": "p", "next": "a@href"}, "full_text.next: 'a@href' is not a CSS selector"),
        ("automatic", "did you mean 'auto'?"),
    ],
)
def test_faults_are_told_at_their_place(tmp_path: Path, full_text: Any, says: str) -> None:
    """A selector that does not parse, and a shape that is none, are told with what would help."""
    assert says in faults(tmp_path, full_text)


def test_posts_hold_their_text(tmp_path: Path) -> None:
    """`full_text` is refused where there is no page behind an entry."""
    said = faults(tmp_path, {"select": "p"}, kind="posts", path="posts/*.md", url="")
    assert "a post is the text" in said
