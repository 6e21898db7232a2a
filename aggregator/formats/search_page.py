"""The page that searches: a form, and what was found, with the words that were looked for marked.

What stands in a query is shown as text wherever it comes back. Finding is the store's business.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from aggregator.formats.common import display_title, writable
from aggregator.formats.pages import Frame, render_page
from aggregator.model.articles import CategoryTitle
from aggregator.model.published import PublishedArticle
from aggregator.text.search import Term, excerpt, marked, plain, terms

if TYPE_CHECKING:
    from markupsafe import Markup


@dataclass(frozen=True, slots=True)
class SearchPage:
    """What the page shows.

    `path` is the category that was searched, "" for all; `categories` are those to choose from,
    parents before their children. `articles` are those of page `number` of `pages`, of `total`;
    `is_all` is false where there may be more.
    """

    frame: Frame
    query: str
    path: str = ""
    categories: Sequence[CategoryTitle] = ()
    articles: Sequence[PublishedArticle] = ()
    total: int = 0
    is_all: bool = True
    number: int = 1
    pages: int = 0

    def address(self, number: int) -> str:
        """The query part of the address of another page."""
        category = {"category": self.path} if self.path else {}
        return urlencode({"q": self.query, **category, "page": number})


@dataclass(frozen=True, slots=True)
class Hit:
    """An article with its title and a piece of its text, the words looked for marked."""

    article: PublishedArticle
    title: Markup
    excerpt: Markup


def render_search(page: SearchPage) -> bytes:
    """Write the page; the same input always gives the same bytes."""
    shown = writable(replace(page, articles=()))
    wanted = terms(shown.query)
    hits = [_hit(writable(article), wanted) for article in page.articles]
    return render_page("search.html", shown.frame, page=shown, hits=hits)


def _hit(article: PublishedArticle, wanted: Sequence[Term]) -> Hit:
    title = _marked(marked(display_title(article), wanted))
    text = plain(article.body) or article.summary
    return Hit(replace(article, body=""), title, _marked(excerpt(text, wanted)))


def _marked(parts: Sequence[tuple[str, bool]]) -> Markup:
    """Text as HTML, each part that was looked for in a `mark`."""
    from markupsafe import Markup, escape

    return Markup().join(
        Markup("<mark>{}</mark>").format(text) if is_found else escape(text)
        for text, is_found in parts
    )
