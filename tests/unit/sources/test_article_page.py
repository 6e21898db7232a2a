from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import Any, Literal

import pytest

from aggregator.errors import ParseError, ParseReason
from aggregator.model.full_text import FullText
from aggregator.model.pages import Page
from aggregator.sources.article_page import LONGEST_TEXT, ArticleText, read_article_page

NOW = datetime(2026, 11, 23, tzinfo=UTC)
URL = "https://news.example/a/1.html"
WORDS = "Words that stand in the article and in no menu, and enough of them to be one. "


def page(body: str | bytes, content_type: str = "text/html") -> Page:
    data = body.encode() if isinstance(body, str) else body
    return Page(URL, 200, {"content-type": content_type}, data, NOW)


def read(body: str | bytes, how: Literal["auto"] | None = None, **keys: Any) -> ArticleText:
    return read_article_page(page(body), how or FullText(**{"select": "article"} | keys))


def refused(body: str | bytes, **keys: Any) -> ParseError:
    with pytest.raises(ParseError) as caught:
        read(body, **keys)
    return caught.value


def test_first_selector_that_shows_something_counts() -> None:
    """Selectors are tried in order; an element without text and picture holds no article."""
    body = '<div id="a"> </div><div id="b">B</div><div id="c">C</div>'
    assert read(body, select=["#x", "#a", "#b", "#c"]).html == '<div id="b">B</div>'
    assert "<img" in read('<p id="a"><img src="/1"></p><p id="b">B</p>', select=["#a", "#b"]).html


def test_all_that_a_selector_finds_is_joined() -> None:
    """Several elements are one text; one that stands in another comes once."""
    body = "<div class=t>1<div class=t>2</div></div>between<div class=t>3</div>"
    assert read(body, select=".t").html == (
        '<div class="t">1<div class="t">2</div></div><div class="t">3</div>'
    )


def test_what_is_to_be_removed_is_gone() -> None:
    """Subtrees go, the text after them stays; scripts and styles go by themselves."""
    body = "<article>1<p class=ad>2<b>3</b></p>4<script>5</script><style>6</style>7</article>"
    assert read(body, remove=[".ad", ".none"]).html == "<article>147</article>"


def test_selectors_that_find_nothing_are_named() -> None:
    """The message says which selectors were tried."""
    error = refused("<p>text</p>", select=["#artibody", "#article"])
    assert error.reason is ParseReason.NO_ITEMS
    assert error.detail == "full_text.select: #artibody, #article found nothing"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ('<a href="2.html">', 'href="https://news.example/a/2.html"'),
        ('<a href="#note">', 'href="https://news.example/a/1.html#note"'),
        ('<img src="//cdn.example/1.png">', 'src="https://cdn.example/1.png"'),
        ('<img src="g.gif" data-src="/1.png">', 'src="https://news.example/1.png"'),
        ('<img data-original="1.png">', 'src="https://news.example/a/1.png"'),
        ('<img data-orig-size="8,9" src="1.png">', 'data-orig-size="8,9"'),
        (
            '<img srcset="1.png 1x,2.png 2x, c,d.png 3x">',
            "/a/1.png 1x,https://news.example/a/2.png",
        ),
        ('<img srcset="1.png 1x, c,d.png 3x">', "https://news.example/a/c,d.png 3x"),
        ('<video poster="p.png" src="v.mp4">', 'poster="https://news.example/a/p.png"'),
        ('<a href="javascript:x()">', 'href="javascript:x()"'),
        ('<a href="http://[bad/">', 'href="http://[bad/"'),
    ],
)
def test_addresses_become_absolute(before: str, after: str) -> None:
    """Every address that cleaning looks at starts from the page, that of a late picture too."""
    assert after in read(f"<article>text {before}</article>").html


def test_base_of_the_page_counts() -> None:
    """Relative addresses start from the page's own `base`."""
    body = '<head><base href="/b/"></head><article>t<a href="x">x</a></article>'
    assert 'href="https://news.example/b/x"' in read(body).html


@pytest.mark.parametrize("encoding", ["utf-8", "gb18030", "utf-16"])
def test_text_is_decoded(encoding: str) -> None:
    """A page in another encoding, with or without a word about it, is read as it was meant."""
    body = "<html><meta charset=gb2312><article>知识产权质押融资是创新型企业的途径</article></html>"
    assert "知识产权质押融资" in read(body.encode(encoding)).html


def test_next_page_is_named() -> None:
    """The link may stand anywhere on the page, also in what is removed."""
    body = '<article>1<p class=pager><a class=next href="1_2.html">2</a></p></article>'
    found = read(body, next="a.next", remove=".pager")
    assert found.next_link == "https://news.example/a/1_2.html"
    assert read(body, next="a.none").next_link == ""
    assert read(body).next_link == ""


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        ('<meta property="article:published_time" content="2021-06-30T17:37:00+08:00">',
         "2021-06-30T17:37:00+08:00"),
        ('<time datetime="2021-06-30">yesterday</time>', "2021-06-30"),
        ('<span class="date">2021年06月30日 17:37</span>', "2021年06月30日 17:37"),
        ('<div id="pub_date"> 2021年06月30日17:37 新华社</div>', "2021年06月30日17:37"),
        ('<p class="time-source">发布时间：2021-06-30 17:37:05</p>', "2021-06-30 17:37:05"),
        ('<p class="byline">2021-06-30</p>', ""),
        ('<p class="update">some day</p>', ""),
    ],
)  # fmt: skip
def test_page_says_when(markup: str, text: str) -> None:
    """A date is found where a page keeps it: in its metadata, else where a name says so."""
    assert read(f"<html><body>{markup}<article>t</article></body></html>").published_text == text


def test_page_says_who_and_shows_what() -> None:
    """Author and picture come from the metadata; an address is no name."""
    head = (
        '<meta name="author" content="https://news.example/li"><meta property="og:image"'
        ' content="/p.jpg"><meta property="article:author" content="Li Si">'
    )
    found = read(f"<head>{head}</head><article>t</article>")
    assert (found.author, found.image) == ("Li Si", "https://news.example/p.jpg")


@pytest.mark.parametrize(
    ("head", "text", "title"),
    [
        (
            '<meta property="og:title" content="Shared"><title>Tab</title>',
            "<h1>Head</h1>",
            "Shared",
        ),
        ("<title>Tab</title>", "<h1> The  head </h1>", "The head"),
        ("<title>Tab</title>", "no heading", "Tab"),
        ("", "no heading", ""),
    ],
)
def test_page_says_what_it_is_called(head: str, text: str, title: str) -> None:
    """As it wants to be called when shared, else its heading, else its title; never a logo's h1."""
    page = f"<head>{head}</head><h1>The Paper</h1><article>{text}</article>"
    assert read(page).title == title


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("<header><h1>The <b>head</b></h1></header><p>Text</p>", "Text"),
        ("<p>Text</p><h1>The head</h1>", "Text The head"),
        ('<h1><img src="logo.png"></h1><p>Text</p>', "Text"),
    ],
)
def test_headline_that_the_text_begins_with_is_no_part_of_it(text: str, left: str) -> None:
    """The title has a place of its own; a heading further down, or of a picture only, stays."""
    html = read(f"<article>{text}</article>").html
    assert " ".join(re.sub("<[^>]*>", " ", html).split()) == left
    assert ("logo.png" in html) is ("logo.png" in text)


@pytest.mark.parametrize("spare", [-1, 0, 1])
def test_text_may_be_so_long(spare: int) -> None:
    """One character of markup more than the limit, and the page has no text for us."""
    frame = len("<article></article>")
    body = f"<article>{'x' * (LONGEST_TEXT - frame - spare)}</article>"
    if spare < 0:
        assert refused(body).reason is ParseReason.NO_ITEMS
    else:
        assert len(read(body).html) == LONGEST_TEXT - spare


@pytest.mark.parametrize("content_type", ["text/html", "", "application/xhtml+xml", "text/plain"])
def test_web_pages_are_read(content_type: str) -> None:
    """What calls itself a page, or says nothing, is one."""
    found = read_article_page(
        page("<article>t</article>", content_type), FullText(select=("article",))
    )
    assert found.html == "<article>t</article>"


@pytest.mark.parametrize("content_type", ["application/pdf", "image/png", "application/json"])
def test_files_are_refused_by_their_type(content_type: str) -> None:
    """What says that it is something else is not looked into."""
    with pytest.raises(ParseError, match=content_type):
        read_article_page(page("<article>t</article>", content_type), FullText(select=("article",)))


def test_empty_page_is_a_failure_that_may_pass() -> None:
    """Nothing at all is no page without an article: it may be there the next time."""
    assert refused(b"  ").reason is ParseReason.EMPTY


def test_auto_leaves_menus_and_the_headline_out() -> None:
    """The article is found without selectors, with tables, code, pictures and links."""
    body = (
        "<nav><a href=/>Home</a><a href=/n>News</a></nav><article><h1>Title</h1>"
        f"<p>{WORDS * 9}<a href=2.html>link</a></p><img data-original=1.png src=g.gif>"
        f"<table><tr><td>cell</td></tr></table><p>{WORDS * 9}</p></article><footer>(c)</footer>"
    )
    html = read(body, "auto").html
    assert WORDS.strip() in html
    for kept in ('href="https://news.example/a/2.html"', "https://news.example/a/1.png", "cell"):
        assert kept in html
    for gone in ("Home", "Title", "(c)"):
        assert gone not in html


def test_auto_says_when_it_finds_nothing() -> None:
    """A page without an article has no text."""
    with pytest.raises(ParseError, match="auto found no article"):
        read("<html><body><div id=app></div></body></html>", "auto")
