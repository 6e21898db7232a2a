from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from pydantic import ValidationError

from aggregator.errors import ParseError, ParseReason
from aggregator.model.entries import Image, ParsedDocument
from aggregator.model.pages import Page, Request
from aggregator.sources.found import MOST_ENTRIES
from aggregator.sources.page import KIND, PageSpec

URL = "https://www.example.gov/notices/index.html"
HTML = """<!doctype html><html><head><title>Notices &amp; more</title></head><body>
<ul class="notices">
 <li data-id="n1"><a href="1.html">知识产权 &amp; <b>patents</b></a>
   <span class="date">2021年06月30日</span> <p class="by">Ann</p><p class="by">Bob</p>
   <img src="/1.png"><div class="body">x &lt; <i>y</i></div></li>
 <li><a href="//cdn.example/2?a=1&b=2">Second</a></li>
</ul></body></html>"""


def spec(**keys: Any) -> PageSpec:
    fields = {"title": "a", "link": "a@href", "published": "span.date"}
    given = {"id": "x", "kind": "page", "url": URL, "items": "ul.notices > li", "fields": fields}
    return PageSpec.model_validate(given | keys)


def parse(body: bytes | str = HTML, content_type: str = "text/html", **keys: Any) -> ParsedDocument:
    data = body.encode() if isinstance(body, str) else body
    headers = {"content-type": content_type}
    return KIND.parse(
        Page(URL, 200, headers, data, datetime(2026, 11, 23, tzinfo=UTC)), spec(**keys)
    )


def test_a_page_is_read_by_its_selectors() -> None:
    """Titles are text, links absolute, dates the words on the page, in the order of the page."""
    found = parse()
    assert [(e.title.value, e.link, e.published_text) for e in found.entries] == [
        ("知识产权 & patents", "https://www.example.gov/notices/1.html", "2021年06月30日"),
        ("Second", "https://cdn.example/2?a=1&b=2", ""),
    ]
    assert (found.origin.title, found.origin.link) == ("Notices & more", URL)
    assert found.broken == ""


def test_attributes_and_markup_are_taken() -> None:
    """`@attr` asks the item itself, `sel@attr` what it holds; content keeps its markup."""
    fields = {
        "title": "a",
        "id": "@data-id",
        "author": "p.by",
        "image": "img@src",
        "content": ".body",
    }
    entry = parse(fields=fields).entries[0]
    assert entry.guid == "n1"
    assert entry.authors == ("Ann", "Bob")
    assert entry.images == (Image("https://www.example.gov/1.png"),)
    assert entry.content.value == "x &lt; <i>y</i>"


@pytest.mark.parametrize(
    "xpath",
    [
        "//b/text()",
        "(//a//b)[last()]",
        "//i[. = '//'] | //b",
        "//a[//b]/b[not(contains(., '//'))]",
        "( //b )[1]",
        ".//b",
        "./a/b",
        "//a[@href = '1.html' and //b]/b",
    ],
)
def test_each_path_of_an_xpath_looks_inside_the_item(xpath: str) -> None:
    """`//` never leaves the item that a field is of, wherever in the expression it stands."""
    first, second = parse(fields={"title": xpath, "link": "a@href"}).entries
    assert (first.title.value, second.title.value) == ("patents", "")


def test_xpath_is_taken_where_it_begins_like_one() -> None:
    """A selector that begins with /, ./ or ( is XPath, seen from the item."""
    fields = {"title": "(.//a)[1]", "link": "//a/@href", "author": "(.//p[@class='by'])[2]/text()"}
    entry = parse(items="//ul[@class='notices']/li", fields=fields).entries[0]
    assert (entry.title.value, entry.authors) == ("知识产权 & patents", ("Bob",))
    assert entry.link == "https://www.example.gov/notices/1.html"


def test_links_start_from_the_base_of_the_page() -> None:
    """A base element moves every relative link."""
    found = parse(HTML.replace("<head>", '<head><base href="/elsewhere/">'))
    assert found.entries[0].link == "https://www.example.gov/elsewhere/1.html"
    assert found.entries[0].base_url == "https://www.example.gov/elsewhere/"


@pytest.mark.parametrize("encoding", ["gb18030", "utf-8", "utf-16"])
def test_a_page_is_read_in_its_encoding(encoding: str) -> None:
    """Charset of the header, of a meta element, or of neither: the same entries."""
    inside = HTML.replace("<head>", '<head><meta charset="gb2312">')
    assert parse(HTML.encode(encoding), f"text/html; charset={encoding}") == parse()
    assert parse(inside.encode(encoding)) == parse()


@pytest.mark.parametrize(
    ("body", "reason", "words"),
    [
        ("", ParseReason.EMPTY, "empty"),
        (" \n\x00", ParseReason.EMPTY, "empty"),
        ("<p>We moved</p>", ParseReason.NO_ITEMS, "ul.notices > li found nothing on the page"),
        (b"\x89PNG\r\n\x00", ParseReason.NO_ITEMS, "ul.notices > li found nothing"),
        ("<ul class=notices><li></ul>", ParseReason.NO_ITEMS, "title: a, link: a@href"),
    ],
)
def test_what_found_nothing_is_named(body: bytes | str, reason: ParseReason, words: str) -> None:
    """A changed layout is an error that names the selector, never an empty feed."""
    with pytest.raises(ParseError) as caught:
        parse(body)
    assert caught.value.reason is reason
    assert words in caught.value.detail


def test_a_field_that_found_nothing_anywhere_is_reported() -> None:
    """One dead selector does not lose the entries, but is told."""
    found = parse(fields={"title": "a", "author": ".writer", "updated": "time@datetime"})
    assert len(found.entries) == 2
    assert found.broken == "found nothing in 2 items: author: .writer, updated: time@datetime"


def test_deep_and_broken_markup_is_read() -> None:
    """Unclosed and endlessly nested markup is read as far as it makes sense."""
    assert len(parse(HTML + "<div>" * 50_000).entries) == 2
    assert len(parse(HTML + "<a " * 50_000).entries) == 2


def test_only_so_many_items_are_read() -> None:
    """Items beyond the limit are left out."""
    items = "<li><a href=x>t</a></li>" * (MOST_ENTRIES + 1)
    assert len(parse(f"<ul class=notices>{items}</ul>").entries) == MOST_ENTRIES


@pytest.mark.parametrize(
    ("keys", "words"),
    [
        ({"items": "li["}, "'li[' is not a CSS selector"),
        ({"items": "//li["}, "'//li[' is not an XPath expression"),
        ({"items": ""}, "write a CSS selector"),
        ({"fields": {"title": "a@"}}, "'a@' is not a CSS selector"),
        ({"fields": {"title": "a >"}}, "'a >' is not a CSS selector"),
        ({"fields": {"titel": "a"}}, "titel"),
        ({"pages": 0}, "pages"),
        ({"pages": 51}, "pages"),
    ],
)
def test_a_wrong_selector_is_told_with_the_configuration(keys: dict[str, Any], words: str) -> None:
    """A selector that does not parse is a fault of the configuration, not of a fetch."""
    with pytest.raises(ValidationError) as caught:
        spec(**keys)
    assert words in str(caught.value)


def test_the_page_is_asked_with_the_headers_given() -> None:
    """The request is the address and the headers of the source."""
    source = spec(headers={"Cookie": "a=b"}, next="a.next@href", pages=50)
    assert KIND.locate(source, "/srv") == Request(URL, headers={"Cookie": "a=b"})
