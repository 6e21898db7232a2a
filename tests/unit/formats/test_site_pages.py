"""Search, sources and the page of a 404, judged by what is in them."""

from __future__ import annotations

from typing import Any

import pytest
from lxml import html as lxml_html

from aggregator.formats.missing import render_missing
from aggregator.formats.pages import Frame
from aggregator.formats.search_page import SearchPage, render_search
from aggregator.formats.sources_page import (
    ShownSource,
    SourceGroup,
    SourcesPage,
    render_sources,
)
from aggregator.model.articles import CategoryTitle
from tests.support.publishing import article

FRAME = Frame("The Morning Wire", "en", "Asia/Shanghai", "", formats=("rss", "json"))
HOSTILE = '<script>alert(1)</script>" onfocus="x'


def parse(body: bytes) -> Any:
    """Parse a page as UTF-8."""
    return lxml_html.document_fromstring(body.decode())


def found(query: str, *articles: Any, **changes: Any) -> Any:
    """The page of a search that found these articles."""
    values: dict[str, Any] = {"articles": articles, "total": len(articles), "pages": 1} | changes
    return parse(render_search(SearchPage(FRAME, query, **values)))


def test_a_search_shows_what_it_found() -> None:
    """Titles and pieces of the text with the words marked, whole dates, and how many there are."""
    body = f"<p>{'long ' * 100}needle in <b>hay</b></p>"
    page = found("needle", article(title="The Needle", body=body), total=21, pages=2)
    assert page.xpath("//h2/a/mark/text()") == ["Needle"]
    assert page.xpath("//p[@class='summary']/mark/text()") == ["needle"]
    assert page.xpath("//article//time/text()") == ["31 January 2026, 19:59"]
    assert "21 articles" in page.text_content()
    assert page.xpath("//a[@rel='next']/@href") == ["search?q=needle&page=2"]
    assert page.xpath("//a[@rel='prev']") == []


@pytest.mark.parametrize(
    ("total", "is_all", "said"),
    [
        (0, True, "Nothing was found."),
        (1, True, "1 article"),
        (1000, False, "At least 1000 articles; only the newest matches"),
    ],
)
def test_a_search_tells_how_much(total: int, is_all: bool, said: str) -> None:
    """None, one, many, and that there may be more."""
    page = found("x", total=total, is_all=is_all)
    assert said in " ".join(page.text_content().split())


def test_a_query_comes_back_as_text_and_nothing_else() -> None:
    """In the field, the title, the links and the results there is no markup of a stranger's."""
    page = found(
        f"{HOSTILE} script",
        article(title=HOSTILE, summary=HOSTILE, body=f"<p>{HOSTILE.replace('<', '&lt;')}</p>"),
        path=HOSTILE,
        categories=(CategoryTitle(HOSTILE, HOSTILE),),
        pages=3,
        number=2,
    )
    assert page.xpath("//script | //*[@onfocus]") == []
    assert page.xpath("//input[@name='q']/@value") == [f"{HOSTILE} script"]
    assert HOSTILE in page.xpath("string(//h2)")
    assert all(link.startswith("search?q=%3Cscript") for link in page.xpath("//nav//a[@rel]/@href"))


def test_a_category_that_was_chosen_stays_chosen() -> None:
    """In the menu, which shows the tree, and on the other pages of the results."""
    tree = (CategoryTitle("a", "A"), CategoryTitle("a/b", "B"))
    page = found("x", categories=tree, path="a/b", pages=2)
    assert page.xpath("//option[@selected]/@value") == ["a/b"]
    assert page.xpath("//option/text()") == ["Everything", "A", "\u2003B"]
    assert page.xpath("//a[@rel='next']/@href") == ["search?q=x&category=a%2Fb&page=2"]


def test_the_empty_search_explains_itself() -> None:
    """Without a query there is a form and a hint, and search engines keep away."""
    page = found("")
    assert "Every word must be there" in page.text_content()
    assert page.xpath("//p[@role='status']") == []
    assert page.xpath("//meta[@name='robots']/@content") == ["noindex"]


def test_sources_are_named_and_linked() -> None:
    """By category with the ones above it, each with its site where that is known."""
    known, unknown = ShownSource("新浪", "https://www.sina.example/x"), ShownSource(HOSTILE, "")
    groups = (
        SourceGroup(
            "news/国内", ("News", "国内"), "zh-CN", has_page=True, sources=(known, unknown)
        ),
        SourceGroup("tech", ("Tech",), "en", has_page=False, sources=(known,)),
    )
    page = parse(render_sources(SourcesPage(FRAME, groups, more=2)))
    assert page.xpath("//main//li/a/@href") == ["https://www.sina.example/x"] * 2
    assert "sina.example" in page.xpath("string(//main//li)")
    assert page.xpath("//h2/a/@href") == ["news/%E5%9B%BD%E5%86%85/index.html"]
    assert page.xpath("//script") == []
    assert "2 more sources are not shown." in page.text_content()
    assert page.xpath("//a[@aria-current]") == []


def test_the_page_of_nothing_leads_home_from_anywhere() -> None:
    """Its links are absolute, and it offers the feeds of everything."""
    page = parse(render_missing(Frame("Wire", "zh-CN", "UTC", "/below/", formats=("rss",))))
    links = [str(each) for each in page.xpath("//a/@href | //link/@href | //form/@action")]
    assert all(link.startswith(("/below/", "#")) for link in links)
    assert "/below/all/rss.xml" in links
    assert page.get("lang") == "zh-CN"
