"""The pages over articles: a category (a format like the others), the home page, an article.

Every link among them is relative and names its file, so they work from any static host and from a
disk too; only `articles/…`, search, subscribe, sources and status need the web side. Bodies come in
sanitized; nothing is cleaned here.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from typing import TYPE_CHECKING

from aggregator.formats.common import newest_at, writable
from aggregator.formats.moments import moment
from aggregator.formats.pages import Frame, render_page
from aggregator.formats.words import spoken
from aggregator.model.published import FeedDocument

if TYPE_CHECKING:
    from aggregator.model.articles import CategoryTitle
    from aggregator.model.published import Feed, PublishedArticle, PublishedSite

HOME_FILE = "index.html"
MEDIA_TYPE = "text/html; charset=utf-8"


@dataclass(frozen=True, slots=True)
class CategoryPage:
    """The format `html`: one page with the articles of a category."""

    name: str = "html"
    file_name: str = "index.html"
    media_type: str = MEDIA_TYPE

    def render(self, feed: Feed) -> FeedDocument:
        """Write the page; the same feed always gives the same bytes."""
        shown = writable(feed)
        root = "../" * (feed.path.count("/") + 1)
        body = render_page(
            "category.html",
            Frame(shown.site_title, shown.language, shown.timezone, root),
            feed=shown,
            days=_by_day(shown.articles, shown.timezone, shown.language),
        )
        newest = newest_at(feed, feed.articles)
        return FeedDocument(feed.path, self.name, self.file_name, self.media_type, body, newest)


FORMATS = (CategoryPage(),)


def render_home(site: PublishedSite) -> bytes:
    """The home page: the tree of categories with their feeds, and the newest articles of all."""
    shown = writable(site)
    return render_page(
        "home.html",
        Frame(shown.title, shown.language, shown.timezone, "", "home"),
        site=shown,
        days=_by_day(shown.newest, shown.timezone, shown.language),
    )


def render_article(
    article: PublishedArticle,
    site: PublishedSite,
    categories: Sequence[CategoryTitle],
) -> bytes:
    """Our own page of an article, one folder below the home page.

    `categories` are those it stands in.
    """
    shown, site = writable(article), writable(replace(site, newest=()))
    return render_page(
        "article.html",
        Frame(
            site.title,
            shown.language or site.language,
            site.timezone,
            "../",
            formats=site.everything.formats,
        ),
        article=shown,
        categories=writable(tuple(categories)),
    )


def _by_day(
    articles: Sequence[PublishedArticle], timezone: str, language: str
) -> list[tuple[str, list[PublishedArticle]]]:
    """Articles under the day that people of the zone call it, as they come."""
    speech = spoken(language)
    grouped = groupby(articles, key=lambda each: moment(each.published_at, timezone, speech).day)
    return [(day, list(group)) for day, group in grouped]
