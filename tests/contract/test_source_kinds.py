from __future__ import annotations

import subprocess
import sys
from datetime import UTC, datetime
from typing import Any

import pytest
from pydantic import ValidationError

from aggregator.contracts import SourceKind
from aggregator.errors import ParseError
from aggregator.model.entries import ParsedDocument
from aggregator.model.pages import Folder, Page, Request
from aggregator.model.settings import SourceSpec
from aggregator.sources import kinds

# The least that a source of each kind needs; a new kind adds its line here.
LEAST: dict[str, dict[str, Any]] = {
    "feed": {"url": "https://a.example/"},
    "json": {"kind": "json", "url": "https://a.example/", "fields": {}},
    "page": {"kind": "page", "url": "https://a.example/", "items": "li", "fields": {}},
    "posts": {"kind": "posts", "path": "posts/*.md"},
    "sitemap": {"kind": "sitemap", "url": "https://a.example/"},
}
BODIES = [
    b"",
    b"\x00",
    b"\xff\xfe",
    b"<",
    b"{",
    b"---\n",
    b"\x1f\x8b",
    b"<rss>",
    b"<html>x",
    b"a" * 99,
]


def source(name: str, **keys: Any) -> SourceSpec:
    return kinds()[name].spec.model_validate({"id": "x"} | LEAST[name] | keys)


def test_every_kind_is_found() -> None:
    """Each module of the family with a KIND is a kind under its own name."""
    assert set(kinds()) == set(LEAST)
    assert all(kind.name == name for name, kind in kinds().items())


@pytest.mark.parametrize("name", LEAST)
def test_a_kind_says_where_its_documents_are(name: str) -> None:
    """Every source leads to a request or to a folder below the configuration."""
    kind: SourceKind = kinds()[name]
    place = kind.locate(source(name), "/srv/config")
    assert isinstance(place, Request | Folder)
    if isinstance(place, Folder):
        assert place.root == "/srv/config"


@pytest.mark.parametrize("name", LEAST)
@pytest.mark.parametrize("body", BODIES, ids=repr)
def test_a_kind_reads_or_refuses(name: str, body: bytes) -> None:
    """Whatever comes, a kind gives a document or a ParseError with words for people."""
    page = Page("https://a.example/", 200, {}, body, datetime(2026, 11, 23, tzinfo=UTC))
    found: ParsedDocument | ParseError
    try:
        found = kinds()[name].parse(page, source(name))
    except ParseError as error:
        found = error
    assert isinstance(found, ParsedDocument) or found.detail


@pytest.mark.parametrize("name", LEAST)
def test_a_key_that_a_kind_does_not_know_is_refused(name: str) -> None:
    """A misspelt key is a fault, never ignored."""
    with pytest.raises(ValidationError, match="urll"):
        source(name, urll="https://a.example/")


@pytest.mark.parametrize("name", LEAST)
def test_every_key_is_described(name: str) -> None:
    """The documentation is made of the descriptions, so that no key may lack one."""
    fields = kinds()[name].spec.model_fields
    assert [key for key, field in fields.items() if not field.description] == []


@pytest.mark.parametrize("name", [name for name in LEAST if "url" in LEAST[name]])
@pytest.mark.parametrize(
    "url",
    [
        "", "a.example", "ftp://a.example/", "file:///etc/passwd", "//a.example", "https://",
        "https:///x", "http://[bad", "http://a:99999/", "https://a.example/ x", "https://a\n.b/",
        "javascript:alert(1)",
    ],
)  # fmt: skip
def test_an_address_is_checked(name: str, url: str) -> None:
    """A source's address is a whole http(s) address."""
    with pytest.raises(ValidationError, match=r"address"):
        source(name, url=url)


@pytest.mark.parametrize("headers", [{"a b": "x"}, {"": "x"}, {"X": "a\r\nb"}, {"X": "\x00"}])
def test_headers_are_checked(headers: dict[str, str]) -> None:
    """No header can carry another one in."""
    with pytest.raises(ValidationError, match=r"header|line break"):
        source("feed", headers=headers)


@pytest.mark.parametrize(
    "path", ["", "/etc/*.md", "../x.md", "a/../../x", "C:/x", "~/x", "a\\b", "\x00"]
)
def test_posts_stay_below_the_configuration_folder(path: str) -> None:
    """A pattern never leads out of the configuration folder."""
    with pytest.raises(ValidationError, match="path"):
        source("posts", path=path)


def test_asking_for_the_kinds_loads_no_parser() -> None:
    """Commands that only read the configuration start without the heavy libraries."""
    code = (
        "import sys; from aggregator.sources import kinds; kinds();"
        "heavy = {'feedparser', 'lxml.etree', 'dateparser', 'jmespath', 'frontmatter'};"
        "print(sorted(heavy & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
