"""What is added to files that people wrote, byte by byte."""

from __future__ import annotations

import json
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from aggregator.config.editing import EditError, with_items

NEW = {
    "id": "x",
    "url": "https://a.example/?a=1#b",
    "title": "【财经】a: b",
    "category": ["a", "b"],
}
BLOCK = """- id: x
  url: https://a.example/?a=1#b
  title: '【财经】a: b'
  category: [a, b]
"""
FLOW = json.dumps(NEW, ensure_ascii=False)


def indented(by: int, text: str = BLOCK) -> str:
    return "".join(f"{' ' * by}{line}" for line in text.splitlines(keepends=True))


@pytest.mark.parametrize(
    ("before", "inserted", "after"),
    [
        ("", f"sources:\n{indented(2)}", ""),
        ("# nothing yet\n", f"sources:\n{indented(2)}", ""),
        ("sources:   # none yet\n", indented(2), "# the end\n"),
        ("sources:\n  - id: a   # first\n", indented(2), ""),
        ("sources:\n- id: a\n", BLOCK, "# of the file\n"),
        ("sources:\n  - id: a\n    # of a\n  # - id: b\n", indented(2), "\n# of the file\n"),
        ("sources:\n  - id: a\n\n  - id: b\n", f"\n{indented(2)}", "\nother: 1\n"),
        ("other: 1 # o\n", f"sources:\n{indented(2)}", ""),
        ("other:\n  deep: 1\n  # of deep\n", f"sources:\n{indented(2)}", "# the end\n"),
        ("sources:\n  - id: a\n    text: |\n      one\n\n      two\n", indented(2), "\nz: 1\n"),
        ("sources:\n  - id: a\n    tags: [a,\n      b]\n", indented(2), ""),
        ("---\nsources:\n  - id: a\n", indented(2), "...\n"),
        ("sources: [{id: a}", f", {FLOW}", "]\n"),
        ("sources: [\n  {id: a},\n  {id: b}", f", {FLOW}", ",  # last\n]\n"),
        ('{"sources": [', FLOW, "]}"),
        ('{"a": 1', f', "sources": [{FLOW}]', "}\n"),
        ("{", f'"sources": [{FLOW}]', "}\n"),
    ],
)
def test_inserts_and_leaves_every_other_byte(before: str, inserted: str, after: str) -> None:
    """However a list is written, what is new stands in it, and all that was there stays."""
    assert with_items(before + after, ("sources",), [NEW]) == before + inserted + after


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("sources: []  # none yet\nz: 1\n", f"sources:  # none yet\n{indented(2)}z: 1\n"),
        ("sources:\n  - id: a", f"sources:\n  - id: a\n{indented(2)}"),
    ],
)
def test_puts_right_what_stands_in_the_way(before: str, after: str) -> None:
    """Empty brackets become a list, and a last line without an end gets one."""
    assert with_items(before, ("sources",), [NEW]) == after


def test_line_ends_and_indents_of_the_file_are_kept() -> None:
    """A file of Windows stays one, and wide indents stay wide."""
    before = "sources:\r\n    -   id: a\r\n        url: b\r\n"
    added = with_items(before, ("sources",), [{"id": "x", "url": "y"}])
    assert added == f"{before}    -   id: x\r\n        url: y\r\n"


def test_child_is_added_below_its_parent() -> None:
    """A list of children is made where there is none, inside the parent and its comments."""
    before = "categories:\n  - id: a\n    title: A # t\n    # of a\n"
    after = "  - {id: b}\n"
    new = {"id": "n", "title": "新", "categories": [{"id": "m", "title": "M"}]}
    added = with_items(before + after, ("categories", 0, "categories"), [new])
    assert added == (
        f"{before}    categories:\n      - id: n\n        title: 新\n        categories:\n"
        f"          - id: m\n            title: M\n{after}"
    )


@pytest.mark.parametrize(
    "text",
    [
        "sources: &a\n  - id: a\nothers: *a\n",
        "sources: text\n",
        "- a\n",
        "[1, 2",
        "sources: [\n]\n",
    ],
)
def test_what_cannot_be_added_to_safely_is_refused(text: str) -> None:
    """A file whose meaning would change elsewhere, or that is no mapping, is left alone."""
    with pytest.raises(EditError, match="by hand"):
        with_items(text, ("sources",), [NEW])


words = st.text(max_size=30)


@given(
    st.lists(st.fixed_dictionaries({"id": words, "title": words}), min_size=1, max_size=3),
    st.sampled_from(["", "sources:\n  - id: a # c\n", "sources: [{id: a}]", "a: 1\n"]),
)
def test_any_text_of_strangers_is_added_as_it_is(items: list[dict[str, Any]], text: str) -> None:
    """Whatever a feed calls itself, the file reads as before with exactly that added."""
    try:
        added = with_items(text, ("sources",), items)
    except EditError:
        return
    before: Any = yaml.safe_load(text) or {}
    expected = {**before, "sources": [*before.get("sources", []), *items]}
    assert yaml.safe_load(added) == expected
