from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from pydantic import ValidationError

from aggregator.errors import ParseError, ParseReason
from aggregator.model.entries import Image, ParsedDocument, RawText, TextType
from aggregator.model.pages import Page, Request
from aggregator.sources.found import MOST_ENTRIES
from aggregator.sources.json import KIND, JsonSpec

URL = "https://feed.mix.example/api/roll/get?lid=1686"
FIELDS = {
    "id": "docid",
    "title": "title",
    "link": "url",
    "summary": "intro",
    "author": "media_name",
    "published": "intime",
    "updated": "mtime",
    "image": "images[].u",
    "tags": "keywords",
    "categories": "path",
}
ITEM = {
    "docid": "k1",
    "title": "三部门 A&amp;B",
    "url": "http://finance.example/1.shtml",
    "intro": "简介 1 < 2",
    "media_name": "新华社",
    "intime": "1625045848",
    "mtime": 1625045900,
    "images": [{"u": "/1.png"}],
    "keywords": "专利,质押，融资",
    "path": ["金融", "国内"],
}
ANSWER = {"result": {"data": [ITEM]}}


def spec(**keys: Any) -> JsonSpec:
    given = {"id": "x", "kind": "json", "url": URL, "items": "result.data", "fields": FIELDS}
    return JsonSpec.model_validate(given | keys)


def parse(answer: object, **keys: Any) -> ParsedDocument:
    data = answer if isinstance(answer, bytes) else json.dumps(answer).encode()
    page = Page(URL, 200, {}, data, datetime(2026, 11, 23, tzinfo=UTC))
    return KIND.parse(page, spec(**keys))


def test_an_answer_is_read_by_its_expressions() -> None:
    """Every field holds what its expression names, as found."""
    (entry,) = parse(ANSWER).entries
    assert (entry.guid, entry.link) == ("k1", "http://finance.example/1.shtml")
    assert entry.title == RawText("三部门 A&amp;B", TextType.HTML)
    assert entry.summary == RawText("简介 1 < 2", TextType.TEXT)
    assert (entry.published_text, entry.updated_text) == ("1625045848", "1625045900")
    assert entry.authors == ("新华社",)
    assert entry.tags == ("专利", "质押", "融资")
    assert entry.category_path == ("金融", "国内")
    assert entry.images == (Image("https://feed.mix.example/1.png"),)


@pytest.mark.parametrize(
    "wrapper",
    [
        "callback123(%s);",
        "/**/cb(%s)",
        "window.a.b(%s);\n",
        "try{cb(%s);}catch(e){};",
        "\ufeff %s",
        "%s\n<!-- served by 7 -->",
    ],
)
def test_jsonp_is_unwrapped(wrapper: str) -> None:
    """A call around the answer, as Sina's `callback=` makes it, changes nothing."""
    body = (wrapper % json.dumps(ANSWER, ensure_ascii=False)).encode()
    assert parse(body) == parse(ANSWER)


def test_the_answer_itself_may_be_the_list() -> None:
    """Without `items` the answer is the list of articles."""
    assert len(parse([ITEM, ITEM], items="@").entries) == 2


@pytest.mark.parametrize(
    ("answer", "reason", "words"),
    [
        ({"result": {"data": []}}, ParseReason.NO_ITEMS, "result.data found an empty list"),
        ({"result": {}}, ParseReason.NO_ITEMS, "result.data found nothing"),
        ({"result": {"data": {"a": 1}}}, ParseReason.NO_ITEMS, "result.data found no list"),
        ([1], ParseReason.NO_ITEMS, "result.data found nothing"),
        (b"", ParseReason.EMPTY, "empty"),
        (b"<html>Log in</html>", ParseReason.MALFORMED, "<html>Log in"),
        (b'{"a": ', ParseReason.MALFORMED, "not JSON"),
        (b"[" * 100_000, ParseReason.MALFORMED, "not JSON"),
    ],
)
def test_no_items_are_an_error(answer: object, reason: ParseReason, words: str) -> None:
    """An answer without items is never an empty feed; the error names the expression."""
    with pytest.raises(ParseError) as caught:
        parse(answer)
    assert caught.value.reason is reason
    assert words in caught.value.detail


def test_values_of_other_types_are_absent() -> None:
    """Objects, truth values and nulls where a text should be are no text; items may be anything."""
    odd: dict[str, Any] = {
        "docid": None,
        "title": {"x": 1},
        "url": True,
        "intro": [],
        "intime": 1.5,
    }
    found = parse({"result": {"data": [odd, None, "text", 7, []]}})
    assert found.entries[0].published_text == "1.5"
    assert {entry.title.value + entry.link + entry.guid for entry in found.entries} == {""}


@pytest.mark.parametrize("count", [MOST_ENTRIES, MOST_ENTRIES + 1])
def test_only_so_many_items_are_read(count: int) -> None:
    """Items beyond the limit are left out, and the document says so."""
    found = parse({"result": {"data": [{}] * count}})
    assert len(found.entries) == MOST_ENTRIES
    assert bool(found.broken) is (count > MOST_ENTRIES)


def test_the_request_is_what_the_source_says() -> None:
    """Method, headers and body are sent as configured."""
    source = spec(method="POST", headers={"Referer": "https://a.example/"}, body='{"q": "é"}')
    assert KIND.locate(source, "/srv") == Request(
        URL, "POST", {"Referer": "https://a.example/"}, '{"q": "é"}'.encode()
    )


@pytest.mark.parametrize(
    ("expression", "told"),
    [
        ("a[", "'a[' is not a JMESPath expression, at its end: it is not finished"),
        ("a..b", "'a..b' is not a JMESPath expression, at '.b' (its column 3)"),
        ("a b", "'a b' is not a JMESPath expression, at 'b' (its column 3)"),
        ("list[*].upper(name)", "JMESPath has no function upper()"),
    ],
)
def test_a_wrong_expression_is_told_with_its_place(expression: str, told: str) -> None:
    """An expression is checked with the configuration: how it is written, and what it calls."""
    for keys in ({"items": expression}, {"fields": {"title": expression}}):
        with pytest.raises(ValidationError) as caught:
            spec(**keys)
        assert told in caught.value.errors()[0]["msg"]
    assert spec(items="sort_by(list, &name)[?starts_with(name, 'a')]")
