"""What robots.txt lets us read (RFC 9309); asked for everything that is not a feed.

Feeds are published to be read by programs, so they are not looked up here. Keeps what it read for a
day at most, in memory: after a restart a site is asked once more.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from dataclasses import dataclass
from datetime import datetime, timedelta
from http import HTTPStatus
from urllib.parse import urlsplit

from protego import Protego

from aggregator.contracts import Fetcher
from aggregator.errors import FetchError, FetchReason
from aggregator.fetch.freshness import lifetime
from aggregator.model.pages import NotModified, Page, Request, Validators

LONGEST_KEPT = timedelta(hours=24)
"""RFC 9309 §2.4: a copy should not be used for longer."""
SHORTEST_KEPT = timedelta(hours=1)
KEPT_WHEN_UNREACHABLE = timedelta(minutes=30)
"""A site whose robots.txt cannot be read is left alone so long before it is asked again."""
MOST_BYTES = 512 * 1024
"""RFC 9309 §2.5 asks for 500 KiB at least; what stands behind that counts for nothing."""
MOST_SITES = 2_000

_NOT_ASKED = (FetchReason.RATE_LIMITED, FetchReason.BLOCKED_ADDRESS, FetchReason.OFFLINE)
_EVERYTHING = Protego.parse("")
_NOTHING = Protego.parse("User-agent: *\nDisallow: /")


@dataclass(frozen=True)
class _Kept:
    """The rules of one site, and how long they hold."""

    rules: Protego
    until: datetime


class ObedientFetcher:
    """A `contracts.Fetcher` that asks robots.txt first, and reads through another fetcher.

    Args:
        fetcher: makes the exchanges, of robots.txt too, inside the same budget.
        user_agent: what we call ourselves; its first word is what robots.txt knows us by.
    """

    def __init__(self, fetcher: Fetcher, user_agent: str) -> None:
        self._fetcher = fetcher
        self._user_agent = user_agent
        self._lock = threading.Lock()
        self._kept: OrderedDict[str, _Kept] = OrderedDict()

    def fetch(self, request: Request, validators: Validators, now: datetime) -> Page | NotModified:
        """Ask for a document, if the site lets programs read it.

        Raises:
            FetchError: it does not, or no usable answer came.
        """
        if not self.allows(request.url, now, from_outside=request.from_outside):
            raise FetchError(
                FetchReason.ROBOTS,
                f"robots.txt of {urlsplit(request.url).hostname} keeps programs out here",
            )
        return self._fetcher.fetch(request, validators, now)

    def allows(self, url: str, now: datetime, *, from_outside: bool = False) -> bool:
        """Whether the site's robots.txt lets us read an address; `from_outside` as in `Request`.

        Raises:
            FetchError: it could not be asked for now.
        """
        rules = self._rules(url, now, from_outside=from_outside)
        return bool(rules.can_fetch(url, self._user_agent))

    def _rules(self, url: str, now: datetime, *, from_outside: bool) -> Protego:
        """The rules of an address's site: those kept, while they hold."""
        parts = urlsplit(url)
        site = f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}"
        with self._lock:
            kept = self._kept.get(site)
        if kept is None or not now < kept.until <= now + LONGEST_KEPT:
            kept = self._read(Request(f"{site}/robots.txt", from_outside=from_outside), now)
            with self._lock:
                self._kept[site] = kept
                self._kept.move_to_end(site)
                if len(self._kept) > MOST_SITES:
                    self._kept.popitem(last=False)
        return kept.rules

    def _read(self, request: Request, now: datetime) -> _Kept:
        """Read robots.txt; without one all is open, unreachable nothing is (RFC 9309 §2.3.1).

        Raises:
            FetchError: the site was not asked, because its domain had no turn for us, or because
                it is at an address that may not be asked.
        """
        try:
            page = self._fetcher.fetch(request, Validators(), now)
        except FetchError as error:
            if error.reason in _NOT_ASKED and not error.status:
                raise
            if _says_there_is_none(error):
                return _Kept(_EVERYTHING, now + LONGEST_KEPT)
            return _Kept(_NOTHING, now + KEPT_WHEN_UNREACHABLE)
        body = page.body if isinstance(page, Page) else b""
        text = body[:MOST_BYTES].decode("utf-8-sig", "replace").replace("\0", "")
        fresh = max(lifetime(page.headers, now), SHORTEST_KEPT)
        return _Kept(Protego.parse(text), now + min(fresh, LONGEST_KEPT))


def _says_there_is_none(error: FetchError) -> bool:
    """Whether the answer was 4xx; 429 is not about the file, but about how we ask."""
    is_client_error = HTTPStatus.BAD_REQUEST <= error.status < HTTPStatus.INTERNAL_SERVER_ERROR
    return is_client_error and error.reason is not FetchReason.RATE_LIMITED
