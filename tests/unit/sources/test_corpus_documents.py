from __future__ import annotations

import json
from pathlib import Path

import pytest

from aggregator.errors import ParseError, ParseReason
from aggregator.model.entries import ParsedDocument
from tests.support.facts import read
from tests.support.shared import shared

NOT_FEEDS = {
    "html-error-200.html": ParseReason.NOT_A_FEED,
    "url-as-body.txt": ParseReason.NOT_A_FEED,
    "gzip-bomb-100MB.xml.gz": ParseReason.TOO_EXPENSIVE,
    "truncated-1pct.xml": ParseReason.NOT_A_FEED,
}
WHOLE = {"truncated-75pct.xml": 7, "truncated-95pct.xml": 9, "truncated-99pct.xml": 9}


@pytest.mark.parametrize("folder", ["real", "unit", "hostile", "validator", "html", "opml"])
def test_every_document_is_read_or_refused(folder: str) -> None:
    """Whatever a document holds, it gives entries or a ParseError, never another exception."""
    corpus = shared("corpus")
    for path in sorted(p for p in (corpus / folder).rglob("*") if p.is_file()):
        found = read(path)
        assert isinstance(found, ParsedDocument | ParseError), path.name


def test_hostile_documents_give_what_was_written_into_them() -> None:
    """Every good item of a damaged document is read, and no half of one."""
    corpus = shared("corpus")
    for document in json.loads((corpus / "index.json").read_bytes())["documents"]:
        name = Path(document["file"]).name
        if document["kind"] != "hostile":
            continue
        found = read(corpus / document["file"])
        if name in NOT_FEEDS:
            assert isinstance(found, ParseError), name
            assert found.reason is NOT_FEEDS[name], name
            continue
        assert isinstance(found, ParsedDocument), name
        wanted = WHOLE.get(name, document["expected"].get("items", len(found.entries)))
        assert len(found.entries) == wanted, name


@pytest.mark.parametrize(
    ("name", "title"),
    [
        ("latin1-declared-utf8.xml", "café"),
        ("utf8-declared-latin1.xml", "café"),
        ("bare-ampersand.xml", "AT&T & B"),
        ("ctrl-charrefs-in-title.xml", "abc"),
        ("nul-bytes.xml", "ab"),
        ("bomb-billion-laughs.xml", "&e9;"),
    ],
)
def test_damaged_titles_are_read_as_people_meant_them(name: str, title: str) -> None:
    """Wrong charsets, bare signs and forbidden characters do not spoil what can be read."""
    found = read(shared("corpus/hostile/own") / name)
    assert isinstance(found, ParsedDocument)
    assert found.entries[0].title.value == title


def test_real_feeds_give_as_many_entries_as_they_hold() -> None:
    """No entry of a well-formed real feed is lost."""
    corpus = shared("corpus")
    for document in json.loads((corpus / "index.json").read_bytes())["documents"]:
        computed = document.get("computed", {})
        if document["kind"] != "real" or not computed.get("wellformed_xml"):
            continue
        found = read(corpus / document["file"])
        if isinstance(found, ParsedDocument):
            assert len(found.entries) >= computed["item_elements"], document["file"]
