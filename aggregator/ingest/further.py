"""Requests that follow from what a document says: the pages of a list, the pages of articles.

Where they lead is a stranger's word. The fetcher guards each of them like any other; here is only
decided what may be asked at all, by whom, and with which headers.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urldefrag, urlsplit

from aggregator.contracts import Fetcher
from aggregator.errors import FetchError, FetchReason
from aggregator.fetch.budget import registrable_domain
from aggregator.ingest.workers import Workers
from aggregator.model.pages import NotModified, Page, Request, Validators
from aggregator.text.urls import host


@dataclass(frozen=True, slots=True)
class Asker:
    """What documents are asked for and read with.

    `fetcher` reads feeds, `pages` everything else, because it asks robots.txt first.
    """

    fetcher: Fetcher
    pages: Fetcher
    workers: Workers
    now: datetime


DOMAIN_IS_TO_REST = {
    FetchReason.RATE_LIMITED,
    FetchReason.TIMEOUT,
    FetchReason.CONNECT,
    FetchReason.DNS,
    FetchReason.TLS,
    FetchReason.OFFLINE,
}
"""After such an answer no further page of the domain is asked for in the same visit."""

_ACCEPT = {"Accept": "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.5"}


def domain_of(url: str) -> str:
    """The registrable domain of an address."""
    return registrable_domain(host(url))


def same_page(url: str) -> str:
    """What is equal for addresses of one document: the address without its fragment."""
    return urldefrag(url).url


def further(url: str, source: Request) -> Request:
    """The request for a further page; the source's own headers go to its own origin only."""
    headers = source.headers if _origin(url) == _origin(source.url) else {}
    return Request(url, headers={**_ACCEPT, **headers}, from_outside=source.from_outside)


def fetch_whole(fetcher: Fetcher, request: Request, now: datetime) -> Page:
    """Ask without conditions.

    Raises:
        FetchError: no page came.
    """
    answer = fetcher.fetch(request, Validators(), now)
    if isinstance(answer, NotModified):
        raise FetchError(FetchReason.BAD_RESPONSE, "it answered a question that was not asked")
    return answer


def _origin(url: str) -> tuple[str, str]:
    parts = urlsplit(url)
    return parts.scheme, parts.netloc
