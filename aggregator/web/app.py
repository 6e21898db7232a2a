"""The web application: which address is answered by whom."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import ASGIApp

from aggregator.contracts import HealthReader
from aggregator.formats import formats
from aggregator.formats.static import STATIC_FILES
from aggregator.text.signed_pictures import PREFIX
from aggregator.web.answers import (
    is_for_people,
    method_not_allowed,
    not_found,
    page,
    plain,
    security_headers,
)
from aggregator.web.articles import Articles
from aggregator.web.files import PublishedFolder
from aggregator.web.former import FormerAddresses
from aggregator.web.health import Health
from aggregator.web.metrics import Scrape
from aggregator.web.pictures import Pictures
from aggregator.web.private import PrivateFolder
from aggregator.web.search import Search
from aggregator.web.status import Status
from aggregator.web.subscribe import Subscribe, SubscribePage
from aggregator.web.websub import Callbacks

_PAGES = {
    "index.html": "text/html; charset=utf-8",
    "feeds.opml": "text/x-opml; charset=utf-8",
}


@dataclass(frozen=True, slots=True)
class SitePages:
    """Pages of the whole site that are made on request.

    `subscribe` renders that of a feed, for its path; `missing` and `gone` those of a 404 and a 410.
    """

    sources: Status
    search: Search
    subscribe: SubscribePage
    missing: Callable[[str], bytes]
    gone: Callable[[str], bytes]


def create_app(
    folder: Path,
    health: HealthReader,
    articles: Articles | None = None,
    *,
    scrape: Scrape | None = None,
    status: Status | None = None,
    private: PrivateFolder | None = None,
    pages: SitePages | None = None,
    links: Callable[[str], str] | None = None,
    callbacks: Callbacks | None = None,
    pictures: Pictures | None = None,
) -> ASGIApp:
    """Build the application over the published folder; without `articles` it needs no database.

    Files are answered first, everything else by Starlette's routes. `links` gives the `Link` header
    of a file by its name.
    """
    endpoints = Health(health)
    routes = [Route("/healthz", endpoints.alive), Route("/readyz", endpoints.ready)]
    if articles is not None:
        routes.append(Route("/articles/{token}", articles.page))
    if scrape is not None:
        routes.append(Route("/metrics", scrape.page))
    if status is not None:
        routes.append(Route("/status", status.page))
    if pages is not None:
        routes += _site_routes(pages, folder)
    if private is not None:
        routes.append(Route("/private/{id}/{file}", private.by_password))
        routes.append(Route("/private/{id}/{token}/{file}", private.by_token))
    if pictures is not None:
        routes.append(Route(f"/{PREFIX}/{{signature}}/{{which}}", pictures.page))
    if callbacks is not None:
        routes.append(Route("/websub/{token}", callbacks.answer, methods=["GET", "POST"]))
    rest = _on_request(routes, pages.missing if pages else None)
    gone = pages.gone if pages else None
    return PublishedFolder(folder, published_names(), rest, links=links, gone=gone)


def _on_request(routes: list[Route], missing: Callable[[str], bytes] | None) -> Starlette:
    """What is made on request, with our own words where nothing is and where we failed."""
    handlers = {HTTPException: _refusal(missing), Exception: _failed}
    made = Starlette(routes=routes, exception_handlers=handlers)
    # A redirect to a guessed address would repeat the Host header of the request.
    made.router.redirect_slashes = False
    return made


def _site_routes(pages: SitePages, folder: Path) -> list[Route]:
    former = FormerAddresses(folder, security_headers(), pages.gone)
    return [
        Route("/sources", pages.sources.page),
        Route("/search", pages.search.page),
        Route("/subscribe", Subscribe(pages.subscribe, former).page),
    ]


def published_names() -> dict[str, str]:
    """Every file name that is served, with its media type."""
    static = {name.rpartition("/")[2]: media_type for name, (media_type, _) in STATIC_FILES.items()}
    return _PAGES | static | {each.file_name: each.media_type for each in formats().values()}


def _refusal(
    make: Callable[[str], bytes] | None,
) -> Callable[[Request, Exception], Awaitable[Response]]:
    """How to answer where there is no route, or none for this method, or nothing behind it."""

    async def refused(request: Request, _refusal: Exception) -> Response:
        if request.method not in ("GET", "HEAD"):
            return method_not_allowed()
        if make is None or not is_for_people(request.scope):
            return not_found()
        return page(404, make(request.url.path))

    return refused


async def _failed(_request: Request, _error: Exception) -> Response:
    """A mistake of ours; the server logs it, the answer tells nothing."""
    return plain(500, "This went wrong here; the log of the service says why.")
