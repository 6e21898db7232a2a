"""Every page in Chromium: axe-core finds nothing, and nothing is asked elsewhere.

Pages are those of a whole site in each language, in both themes, as narrow as a small phone and
as wide as a desk; one browser and one window look at all of them.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe

from tests.support.browser import chromium
from tests.support.whole_site import whole_site

WIDE, NARROW = 1600, 320
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
PAGES = {
    "home": "/",
    "category in English": "/news/",
    "category in Chinese": "/finance/sina/",
    "category with another below": "/finance/",
    "empty category": "/empty/",
    "everything": "/all/",
    "health": "/health/",
    "article in English": "/news/ article",
    "article in Chinese": "/finance/sina/ article",
    "search": "/search",
    "search with results": "/search?q=storm&category=news",
    "search in Chinese": "/search?q=%E7%9F%A5%E8%AF%86",
    "search without results": "/search?q=zzz",
    "subscribe in English": "/subscribe?feed=news",
    "subscribe in Chinese": "/subscribe?feed=finance/sina",
    "sources": "/sources",
    "status": "/status",
    "missing": "/nothing/here",
    "removed": "/old/",
}
EVERYWHERE = [(WIDE, "light"), (WIDE, "dark"), (NARROW, "dark"), (NARROW, "light")]
LOOKED_AT = dict.fromkeys(
    (
        "home",
        "category in English",
        "article in Chinese",
        "search with results",
        "subscribe in Chinese",
        "sources",
        "status",
    ),
    EVERYWHERE,
)
"""One of each kind at every width in every theme; others at two of the four."""


@dataclass
class Visit:
    """A page that is open, and what it asked for beyond its own site."""

    page: Any
    address: str
    elsewhere: set[str] = field(default_factory=set)
    complaints: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.page.on("request", lambda request: self._note(request.url, request.resource_type))
        self.page.on("console", lambda message: self.complaints.append(message.text))
        self.page.route("https://**", lambda route: route.abort())

    def _note(self, url: str, kind: str) -> None:
        if not url.startswith(self.address) and kind not in {"image", "media"}:
            self.elsewhere.add(url)

    def open(self, path: str) -> None:
        """Go to one of PAGES; ` article` stands for the first article of a page."""
        page, _, link = path.partition(" ")
        self.page.goto(f"{self.address}{page}")
        if link:
            self.page.locator("a[href*='articles/']").first.click()
            self.page.wait_for_load_state()


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    """A browser for all tests here."""
    with chromium() as opened:
        yield opened


@pytest.fixture(scope="module", params=["en", "zh-CN"])
def address(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Any:
    """Where a whole site in a language is served."""
    with whole_site(tmp_path_factory.mktemp("site"), request.param) as served:
        yield served


@pytest.fixture(scope="module")
def visit(browser: Any, address: str) -> Iterator[Visit]:
    """One window that goes from page to page."""
    page = browser.new_page()
    yield Visit(page, address)
    page.close()


def look(visit: Visit, width: int, theme: str) -> None:
    """Resize the window and change the theme, as a person might."""
    visit.page.set_viewport_size({"width": width, "height": 900})
    visit.page.emulate_media(color_scheme=theme)


@pytest.mark.parametrize("name", PAGES)
def test_everybody_can_use_every_page(visit: Visit, name: str) -> None:
    """No violation in either theme, narrow or wide, and nothing sticks out to the right."""
    look(visit, WIDE, "light")
    visit.open(PAGES[name])
    for width, theme in LOOKED_AT.get(name, EVERYWHERE[::2]):
        look(visit, width, theme)
        options = {"runOnly": RULES, "resultTypes": ["violations"]}
        found = Axe().run(visit.page, options=options).response
        told = [(each["id"], each["nodes"][0]["html"]) for each in found["violations"]]
        assert told == [], f"{width} {theme}"
        assert visit.page.evaluate("document.documentElement.scrollWidth") <= width


def test_pages_ask_nobody_else_and_break_no_rule_of_theirs(visit: Visit) -> None:
    """Of others, pages load pictures and sound at most; their policy has no complaint."""
    visit.complaints.clear()
    for path in PAGES.values():
        visit.open(path)
    assert visit.elsewhere == set()
    unexpected = [each for each in visit.complaints if "Failed to load resource" not in each]
    assert unexpected == []


def test_the_keyboard_reaches_the_articles_first(visit: Visit) -> None:
    """The first stop is a link that shows itself and leads past the head of the page."""
    visit.open("/")
    visit.page.keyboard.press("Tab")
    first = visit.page.evaluate("document.activeElement.className")
    top = visit.page.evaluate("document.activeElement.getBoundingClientRect().top")
    visit.page.keyboard.press("Enter")
    assert (first, top >= 0) == ("skip", True)
    assert visit.page.evaluate("document.activeElement.id") == "main"


def test_a_search_works_without_script(visit: Visit) -> None:
    """Words typed into the head of any page lead to what was found, and from page to page."""
    visit.open("/news/")
    visit.page.locator("header input[name=q]").fill("storm")
    visit.page.keyboard.press("Enter")
    visit.page.wait_for_url("**/search?q=storm")
    assert visit.page.locator("article.item").count() == 20
    assert visit.page.locator("mark").first.inner_text() == "storm"
    visit.page.locator("a[rel=next]").click()
    visit.page.wait_for_url("**page=2")
    assert visit.page.locator("article.item").count() == 10
    assert visit.page.locator("input[name=q]").input_value() == "storm"


def test_one_click_selects_an_address(visit: Visit) -> None:
    """The whole address of a feed, and nothing but it, is ready to be copied."""
    visit.open("/news/")
    visit.page.locator(".addresses code").first.click()
    selected = visit.page.evaluate("getSelection().toString()")
    assert selected == "https://news.example.org/news/rss.xml"
