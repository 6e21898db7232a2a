"""Limits of what readers, browsers and hubs may ask of us, and of what is given to them."""

from __future__ import annotations

import asyncio
import tempfile
from pathlib import Path

from starlette.exceptions import HTTPException
from starlette.requests import Request

from aggregator.errors import RefusedError
from aggregator.model.published import FeedDocument
from aggregator.publish import gate
from aggregator.text import search
from aggregator.web import addresses, encodings, media_types, remembering, websub
from aggregator.web.former import FormerAddresses
from aggregator.web.search import MOST_PAGES, asked
from aggregator.web.subscribe import Subscribe
from tests.support.limits.limit import Limit
from tests.support.publishing import feed


def _path(size: int) -> bool:
    return addresses.segments(b"/" + b"x" * (size - 1)) is not None


def _get(query: str, **path: str) -> Request:
    fields = {"type": "http", "method": "GET", "headers": (), "path_params": path}
    return Request({**fields, "query_string": query.encode()})


def _subscribe(size: int) -> bool:
    with tempfile.TemporaryDirectory() as folder:
        page = Subscribe(lambda _path: b"page", FormerAddresses(Path(folder), {}))
        try:
            asyncio.run(page.page(_get(f"feed={'x' * size}")))
        except HTTPException:
            return False
    return True


def _category(size: int) -> bool:
    return asked({"category": "x" * size})[1] == "x" * size


def _page(number: int) -> bool:
    return asked({"page": str(number)})[2] == number


def _query(size: int) -> bool:
    """Whether the last letter of what somebody typed is read."""
    padded = " " * (size - 1) + "x"
    return search.terms(padded) != ()


def _terms(number: int) -> bool:
    return len(search.terms(" ".join(f"word{n}" for n in range(number)))) == number


def _searched(size: int) -> bool:
    return search.plain("x" * size) == "x" * size


def _accept_encoding(size: int) -> bool:
    return encodings.choose(b"gzip" + b" " * (size - 4)) == "gzip"


def _accept(size: int) -> bool:
    wanted = b"application/xml"
    return media_types.prefers_plain_xml(wanted + b" " * (size - len(wanted)))


def _remembered(size: int) -> bool:
    calls = list[bytes]()
    answer = remembering.remembered(calls.append)
    answer(b"x" * size)
    answer(b"x" * size)
    return len(calls) == 1


class _Meant:
    """A subscription that every question is about, and that takes every push."""

    def confirm(self, _token: str, _said: dict[str, str]) -> bool:
        """Yes."""
        return True

    def knows(self, _token: str) -> bool:
        """Yes."""
        return True

    def pushed(self, _token: str, _signature: str, _body: bytes, _content_type: str) -> bool:
        """Taken."""
        return True


def _challenge(size: int) -> bool:
    request = _get(f"hub.challenge={'x' * size}", token="x")
    answer = asyncio.run(websub.Callbacks(_Meant()).answer(request))
    return getattr(answer, "status_code", 404) == 200


def _published(size: int) -> bool:
    document = FeedDocument("news", "html", "index.html", "text/html", bytes(size), None)
    try:
        gate.check(document, feed(), None)
    except RefusedError:
        return False
    return True


LIMITS = {
    "path that we are asked for": Limit(addresses._LONGEST, "bytes", "404", _path),
    "path in `/subscribe?feed=`": Limit(
        addresses.LONGEST_FEED_PATH, "characters", "404", _subscribe
    ),
    "path in `/search?category=`": Limit(
        addresses.LONGEST_FEED_PATH, "characters", "cut", _category
    ),
    "words to search for": Limit(search.LONGEST_QUERY, "characters", "cut", _query),
    "terms of a search": Limit(
        search.MOST_TERMS, "terms", "further ones count for nothing", _terms
    ),
    "pages of a search": Limit(MOST_PAGES, "pages", "the last one", _page),
    "text that is searched": Limit(
        search.LONGEST_TEXT, "characters", "what stands behind is not found", _searched
    ),
    "`Accept-Encoding`": Limit(encodings._LONGEST, "bytes", "counts for nothing", _accept_encoding),
    "`Accept`": Limit(media_types._LONGEST, "bytes", "counts for nothing", _accept),
    "header field that is remembered": Limit(
        remembering.LONGEST, "bytes", "worked out each time", _remembered
    ),
    "challenge of a hub": Limit(websub._LONGEST_CHALLENGE, "characters", "404", _challenge),
    "file that is published": Limit(
        gate.LARGEST_FILE, "bytes", "refused, the last good one stays", _published
    ),
}
