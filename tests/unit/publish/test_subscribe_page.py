"""Which feeds have a page to subscribe to them, and what stands on it."""

from __future__ import annotations

from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from lxml import html

from aggregator.model.articles import CategoryTitle
from aggregator.publish.categories import catalogue
from aggregator.publish.folder import FeedFolder
from aggregator.publish.publisher import Publisher
from aggregator.publish.subscribe_page import subscribe_page
from tests.support.publishing import SITE, ShelfStore, configuration

MORE = {"id": "long", "title": "Long reads", "language": "en", "categories": ["tech"]}
DESK = {"id": "desk", "title": "For the desk", "private": {"token": "abcdefgh-0123456"}}
BARE = {"id": "bare", "formats": ["html"]}


def page(root: Path, path: str, published: Any = ()) -> Any:
    """The page of a path, parsed; None where there is none."""
    body = subscribe_page(configuration(root, None, MORE, DESK, BARE), published, path)
    return None if body is None else html.document_fromstring(body.decode())


@pytest.mark.parametrize(
    ("path", "title", "language"),
    [
        ("all", "晨间新闻", "zh-CN"),
        ("finance/sina", "新浪财经", "zh-CN"),
        ("tech", "Technology", "en"),
        ("long", "Long reads", "en"),
        ("health", "信源状况", "zh-CN"),
    ],
)
def test_every_feed_for_everybody_has_one(
    tmp_path: Path, path: str, title: str, language: str
) -> None:
    """By the name of the configuration, in the language of the feed, with its whole addresses."""
    found = page(tmp_path, path)
    assert found.xpath("//h1/text()") == [title]
    assert found.get("lang") == language
    codes = [each.text_content() for each in found.xpath("//code")]
    assert codes[0] == f"{SITE}{path}/rss.xml"
    assert len(found.xpath("//button[@hidden]")) == len(codes)
    assert found.xpath("//link[@rel='alternate']/@href")[0] == f"{path}/rss.xml"
    feedly = f"https://feedly.com/i/subscription/feed%2F{quote(codes[0], safe='')}"
    assert found.xpath("//details[@open]//a[.='Feedly']/@href") == [feedly]


@pytest.mark.parametrize("path", ["", "nothing", "tech/", "desk", ".private/desk", "private/desk"])
def test_nothing_else_has_one(tmp_path: Path, path: str) -> None:
    """Neither what was never published nor a private feed, whatever it is called by."""
    assert page(tmp_path, path) is None


def test_a_private_feed_is_not_even_noted(tmp_path: Path) -> None:
    """What publishing notes of the folder does not give a private feed a page."""
    wanted = configuration(tmp_path, None, MORE, DESK)
    folder = FeedFolder(tmp_path / "feeds")
    assert not Publisher(ShelfStore(), wanted, folder).publish_all().failed
    assert "long" in folder.published()
    assert subscribe_page(wanted, folder.published(), "long") is not None
    assert subscribe_page(wanted, folder.published(), "desk") is None


def test_without_a_feed_there_is_nothing_to_subscribe_to(tmp_path: Path) -> None:
    """Only pages are published there: nothing has an address for readers."""
    assert page(tmp_path, "bare") is None


def test_what_articles_brought_is_called_by_its_id(tmp_path: Path) -> None:
    """No word of a stranger stands on the page that runs a script."""
    title = "<script>alert(1)</script>"
    path = "tech/script-alert-1-script"
    assert path in catalogue(configuration(tmp_path), [CategoryTitle(path, title)])
    found = page(tmp_path, path, {path})
    assert found.xpath("//h1/text()") == ["script-alert-1-script"]
    assert [each.text_content() for each in found.xpath("//code")] == [f"{SITE}{path}/rss.xml"]
    assert page(tmp_path, path) is None
