"""`/status` and `/sources`: pages made at most once in some seconds, however many ask for them.

What stands in them is the business of whoever makes them.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable

from starlette.requests import Request
from starlette.types import ASGIApp

from aggregator.errors import StoreError
from aggregator.web.answers import plain, security_headers
from aggregator.web.documents import Document, prepare

FRESH_SECONDS = 15.0


class Status:
    """The page as `render` makes it; kept for `fresh_seconds`.

    `clock` counts seconds and is never set back.
    """

    def __init__(
        self,
        render: Callable[[], bytes],
        fresh_seconds: float = FRESH_SECONDS,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._render = render
        self._fresh_seconds = fresh_seconds
        self._clock = clock
        self._made_at = 0.0
        self._document: Document | None = None
        self._making = asyncio.Lock()

    async def page(self, _request: Request) -> ASGIApp:
        """The page, made now or a moment ago; 503 while the database is away."""
        async with self._making:  # who comes meanwhile gets the same page
            if self._document is None or self._clock() - self._made_at >= self._fresh_seconds:
                try:
                    self._document = await asyncio.to_thread(self._make)
                except StoreError:
                    return plain(503, "The sources cannot be asked about now.", _RETRY)
                self._made_at = self._clock()
            return self._document

    def _make(self) -> Document:
        headers = {
            "content-type": "text/html; charset=utf-8",
            "cache-control": f"public, max-age={self._fresh_seconds:.0f}",
            **security_headers(),
        }
        return prepare(self._render(), headers)


_RETRY = {"retry-after": "30"}
