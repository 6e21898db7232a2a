"""What somebody sees who opens a feed in a browser, and that programs see no difference."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from lxml import etree

from aggregator.formats import formats
from aggregator.formats.feed_style import STYLE_FILES, styled
from aggregator.formats.static import STATIC_FILES
from tests.support.browser import chromium
from tests.support.publishing import article, feed
from tests.support.serving import serving, site

TITLE = "Fish & chips <b>now</b>"


@pytest.fixture(scope="module")
def shown(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Any, str]]:
    """A browser, and the address of a server that has the feeds."""
    folder = tmp_path_factory.mktemp("feeds")
    publish(folder)
    with chromium() as browser, serving(site(folder)) as client:
        yield browser, f"http://{client.host}:{client.port}"


def publish(folder: Path) -> None:
    """A feed in both formats and both languages, with the static files."""
    for language, path in (("en", "news"), ("zh-CN", "news/国内")):
        given = replace(
            feed(article(title=TITLE), language=language), path=path, title=f"Feed {path}"
        )
        for name in ("rss", "atom"):
            put(folder / path / formats()[name].file_name, formats()[name].render(given).body)
    for name, (_type, make) in STATIC_FILES.items():
        put(folder / name, make())


def put(path: Path, body: bytes) -> None:
    """Write a file and the folders above it."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(body)


SEEN = """[...document.querySelectorAll("*")]
  .filter(each => each.getClientRects().length && !each.children.length)
  .map(each => each.textContent).join(" ")"""
NOTICE = "getComputedStyle(document.documentElement, '::before').content"
GROUND = "getComputedStyle(document.documentElement).backgroundColor"


@pytest.mark.parametrize(
    ("path", "words", "scheme", "ground"),
    [
        ("news/rss.xml", "This is a feed.", "light", "rgb(251, 250, 247)"),
        ("news/atom.xml", "This is a feed.", "dark", "rgb(23, 22, 20)"),
        ("news/国内/rss.xml", "这是一个订阅源", "dark", "rgb(23, 22, 20)"),
        ("news/国内/atom.xml", "这是一个订阅源", "light", "rgb(251, 250, 247)"),
    ],
)
def test_a_browser_shows_a_feed_to_people(
    shown: tuple[Any, str], path: str, words: str, scheme: str, ground: str
) -> None:
    """Served with its policy, a feed shows what it is for, titles and summaries, and no markup."""
    browser, address = shown
    page = browser.new_page(color_scheme=scheme, viewport={"width": 320, "height": 600})
    page.goto(f"{address}/{path}")
    seen = page.evaluate(SEEN)
    assert words in page.evaluate(NOTICE)
    assert TITLE in seen
    assert "What article 1 is about" in seen
    assert "The body of 1" not in seen
    assert "tag:news" not in seen
    assert page.evaluate(GROUND) == ground
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    page.close()


@pytest.mark.parametrize("name", ["rss", "atom"])
@pytest.mark.parametrize(("path", "root"), [("a", "../"), ("a/b/国内", "../../../")])
def test_the_style_sheet_is_named_from_where_the_feed_lies(name: str, path: str, root: str) -> None:
    """One instruction, before the root element, that leads to the static file from any depth."""
    body = formats()[name].render(replace(feed(article()), path=path)).body
    before = etree.fromstring(body).getprevious()
    assert isinstance(before, etree._ProcessingInstruction)
    assert before.getprevious() is None
    assert before.target == "xml-stylesheet"
    assert f'href="{root}static/feed.css"' in str(before.text)
    assert body.startswith(b"<?xml version=")


def test_only_the_declaration_is_followed() -> None:
    """What looks like the end of a declaration inside the feed stays as it is."""
    body = b"<?xml version='1.0'?>\n<a>?>\n</a>"
    assert styled(body, "a", "en").endswith(b"\n<a>?>\n</a>")
    assert styled(body, "a", "en").count(b"xml-stylesheet") == 1


@pytest.mark.parametrize("name", STYLE_FILES.values())
def test_the_style_sheets_ask_nobody(name: str) -> None:
    """They load nothing, and know the dark."""
    style = STATIC_FILES[name][1]().decode()
    assert "url(" not in style
    assert "@import" not in style
    assert "prefers-color-scheme: dark" in style
