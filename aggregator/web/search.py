"""`/search`: what a request asks for, within bounds, and no more searches at once than fit.

Finding is the store's business, the page that of `formats.search_page`.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping

from starlette.requests import Request
from starlette.types import ASGIApp

from aggregator.errors import StoreError
from aggregator.text.search import LONGEST_QUERY
from aggregator.text.xml_chars import strip_illegal
from aggregator.web.addresses import LONGEST_FEED_PATH
from aggregator.web.answers import plain, security_headers
from aggregator.web.documents import CACHE_CONTROL, prepare

AT_ONCE = 2
"""Searches that run at the same time; the others wait."""
MOST_PAGES = 50
_PATIENCE = 5.0
_RETRY = {"retry-after": "10"}

SearchPage = Callable[[str, str, int], bytes]
"""Searches for a query in a category ("" for all), and renders a page of the results, UTF-8."""


class Search:
    """The page as `render` makes it; whoever waits longer than `patience` is sent away."""

    def __init__(self, render: SearchPage, patience: float = _PATIENCE) -> None:
        self._render = render
        self._patience = patience
        self._free = asyncio.Semaphore(AT_ONCE)

    async def page(self, request: Request) -> ASGIApp:
        """The results that the query part of the address asks for, or the empty form."""
        query, path, number = asked(request.query_params)
        try:
            async with asyncio.timeout(self._patience):
                await self._free.acquire()
        except TimeoutError:
            return plain(503, "Too many searches run now; try again in a moment.", _RETRY)
        try:
            body = await asyncio.to_thread(self._render, query, path, number)
        except StoreError:
            return plain(503, "Articles cannot be searched now; the feeds can be read.", _RETRY)
        finally:
            self._free.release()
        headers = {
            "content-type": "text/html; charset=utf-8",
            "cache-control": CACHE_CONTROL,
            **security_headers(),
        }
        return prepare(body, headers)


def asked(parameters: Mapping[str, str]) -> tuple[str, str, int]:
    """Query, category path and number of the page, each cut to what makes sense."""
    query = strip_illegal(parameters.get("q", "")[:LONGEST_QUERY]).strip()
    path = strip_illegal(parameters.get("category", "")[:LONGEST_FEED_PATH])
    number = parameters.get("page", "")
    is_number = number.isascii() and number.isdigit() and len(number) <= len(str(MOST_PAGES))
    return query, path, min(max(int(number), 1), MOST_PAGES) if is_number else 1
