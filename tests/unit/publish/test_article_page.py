"""The page of an article as the web side asks for it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from lxml import html

from aggregator.model.articles import CategoryTitle
from aggregator.publish.articles import article_page
from tests.support.publishing import configuration, stored


def test_the_page_is_whole_whatever_feeds_carry(tmp_path: Path) -> None:
    """Body, titles of its categories and a way back, also where feeds carry summaries only."""
    brief = configuration(tmp_path, {"content": "summary"})
    given = stored(1, paths=("finance/sina", "tech", "媒体", "gone"), language="", link="")
    body = article_page(given, [CategoryTitle("媒体", "新媒体")], brief)
    page: Any = html.document_fromstring(body.decode())
    assert "The body of 1" in page.text_content()
    links = {str(a.get("href")): a.text_content() for a in page.xpath("//main//nav//a")}
    assert links == {
        "../finance/sina/index.html": "新浪财经",
        "../%E5%AA%92%E4%BD%93/index.html": "新媒体",
    }
    assert "../index.html" in page.xpath("//a/@href")


def test_the_page_speaks_the_articles_language(tmp_path: Path) -> None:
    """An article of a Chinese category has a page in Chinese; one that says otherwise has not."""
    chinese = article_page(stored(1, language=""), [], configuration(tmp_path))
    english = article_page(stored(1, language="en"), [], configuration(tmp_path))
    assert "阅读原文" in chinese.decode()
    assert "Read the original" in english.decode()
