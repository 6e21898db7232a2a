"""The callbacks that WebSub hubs call: is this subscription meant, and here is what is new.

What a hub says is judged by whoever subscribes; here it is only taken in, within limits.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import Protocol

from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response
from starlette.types import ASGIApp

from aggregator.web.answers import not_found, plain

MOST_BYTES = 4 * 2**20
"""The largest push that is taken; a longer one is found by the next poll."""
_LONGEST_CHALLENGE = 2000


class Subscriptions(Protocol):
    """Who knows what was subscribed to; called from several threads."""

    def confirm(self, token: str, said: dict[str, str]) -> bool:
        """Whether we meant what a hub asks about."""

    def knows(self, token: str) -> bool:
        """Whether a push to this address may be ours."""

    def pushed(self, token: str, signature: str, body: bytes, content_type: str) -> bool:
        """Take what a hub sent; False where it is not signed as it must be."""


@dataclass(frozen=True, slots=True)
class Callbacks:
    """`/websub/TOKEN`."""

    subscriptions: Subscriptions

    async def answer(self, request: Request) -> ASGIApp:
        """A question (GET) or a push (POST)."""
        token: str = request.path_params["token"]
        if request.method == "POST":
            return await self._push(request, token)
        said = dict(request.query_params)
        challenge = said.get("hub.challenge", "")
        if len(challenge) > _LONGEST_CHALLENGE:
            return not_found()
        if not await asyncio.to_thread(self.subscriptions.confirm, token, said):
            return not_found()
        # Byte for byte, and never as a page: the challenge is whatever the asker wrote.
        return _bare(200, challenge.encode())

    async def _push(self, request: Request, token: str) -> Response:
        if not await asyncio.to_thread(self.subscriptions.knows, token):
            return plain(410, "Nobody subscribes here any more.", {"connection": "close"})
        try:
            body = await _body(request)
        except ClientDisconnect:
            return _bare(400, b"")
        if body is None:
            return plain(413, "This is more than is taken.", {"connection": "close"})
        signature = request.headers.get("x-hub-signature", "")
        content_type = request.headers.get("content-type", "")
        taken = await asyncio.to_thread(
            self.subscriptions.pushed, token, signature, body, content_type
        )
        return _bare(202, b"") if taken else plain(403, "The signature is not right.")


async def _body(request: Request) -> bytes | None:
    """What was sent; None where it is too much."""
    parts, size = [], 0
    async for part in request.stream():
        size += len(part)
        if size > MOST_BYTES:
            return None
        parts.append(part)
    return b"".join(parts)


def _bare(status: int, body: bytes) -> Response:
    response = plain(status, "")
    response.body = body
    response.headers["content-length"] = str(len(body))
    return response
