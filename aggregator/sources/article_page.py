"""The text of an article out of its own page, for `full_text`: where selectors say, or by itself.

Pure: the bytes of a page in, markup with absolute addresses and what the page says about itself
out. Nothing is fetched here and nothing is cleaned.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from aggregator.errors import ParseError, ParseReason
from aggregator.model.full_text import FullText
from aggregator.sources.found import resolve
from aggregator.sources.page_items import Document, Item
from aggregator.sources.selectors import compile_selector
from aggregator.text.encodings import decode

if TYPE_CHECKING:
    from lxml.html import HtmlElement

    from aggregator.model.pages import Page

LONGEST_TEXT = 1_048_576
"""Characters of markup. Cleaning takes no more, so that more need not be kept."""

_WEB_PAGE = re.compile(r"html|xml|text/plain|^$", re.IGNORECASE)
_ADDRESS = re.compile(r"href|src|poster|data-(?:[a-z-]*src|original|orig-file)")
_LAZY = re.compile(r"data-(?:[a-z-]*src|original|orig-file)")
_CANDIDATE = re.compile(r"(^|,\s+|(?<=\d[wx]),)\s*(\S+?)(?=,?\s|,?$)")
_NEVER_CONTENT = ("script", "style", "template")
_SHOWS = "img, video, audio, iframe"

_PUBLISHED = (
    'meta[property="article:published_time"]@content',
    'meta[itemprop="datePublished"]@content',
    'meta[name="publishdate"]@content',
    'meta[name="pubdate"]@content',
    "time[datetime]@datetime",
)
_DATED = '[class*="date"], [class*="time"], [id*="date"], [id*="time"]'
_DATE = re.compile(
    r"(?:19|20)\d\d\s?[-/.年]\s?\d{1,2}\s?[-/.月]\s?\d{1,2}(?:\s?日)?(?:\s*\d{1,2}:\d\d(?::\d\d)?)?"
)
_DATE_STANDS_IN = 200
_AUTHOR = ('meta[name="author"]@content', 'meta[property="article:author"]@content')
_TITLE = ('meta[property="og:title"]@content', "article h1", "main h1", "head > title")
_IMAGE = ('meta[property="og:image"]@content', 'meta[name="twitter:image"]@content')


@dataclass(frozen=True, slots=True)
class ArticleText:
    """What was found on one page; `next_link` is where the text goes on, "" where it ends."""

    html: str
    next_link: str = ""
    published_text: str = ""
    author: str = ""
    image: str = ""
    title: str = ""


def read_article_page(page: Page, how: FullText | Literal["auto"]) -> ArticleText:
    """Find the text of an article on its page.

    Raises:
        ParseError: with NO_ITEMS where the page can be read but has no such text; what it says
            names the selectors.
    """
    kind = page.headers.get("content-type", "").partition(";")[0]
    if not _WEB_PAGE.search(kind):
        raise ParseError(ParseReason.NO_ITEMS, f"full_text: {kind} came instead of a web page")
    document = Document(decode(page.body, page.headers), page.final_url)
    _make_absolute(document.root, document.base)
    whole = document.whole
    facts = {
        "published_text": _first(whole, _PUBLISHED) or _date_in_words(whole),
        "author": next((name for name in _each(whole, _AUTHOR) if "://" not in name), ""),
        "image": resolve(document.base, _first(whole, _IMAGE)),
        "title": _first(whole, _TITLE),
    }
    if how == "auto":
        return ArticleText(_short_enough(_main_text(document.root)), **facts)
    following = whole.link(how.next) if how.next else ""
    return ArticleText(_short_enough(_selected(document.root, how)), following, **facts)


def _main_text(root: HtmlElement) -> str:
    from aggregator.text.main_text import main_text

    html = main_text(root)
    if not html:
        raise ParseError(ParseReason.NO_ITEMS, "full_text: auto found no article on the page")
    return html


def _selected(root: HtmlElement, how: FullText) -> str:
    """The markup of what the first selector finds that finds anything to show."""
    from lxml import html

    from aggregator.text.tree import drop_selected

    drop_selected(root, (*_NEVER_CONTENT, *how.remove))
    for selector in how.select:
        found: Any = compile_selector(selector)(root)
        outermost = _outermost(found)
        if any(_shows_something(element) for element in outermost):
            _drop_headline(outermost[0])
            parts = (html.tostring(one, encoding="unicode", with_tail=False) for one in outermost)
            return "".join(parts)
    tried = ", ".join(how.select)
    raise ParseError(ParseReason.NO_ITEMS, f"full_text.select: {tried} found nothing")


def _outermost(elements: Sequence[HtmlElement]) -> list[HtmlElement]:
    """Those of the elements that stand in none of the others."""
    all_of_them = set(elements)
    return [
        one for one in elements if not any(above in all_of_them for above in one.iterancestors())
    ]


def _drop_headline(element: HtmlElement) -> None:
    """Take off the headline that a text begins with: the title has a place of its own."""
    headline = next(element.iterdescendants("h1"), None)
    if headline is None:
        return
    words = str(headline.text_content()).strip()
    if words and str(element.text_content()).lstrip().startswith(words):
        headline.drop_tree()


def _shows_something(element: HtmlElement) -> bool:
    found: Any = compile_selector(_SHOWS)(element)
    return bool(found or str(element.text_content()).strip())


def _short_enough(html: str) -> str:
    if len(html) > LONGEST_TEXT:
        detail = f"full_text: the text has more than {LONGEST_TEXT:,} characters of markup"
        raise ParseError(ParseReason.NO_ITEMS, detail)
    return html


def _make_absolute(root: HtmlElement, base: str) -> None:
    """Make every address absolute that cleaning may look at; show pictures that load late."""
    for element in root.iter():
        if not isinstance(element.tag, str):
            continue
        for name, value in element.items():
            if _ADDRESS.fullmatch(name):
                element.set(name, resolve(base, value))
            elif name.endswith("srcset"):
                element.set(name, _CANDIDATE.sub(lambda m: m[1] + resolve(base, m[2]), value))
        if element.tag == "img":
            real = next((value for name, value in element.items() if _LAZY.fullmatch(name)), "")
            element.set("src", real or element.get("src", ""))


def _each(whole: Item, fields: Sequence[str]) -> Iterator[str]:
    return (text for field in fields for text in whole.texts(field))


def _first(whole: Item, fields: Sequence[str]) -> str:
    return next(_each(whole, fields), "")


def _date_in_words(whole: Item) -> str:
    """A date that the page shows where its names say that there is one."""
    dates = (_DATE.search(text[:_DATE_STANDS_IN]) for text in whole.texts(_DATED))
    return next((date[0] for date in dates if date), "")
