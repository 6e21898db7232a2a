"""`/subscribe?feed=PATH`: the one page that may run a script, which is one script alone.

Its policy names the script by its hash and allows less than that of all other pages otherwise. What
stands on the page is the business of whoever renders it.
"""

from __future__ import annotations

import asyncio
from base64 import b64encode
from collections.abc import Callable
from hashlib import sha256
from urllib.parse import quote

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse
from starlette.types import ASGIApp

from aggregator.formats.static import copy_script
from aggregator.web.addresses import LONGEST_FEED_PATH
from aggregator.web.answers import security_headers
from aggregator.web.documents import CACHE_CONTROL, Document, prepare
from aggregator.web.former import FormerAddresses

SubscribePage = Callable[[str], bytes | None]
"""Renders the page for the feed at a path, UTF-8; None where no such feed is published."""


class Subscribe:
    """The page as `render` makes it; `former` knows where feeds are that were elsewhere."""

    def __init__(self, render: SubscribePage, former: FormerAddresses) -> None:
        self._render = render
        self._former = former
        self._headers = {
            "content-type": "text/html; charset=utf-8",
            "cache-control": CACHE_CONTROL,
            **security_headers(),
            "content-security-policy": _policy(copy_script()),
        }

    async def page(self, request: Request) -> ASGIApp:
        """The page of the feed that the query part names, or what became of it: 301 or 410.

        Raises:
            HTTPException: there never was one.
        """
        path = request.query_params.get("feed", "")
        if len(path) > LONGEST_FEED_PATH:
            raise HTTPException(404)
        return await asyncio.to_thread(self._document, path) or self._elsewhere(path)

    def _document(self, path: str) -> Document | None:
        body = self._render(path)
        return None if body is None else prepare(body, self._headers)

    def _elsewhere(self, path: str) -> ASGIApp:
        former = self._former.find(tuple(path.split("/")))
        if former is None:
            raise HTTPException(404)
        if not former.now:
            return self._former.removed(former)
        there = f"subscribe?feed={quote(former.now, safe='/')}"
        return RedirectResponse(there, 301, {"cache-control": CACHE_CONTROL, **security_headers()})


def _policy(script: str) -> str:
    """What lets this script run where it stands in the page, and nothing else at all."""
    digest = b64encode(sha256(script.encode()).digest()).decode()
    return (
        f"default-src 'none'; script-src 'sha256-{digest}'; style-src 'self'; img-src 'self'; "
        "base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
    )
