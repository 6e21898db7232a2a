"""Our own page of an article, made when someone asks for it; docs/decisions/001 says why."""

from __future__ import annotations

from collections.abc import Sequence

from aggregator.formats import html
from aggregator.model.articles import CategoryTitle
from aggregator.model.published import StoredArticle
from aggregator.model.settings import Configuration
from aggregator.publish.categories import catalogue
from aggregator.publish.convert import published_article, published_site, titled


def article_page(
    article: StoredArticle,
    added: Sequence[CategoryTitle],
    configuration: Configuration,
) -> bytes:
    """The page of an article, with its categories and the other places where it was published.

    `added` are the categories that the store knows and the configuration does not.
    """
    settings = configuration.settings
    known = catalogue(configuration, added)
    categories = [
        titled(known[path])
        for path in article.paths
        if path in known and "html" in known[path].formats
    ]
    site = published_site((), known, settings)
    return html.render_article(published_article(article, known, settings), site, categories)
