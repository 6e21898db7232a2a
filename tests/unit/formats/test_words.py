"""The catalogues of the interface's words are complete and compiled."""

from __future__ import annotations

import io
import re
import tomllib
from pathlib import Path
from typing import Any

import pytest
from babel.messages import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from aggregator.formats.words import spoken, translations

ROOT = Path(__file__).resolve().parents[3]
CATALOGUES = sorted((ROOT / "aggregator").rglob("*.po"))

catalogues = pytest.mark.parametrize("path", CATALOGUES, ids=lambda path: path.parts[-3])


def read(path: Path) -> Catalog:
    """A catalogue as Babel reads it."""
    with path.open("rb") as file:
        return read_po(file)


def words_of_the_code() -> set[Any]:
    """Every text that code and templates mark as a word of the interface."""
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    mappings = settings["tool"]["babel"]["mappings"]
    found = extract_from_dir(
        ROOT / "aggregator",
        [(each["pattern"], each["method"]) for each in mappings],
        {each["pattern"]: each.get("options", {}) for each in mappings},
    )
    return {message for _file, _line, message, _comments, _context in found}


def test_there_is_a_catalogue() -> None:
    """Chinese has one, or nothing below would be tested."""
    assert [path.parts[-3] for path in CATALOGUES] == ["zh_CN"]


@catalogues
def test_no_word_is_missing_and_none_is_left_over(path: Path) -> None:
    """Code and catalogue hold the same words, and each is translated."""
    messages = [each for each in read(path) if each.id]
    assert {each.id for each in messages} == words_of_the_code()
    assert [each.id for each in messages if each.fuzzy or not each.string] == []


@catalogues
def test_a_translation_names_the_same_values(path: Path) -> None:
    """What is filled into a text is filled into its translation, by the same names."""
    for message in read(path):
        texts = message.id if isinstance(message.id, tuple) else (message.id,)
        said = message.string if isinstance(message.string, tuple) else (message.string,)
        names = [set(re.findall(r"%\(\w+\)s|\{\w+\}", text)) for text in (*texts, *said)]
        assert all(each == names[0] for each in names), message.id


@catalogues
def test_what_is_compiled_is_what_stands_there(path: Path) -> None:
    """`make words` was run after the last change."""
    compiled = io.BytesIO()
    write_mo(compiled, read(path))
    assert path.with_suffix(".mo").read_bytes() == compiled.getvalue()


@pytest.mark.parametrize(
    ("language", "word"),
    [("zh-CN", "首页"), ("zh", "首页"), ("ZH-hant", "首页"), ("en", "Home"), ("fr", "Home")],
)
def test_the_language_of_a_page_chooses(language: str, word: str) -> None:
    """Chinese for every `zh`, else English."""
    assert translations(spoken(language)).gettext("Home") == word
