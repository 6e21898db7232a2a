"""`/image/SIGNATURE/WHICH`: pictures by way of us, for readers who could not load them themselves.

Only what we signed is answered. A picture that is not kept is fetched in a thread, once however
many ask for it, and no more at the same time than fit; nothing waits on the event loop.
"""

from __future__ import annotations

import asyncio
import hashlib
from collections import OrderedDict
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from http import HTTPStatus
from io import BytesIO
from math import ceil
from typing import Protocol
from weakref import WeakValueDictionary

import structlog
from pebble import ThreadPool
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from aggregator.contracts import Clock
from aggregator.errors import FetchError, FetchReason
from aggregator.fetch.budget import registrable_domain
from aggregator.text.picture_types import LONGEST_START, picture_type
from aggregator.text.signed_pictures import Picture, read_signed
from aggregator.text.urls import host
from aggregator.web.answers import plain, security_headers
from aggregator.web.conditions import FIELDS, evaluate
from aggregator.web.picture_cache import KeptPicture, PictureCache

AT_ONCE, OF_ONE_DOMAIN = 8, 2
"""Pictures that are fetched at the same time: of all, and of one domain, which may be slow."""
MOST_WAITING = 200
"""Pictures that wait to be fetched; who asks for more is sent away."""
PATIENCE = 30.0
"""Seconds that a picture waits for its turn."""
FAILED_FOR = timedelta(minutes=5)
"""How long a picture that did not come is not asked for again."""
MOST_FAILURES = 5_000
_PIECE = 256 * 1024
_RETRY = 10.0
_HEADERS = {
    **security_headers(),
    "content-security-policy": "default-src 'none'; sandbox",
    "cross-origin-resource-policy": "cross-origin",
    "cache-control": "public, max-age=2592000, immutable",
}

_log = structlog.get_logger("aggregator.web")


class Fetches(Protocol):
    """Who fetches a picture; called from several threads."""

    def fetch(self, picture: Picture, now: datetime) -> bytes:
        """The picture's bytes.

        Raises:
            FetchError: none came.
        """


@dataclass(frozen=True, slots=True)
class _Failure:
    """Why there is no picture, as a status; `retry_after` in seconds where that is worth trying.

    `is_closed` says that its site lets no programs read it.
    """

    status: int
    retry_after: float | None = None
    is_closed: bool = False


class Pictures:
    """Answers for pictures: out of the cache, else fetched.

    `key` and `fetcher` give those in force.
    """

    def __init__(
        self,
        key: Callable[[], str],
        fetcher: Callable[[], Fetches],
        cache: PictureCache,
        clock: Clock,
        patience: float = PATIENCE,
    ) -> None:
        self._key = key
        self._fetcher = fetcher
        self._cache = cache
        self._clock = clock
        self._patience = patience
        # Daemon threads: a slow origin must not hold up the end of the process.
        self._pool = ThreadPool(max_workers=AT_ONCE)
        self._turns: WeakValueDictionary[str, asyncio.Semaphore] = WeakValueDictionary()
        self._under_way: dict[Picture, asyncio.Task[bytes | _Failure]] = {}
        self._failures: OrderedDict[Picture, tuple[datetime, _Failure]] = OrderedDict()

    async def page(self, request: Request) -> ASGIApp:
        """The picture that the path names and signs.

        Raises:
            HTTPException: it is not signed as it must be.
        """
        signature, which = request.path_params["signature"], request.path_params["which"]
        picture = read_signed(signature, which, self._key())
        if picture is None:
            raise HTTPException(404)
        found = await asyncio.to_thread(self._kept, picture)
        if found is None:
            got = await self._get(picture)
            if isinstance(got, _Failure):
                return _no_picture(got, picture, request.headers.get("sec-fetch-dest", ""))
            # Kept by now, where there was room: sent from disk, it takes no memory meanwhile.
            found = await asyncio.to_thread(self._kept, picture) or _Sent.of(got)
        return found

    def _kept(self, picture: Picture) -> _Sent | None:
        kept = self._cache.open(picture.url)
        return _Sent.of_file(kept) if kept else None

    async def _get(self, picture: Picture) -> bytes | _Failure:
        """Fetch a picture once, however many ask for it meanwhile."""
        until, failure = self._failures.get(picture, (None, None))
        if until is not None and failure is not None and self._clock() < until:
            return failure
        task = self._under_way.get(picture)
        if task is None:
            if len(self._under_way) >= MOST_WAITING:
                return _Failure(503, _RETRY)
            task = asyncio.create_task(self._fetched(picture))
            self._under_way[picture] = task
            task.add_done_callback(lambda _: self._under_way.pop(picture))
        return await asyncio.shield(task)

    async def _fetched(self, picture: Picture) -> bytes | _Failure:
        domain = registrable_domain(host(picture.url))
        turns = self._turns.setdefault(domain, asyncio.Semaphore(OF_ONE_DOMAIN))
        try:
            async with asyncio.timeout(self._patience):
                await turns.acquire()
        except TimeoutError:
            return _Failure(503, _RETRY)
        try:
            return await asyncio.wrap_future(self._pool.schedule(self._fetch, [picture]))
        except FetchError as error:
            _log.debug("picture not fetched", domain=domain, reason=error.reason, error=str(error))
            return self._failed(picture, error)
        finally:
            turns.release()

    def _fetch(self, picture: Picture) -> bytes:
        """In a thread: fetch a picture and keep it."""
        body = self._fetcher().fetch(picture, self._clock())
        with suppress(OSError):  # a full disk takes no picture from anybody
            self._cache.keep(picture.url, body)
        return body

    def _failed(self, picture: Picture, error: FetchError) -> _Failure:
        if error.reason is FetchReason.RATE_LIMITED:
            return _Failure(503, error.retry_after or _RETRY)
        is_closed = error.reason is FetchReason.ROBOTS
        is_missing = error.status in (HTTPStatus.NOT_FOUND, HTTPStatus.GONE)
        failure = _Failure(404 if is_missing or is_closed else 502, is_closed=is_closed)
        self._failures[picture] = (self._clock() + FAILED_FOR, failure)
        self._failures.move_to_end(picture)
        if len(self._failures) > MOST_FAILURES:
            self._failures.popitem(last=False)
        return failure


@dataclass(frozen=True, slots=True)
class _Sent:
    """A picture on its way out; an ASGI application for GET and HEAD that is used once."""

    kept: KeptPicture
    media_type: str

    @classmethod
    def of_file(cls, kept: KeptPicture) -> _Sent | None:
        """What is kept, if it still is a picture."""
        media_type = picture_type(kept.file.read(LONGEST_START))
        kept.file.seek(0)
        if not media_type:
            kept.file.close()
            return None
        return cls(kept, media_type)

    @classmethod
    def of(cls, body: bytes) -> _Sent:
        """What was fetched and is not kept."""
        tag = hashlib.sha256(body).hexdigest()
        return cls(KeptPicture(BytesIO(body), len(body), tag), picture_type(body))

    async def __call__(self, scope: Scope, _receive: Receive, send: Send) -> None:
        """Answer 200 or 304."""
        file, tag = self.kept.file, f'"{self.kept.tag}"'
        fields = {name: value for name, value in scope["headers"] if name in FIELDS}
        headers = {**_HEADERS, "etag": tag}
        is_known = evaluate(fields, tag.encode(), None) == HTTPStatus.NOT_MODIFIED
        whole = {"content-type": self.media_type, "content-length": str(self.kept.size)}
        is_wanted = scope["method"] != "HEAD" and not is_known
        try:
            await _start(send, 304 if is_known else 200, headers | ({} if is_known else whole))
            while is_wanted and (piece := await asyncio.to_thread(file.read, _PIECE)):
                await send({"type": "http.response.body", "body": piece, "more_body": True})
            await send({"type": "http.response.body", "body": b""})
        finally:
            file.close()


async def _start(send: Send, status: int, headers: Mapping[str, str]) -> None:
    raw = [(name.encode("ascii"), value.encode("ascii")) for name, value in headers.items()]
    await send({"type": "http.response.start", "status": status, "headers": raw})


def _no_picture(failure: _Failure, picture: Picture, wanted_as: str) -> ASGIApp:
    """Say so. A browser that shows a page is sent to a picture that only people may read.

    Nobody else is: such an address must not lead people to a page of the article's author.
    """
    if failure.is_closed and wanted_as == "image":
        headers = {**security_headers(), "cache-control": "no-store"}
        return RedirectResponse(picture.url, 307, headers)
    retry = {} if failure.retry_after is None else {"retry-after": str(ceil(failure.retry_after))}
    return plain(failure.status, "There is no picture.", retry)
