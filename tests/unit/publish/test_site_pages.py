"""What the pages of the whole site are made of: the configuration, and what the store knows."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from lxml import html

from aggregator.model.articles import CategoryTitle
from aggregator.model.categories import CategorySpec
from aggregator.model.published import Withdrawal
from aggregator.model.search import Found
from aggregator.model.settings import FROM_POST, Configuration, Settings, Site, SourceSpec
from aggregator.model.sources import KnownSource
from aggregator.publish import site_pages
from aggregator.publish.site_pages import (
    Asked,
    gone_page,
    missing_page,
    search_page,
    sources_page,
    withdrawn_page,
)
from tests.support.publishing import NOON, configuration, stored


def parse(body: bytes) -> Any:
    """Parse a page as UTF-8."""
    return html.document_fromstring(body.decode())


def with_sources(root: Path, *sources: SourceSpec) -> Any:
    """The small tree with these sources."""
    return configuration(root).model_copy(update={"sources": sources})


def lines(page: Any) -> dict[str, list[str]]:
    """The sources under each heading of the page of sources."""
    return {
        " ".join(section.xpath("string(h2)").split()): [
            " ".join(each.text_content().split()) for each in section.xpath(".//li")
        ]
        for section in page.xpath("//section[@class='sources']")
    }


def test_sources_stand_under_each_of_their_categories(tmp_path: Path) -> None:
    """By the configured name, else their own, else their id; without a category, among all."""
    given = with_sources(
        tmp_path,
        SourceSpec(id="wire", title="The Wire", category=("finance/sina", "tech")),
        SourceSpec(id="echo", category=("tech",)),
        SourceSpec(id="posts", category=(FROM_POST,)),
    )
    known = [
        KnownSource("wire", "not this", "javascript:alert(1)"),
        KnownSource("echo", "Echo", "https://www.echo.example/"),
    ]
    page = parse(sources_page(known, [], given))
    assert lines(page) == {
        "全部文章": ["posts"],
        "金融 新浪财经": ["The Wire"],
        "Technology": ["The Wire", "Echo echo.example"],
    }
    assert page.xpath("//main//li/a/@href") == ["https://www.echo.example/"]


@pytest.mark.parametrize(("most", "more"), [(1, 1), (2, 0), (3, 0)])
def test_what_is_too_much_is_counted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, most: int, more: int
) -> None:
    """The page names so many sources, and tells how many it leaves out."""
    monkeypatch.setattr(site_pages, "MOST_SOURCES", most)
    two = [SourceSpec(id=name, category=("tech",)) for name in ("a", "b")]
    page = parse(sources_page([], [], with_sources(tmp_path, *two)))
    assert sum(map(len, lines(page).values())) == 2 - more
    assert (f"另有 {more} 个信源未显示" in page.text_content()) == bool(more)


def test_every_category_can_be_searched(tmp_path: Path) -> None:
    """Those of the configuration and those that articles brought; pages go on where they must."""
    found = Found((stored(1),), total=41)
    added = [CategoryTitle("tech/new", "Brought")]
    page = parse(search_page(Asked("x", "tech", 2), found, added, configuration(tmp_path)))
    assert page.xpath("//option/@value") == ["", "finance", "finance/sina", "tech", "tech/new"]
    assert page.xpath("//option[@selected]/@value") == ["tech"]
    assert [each.rpartition("=")[2] for each in page.xpath("//nav//a[@rel]/@href")] == ["1", "3"]
    assert page.xpath("//article//h2/a/text()") == ["Article 1"]


def test_pages_of_a_search_follow_one_another() -> None:
    """The second begins where the first ends."""
    assert [Asked("x", number=number).offset for number in (1, 2, 3)] == [0, 20, 40]


def test_a_missing_page_leads_below_the_address_of_the_site(tmp_path: Path) -> None:
    """Where the site does not stand at the top of its host, its links do not either."""
    given = configuration(tmp_path)
    site = Site(title="x", url="https://x.example/below")
    moved = given.model_copy(update={"settings": given.settings.model_copy(update={"site": site})})
    assert parse(missing_page(moved)).xpath("//main//a/@href") == ["/below/index.html"]
    assert parse(missing_page(given)).xpath("//main//a/@href") == ["/index.html"]


def in_chinese(folder: Path) -> Configuration:
    """A site in English with a category in Chinese."""
    tree = CategorySpec(id="finance", language="zh-CN", categories=(CategorySpec(id="sina"),))
    return Configuration(
        root=str(folder),
        folder=str(folder),
        settings=Settings(site=Site(url="https://x.example/")),
        categories=(tree, CategorySpec(id="tech")),
        sources=(),
    )


@pytest.mark.parametrize(
    ("path", "language"),
    [
        ("/finance/sina/nothing", "zh-CN"),
        ("/finance/", "zh-CN"),
        ("/tech/finance/", "en"),
        ("/financial/x", "en"),
        ("/", "en"),
        ("", "en"),
    ],
)
def test_where_nothing_is_speaks_the_language_around_it(
    tmp_path: Path, path: str, language: str
) -> None:
    """The innermost category that the address leads through decides, then the site."""
    wanted = in_chinese(tmp_path)
    for page in (parse(missing_page(wanted, path)), parse(gone_page(wanted, path))):
        assert page.get("lang") == language
        assert page.xpath("//meta[@name='robots']/@content") == ["noindex"]
        assert page.xpath("//main//a/@href") == ["/index.html"]


def test_the_page_of_a_withdrawn_article_tells_why(tmp_path: Path) -> None:
    """In the language of where it stood, deepest; markup in the reason stays text."""
    paths = ("all", "finance", "finance/sina", "tech")
    withdrawal = Withdrawal("tag:x", "a" * 20, "It was <b>wrong</b>.", NOON, paths)
    page = parse(withdrawn_page(in_chinese(tmp_path), withdrawal))
    assert page.xpath("//h1/text()") == ["本文已撤回"]
    assert page.xpath("//main//p[@class='lead']/text()") == ["It was <b>wrong</b>."]
    assert page.xpath("//main//time/@datetime") == [NOON.isoformat()]
    assert page.xpath("//main//a/@href") == ["/index.html"]
    silent = Withdrawal("tag:x", "a" * 20, "", NOON, ("all",))
    page = parse(withdrawn_page(in_chinese(tmp_path), silent))
    assert page.xpath("//h1/text()") == ["This article was withdrawn"]
    assert page.xpath("//main//p[@class='lead']") == []
