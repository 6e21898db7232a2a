"""Finds the feed behind an address by asking: the address itself, what it links to, usual places.

Every request goes through the fetcher and its guards; every document is read by a worker.
Stores nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from aggregator.clean import clean_origin
from aggregator.clean.times import times
from aggregator.errors import FetchError, ParseError
from aggregator.ingest.further import Asker, fetch_whole
from aggregator.model.pages import Page, Request
from aggregator.sources.addresses import check_url
from aggregator.sources.discovery import FeedLink, feed_links, format_of, usual_places
from aggregator.sources.feed.documents import read_feed
from aggregator.text.dates import parse_date


@dataclass(frozen=True, slots=True)
class FoundFeed:
    """A feed that was asked and read.

    `url` is the address to subscribe to: where every redirect on the way called itself permanent,
    that where it ended. `newest_at` is None where no entry has a date.
    """

    url: str
    title: str
    format: str
    entries: int
    newest_at: datetime | None
    site_link: str = ""


@dataclass(frozen=True, slots=True)
class Discovery:
    """What was found behind an address; `page` is the document at the address itself, if one came.

    `failed` are the feeds that the page names and that could not be read, with the reason.
    """

    page: Page | None
    feeds: tuple[FoundFeed, ...]
    failed: tuple[tuple[str, str], ...] = ()


def discover(url: str, asker: Asker) -> Discovery:
    """Find the feeds behind an address, the most likely first.

    Usual places are only asked where the page names no feed that can be read, and only until one
    answers.

    Raises:
        FetchError: the address itself gave no usable answer.
    """
    page = _page(asker, Request(url))
    try:
        return Discovery(page, (_feed(asker, page, url),))
    except ParseError:
        links = asker.workers.run(feed_links, page)
    feeds, failed = _read_all(links, page, asker)
    if not feeds:
        feeds = tuple(_first(usual_places(page.final_url), page, asker))
    return Discovery(page, feeds, failed)


def feed_behind(page: Page, asker: Asker) -> tuple[str, Page] | None:
    """The first feed that a page names and that can be read, with the address that it names."""
    for link in asker.workers.run(feed_links, page):
        try:
            found = _page(asker, _named_by(page, link.url))
            asker.workers.run(read_feed, found)
        except (FetchError, ParseError):
            continue
        return link.url, found
    return None


def checked(url: str) -> str:
    """An address as people type it, made one that can be asked: `example.org` means https.

    Raises:
        ValueError: it is none.
    """
    return check_url(url if "://" in url else f"https://{url}")


def _named_by(page: Page, url: str) -> Request:
    """The request for an address that a page names: one of the internet leads to no private one."""
    return Request(url, from_outside=page.from_outside)


def _page(asker: Asker, request: Request) -> Page:
    return fetch_whole(asker.fetcher, request, asker.now)


def _feed(asker: Asker, page: Page, url: str) -> FoundFeed:
    """The feed in a document; a ParseError where it is none."""
    return asker.workers.run(_summary, page, page.moved_to or url, asker.now)


def _read_all(
    links: Iterable[FeedLink], page: Page, asker: Asker
) -> tuple[tuple[FoundFeed, ...], tuple[tuple[str, str], ...]]:
    """Those that can be read, each once, and why the others cannot."""
    feeds, failed = dict[str, FoundFeed](), list[tuple[str, str]]()
    for link in links:
        try:
            found = _feed(asker, _page(asker, _named_by(page, link.url)), link.url)
        except (FetchError, ParseError) as error:
            failed.append((link.url, str(error)))
        else:
            feeds.setdefault(found.url, found)
    return tuple(feeds.values()), tuple(failed)


def _first(places: Iterable[str], page: Page, asker: Asker) -> Iterator[FoundFeed]:
    for url in places:
        try:
            yield _feed(asker, _page(asker, _named_by(page, url)), url)
        except (FetchError, ParseError):
            continue
        return


def _summary(page: Page, url: str, now: datetime) -> FoundFeed:
    """Read a feed as far as a person must know it to choose; runs in a worker."""
    document = read_feed(page)
    moments = [times(raw, now, ZoneInfo("UTC"), parse_date) for raw in document.entries]
    known = [each.published_at for each in moments if each.date_is_known]
    origin = clean_origin(document.origin)
    return FoundFeed(
        url=url,
        title=origin.title,
        format=format_of(page),
        entries=len(document.entries),
        newest_at=max(known, default=None),
        site_link=origin.link,
    )
