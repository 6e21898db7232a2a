"""The HTTP side put together: published files, and the pages that are made on request."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from starlette.types import ASGIApp

from aggregator.config.image_key import image_key, with_image_key
from aggregator.config.paths import image_folder, publish_folder, site_url
from aggregator.contracts import HealthReader
from aggregator.model.feeds import Private
from aggregator.model.published import StoredArticle, Withdrawal
from aggregator.model.settings import Configuration
from aggregator.publish.addresses import hub_links
from aggregator.publish.articles import article_page
from aggregator.publish.categories import ALL
from aggregator.publish.folder import FeedFolder
from aggregator.publish.private import private_folder
from aggregator.publish.site_pages import (
    RESULTS_A_PAGE,
    Asked,
    gone_page,
    missing_page,
    search_page,
    sources_page,
    withdrawn_page,
)
from aggregator.publish.subscribe_page import subscribe_page
from aggregator.service.assembly import utc_now
from aggregator.store.store import Store
from aggregator.web.app import SitePages, create_app
from aggregator.web.articles import Articles
from aggregator.web.metrics import Scrape
from aggregator.web.picture_cache import PictureCache
from aggregator.web.pictures import Fetches, Pictures
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
    pictures: Callable[[], Fetches] | None = None,
) -> ASGIApp:
    """The HTTP side; pages follow the configuration in force, folders do not."""
    now = configuration()
    pages = _Pages(configuration, store, FeedFolder(publish_folder(now)))
    return create_app(
        publish_folder(now),
        health,
        Articles(store, pages.article, now.settings.clean.embeds, pages.withdrawn),
        scrape=scrape,
        status=status,
        private=PrivateFolder(private_folder(publish_folder(now)), pages.readers),
        pages=pages.of_the_site(),
        links=pages.links,
        callbacks=callbacks,
        pictures=_proxy(configuration, pictures) if pictures else None,
    )


def _proxy(configuration: Callable[[], Configuration], fetcher: Callable[[], Fetches]) -> Pictures:
    """Our image proxy, with the pictures that it kept before."""
    now = configuration()
    cache = PictureCache(image_folder(now), now.settings.images.keep, utc_now)
    return Pictures(lambda: image_key(configuration()), fetcher, cache, utc_now)


@dataclass(frozen=True)
class _Pages:
    """Makes what is made on request, by the configuration in force."""

    in_force: Callable[[], Configuration]
    store: Store
    folder: FeedFolder

    @property
    def configuration(self) -> Configuration:
        """With all that it takes to publish something."""
        return with_image_key(self.in_force())

    def of_the_site(self) -> SitePages:
        """Those that are no articles."""
        return SitePages(
            Status(self.sources), Search(self.search), self.subscribe, self.missing, self.gone
        )

    def article(self, article: StoredArticle) -> bytes:
        """The page of an article."""
        return article_page(article, self.store.category_titles(), self.configuration)

    def sources(self) -> bytes:
        """The page of all sources."""
        return sources_page(self.store.sources(), self.store.category_titles(), self.configuration)

    def search(self, query: str, path: str, number: int) -> bytes:
        """A page of what a search finds."""
        wanted = Asked(query, path, number)
        found = self.store.search(query, path or ALL, RESULTS_A_PAGE, wanted.offset)
        return search_page(wanted, found, self.store.category_titles(), self.configuration)

    def subscribe(self, path: str) -> bytes | None:
        """The page to subscribe to a feed."""
        return subscribe_page(self.in_force(), self.folder.published(), path)

    def missing(self, path: str) -> bytes:
        """The page for an address at which nothing is."""
        return missing_page(self.in_force(), path)

    def gone(self, path: str) -> bytes:
        """The page for an address at which nothing is any more."""
        return gone_page(self.in_force(), path)

    def withdrawn(self, withdrawal: Withdrawal) -> bytes:
        """The page of an article that was taken back."""
        return withdrawn_page(self.in_force(), withdrawal)

    def readers(self) -> Mapping[str, Private]:
        """Who may read each private feed."""
        return {each.id: each.private for each in self.in_force().feeds if each.private}

    def links(self, name: str) -> str:
        """The `Link` header of a published file."""
        settings = self.in_force().settings
        return hub_links(site_url(settings), settings.publish.hubs, name)
