"""The HTTP side put together: published files, and the pages that are made on request."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from starlette.types import ASGIApp

from aggregator.config.paths import publish_folder, site_url
from aggregator.contracts import HealthReader
from aggregator.model.feeds import Private
from aggregator.model.published import StoredArticle
from aggregator.model.settings import Configuration
from aggregator.publish.addresses import hub_links
from aggregator.publish.articles import article_page
from aggregator.publish.categories import ALL
from aggregator.publish.private import private_folder
from aggregator.publish.site_pages import (
    RESULTS_A_PAGE,
    Asked,
    missing_page,
    search_page,
    sources_page,
)
from aggregator.store import Store
from aggregator.web.app import SitePages, create_app
from aggregator.web.articles import Articles
from aggregator.web.metrics import Scrape
from aggregator.web.private import PrivateFolder
from aggregator.web.search import Search
from aggregator.web.status import Status
from aggregator.web.websub import Callbacks


def web_app(
    configuration: Callable[[], Configuration],
    store: Store,
    health: HealthReader,
    status: Status,
    *,
    scrape: Scrape | None = None,
    callbacks: Callbacks | None = None,
) -> ASGIApp:
    """The HTTP side; pages follow the configuration in force, the folder does not."""
    now = configuration()

    def page(article: StoredArticle) -> bytes:
        return article_page(article, store.category_titles(), configuration())

    def readers() -> Mapping[str, Private]:
        return {each.id: each.private for each in configuration().feeds if each.private}

    def links(name: str) -> str:
        settings = configuration().settings
        return hub_links(site_url(settings), settings.publish.hubs, name)

    def sources() -> bytes:
        return sources_page(store.sources(), store.category_titles(), configuration())

    def search(query: str, path: str, number: int) -> bytes:
        wanted = Asked(query, path, number)
        found = store.search(query, path or ALL, RESULTS_A_PAGE, wanted.offset)
        return search_page(wanted, found, store.category_titles(), configuration())

    pages = SitePages(Status(sources), Search(search), lambda: missing_page(configuration()))
    articles = Articles(store, page, now.settings.clean.embeds)
    private = PrivateFolder(private_folder(publish_folder(now)), readers)
    return create_app(
        publish_folder(now),
        health,
        articles,
        scrape=scrape,
        status=status,
        private=private,
        pages=pages,
        links=links,
        callbacks=callbacks,
    )
