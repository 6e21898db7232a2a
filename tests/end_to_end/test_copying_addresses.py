"""The page that copies a feed's address, in Chromium: what is in the clipboard afterwards.

With the clipboard of a secure page, without one (plain http, as many are at home), and where the
browser refuses both ways; by mouse and by keyboard.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from tests.support.browser import chromium
from tests.support.whole_site import whole_site

AT_HOME = "http://feeds.example"
"""Where the site seems to be when it is not on this machine: the browser gives no clipboard."""
ATOM = "https://news.example.org/news/atom.xml"
REFUSED = "navigator.clipboard.writeText = () => Promise.reject(new Error('denied'));"
FORBIDDEN = "document.execCommand = () => false;"
COPY_ATOM = "Copy address: Atom"


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Where a whole site is served."""
    with whole_site(tmp_path_factory.mktemp("site"), "en", articles=1) as served:
        yield served


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    """A browser for all tests here."""
    with chromium() as opened:
        yield opened


@pytest.fixture
def context(browser: Any, address: str) -> Iterator[Any]:
    """Windows that may ask what is in the clipboard, where there is one."""
    made = browser.new_context()
    made.grant_permissions(["clipboard-read", "clipboard-write"], origin=address)
    yield made
    made.close()


def clipboard(context: Any, address: str) -> str:
    """What is in the clipboard, as another page of a secure place reads it."""
    page = context.new_page()
    page.goto(f"{address}/healthz")
    page.bring_to_front()
    found = str(page.evaluate("navigator.clipboard.readText()"))
    page.close()
    return found


def at(context: Any, address: str, site: str, *before: str) -> Any:
    """The page of a feed, opened below the address that the site seems to have."""
    page = context.new_page()
    page.route(
        f"{AT_HOME}/**",
        lambda route: route.continue_(url=route.request.url.replace(AT_HOME, address)),
    )
    for script in before:
        page.add_init_script(script)
    page.goto(f"{site}/news/")
    page.get_by_role("link", name="Copy address…").click()
    page.wait_for_url("**/subscribe?feed=news")
    return page


def told(page: Any) -> list[str]:
    """What stands in the places that are read out when they change, where something does."""
    return [each for each in page.get_by_role("status").all_inner_texts() if each]


@pytest.mark.parametrize(
    ("site", "before"), [("", []), (AT_HOME, []), ("", [REFUSED])], ids=["secure", "http", "denied"]
)
def test_a_click_copies_the_whole_address(
    context: Any, address: str, site: str, before: list[str]
) -> None:
    """By the clipboard, or by the selection where the browser has or gives none; and says so."""
    page = at(context, address, site or address, *before)
    assert page.evaluate("Boolean(navigator.clipboard)") == (not site)
    page.get_by_role("button", name=COPY_ATOM).click()
    page.get_by_text("Copied.").wait_for()
    assert told(page) == ["Copied."]
    assert clipboard(context, address) == ATOM


def test_the_keyboard_copies_one_after_the_other(context: Any, address: str) -> None:
    """A button keeps the focus, and only the last one that was pressed says that it copied."""
    page = at(context, address, AT_HOME)
    page.get_by_role("button", name=COPY_ATOM).focus()
    page.keyboard.press("Enter")
    page.locator("li:nth-child(2)", has_text="Copied.").wait_for()
    assert page.evaluate("document.activeElement.ariaLabel") == COPY_ATOM
    page.keyboard.press("Tab")
    page.keyboard.press("Tab")
    page.keyboard.press("Space")
    page.locator("li:nth-child(3)", has_text="Copied.").wait_for()
    assert told(page) == ["Copied."]
    assert clipboard(context, address) == "https://news.example.org/news/feed.json"


def test_where_nothing_copies_the_address_is_selected(context: Any, address: str) -> None:
    """It says that it did not copy, and what is left to do."""
    page = at(context, address, AT_HOME, FORBIDDEN)
    page.get_by_role("button", name=COPY_ATOM).click()
    page.get_by_text("copy it by hand").wait_for()
    assert told(page) == ["Not copied, but selected: copy it by hand."]
    assert page.evaluate("getSelection().toString()") == ATOM


def test_without_script_one_click_selects(browser: Any, address: str) -> None:
    """There is no button that does nothing, and everything else is as with it."""
    page = browser.new_page(java_script_enabled=False)
    page.goto(f"{address}/subscribe?feed=news")
    assert page.get_by_role("button", name=COPY_ATOM).count() == 0
    assert page.get_by_role("link", name="Feedly").is_visible()
    assert page.locator(".addresses code").nth(1).inner_text() == ATOM
    chosen = page.locator(".addresses code").nth(1).evaluate("each => getComputedStyle(each)")
    assert chosen["userSelect"] == "all"
    page.close()


def test_no_other_script_runs_there(context: Any, address: str) -> None:
    """Whatever got into the page: its policy lets only the one run, and says what it refused."""
    page = at(context, address, address)
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text))
    ran = page.evaluate("""() => {
        for (const [name, value] of [["textContent", "window.ran = 1"], ["src", "/healthz"]]) {
            const script = document.createElement("script");
            script[name] = value;
            document.body.append(script);
        }
        const picture = document.createElement("img");
        picture.setAttribute("onerror", "window.ran = 2");
        picture.src = "/nothing";
        document.body.append(picture);
        return new Promise((done) => {
            picture.addEventListener("error", () => done(window.ran ?? "nothing"));
        });
    }""")
    assert ran == "nothing"
    assert len([each for each in complaints if "Content Security Policy" in each]) == 3
