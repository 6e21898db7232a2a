"""`/metrics`, for nobody outside by accident.

Without a token it answers only a client on this machine, and none that came through a proxy: behind
one, everybody seems to be on this machine. With a token it answers whoever sends it, and nobody
else. What a request says about where it comes from (`X-Forwarded-For`) can only speak against it.
(Miniflux CVE-2023-27591 is what happens otherwise.)
"""

from __future__ import annotations

import asyncio
import hmac
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from ipaddress import ip_address

from starlette.requests import Request
from starlette.responses import Response

from aggregator.web.answers import plain, security_headers

_OF_PROXIES = (
    "forwarded", "via", "x-forwarded-for", "x-forwarded-host", "x-forwarded-proto", "x-real-ip",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Scrape:
    """What is told, as which media type, and the token that is asked for ("" for none)."""

    render: Callable[[], bytes]
    media_type: str
    token: Callable[[], str]

    async def page(self, request: Request) -> Response:
        """The metrics, or 403."""
        client = request.client.host if request.client else ""
        if not is_welcome(client, request.headers, self.token()):
            return plain(403, "Metrics are for this machine; server.metrics_token opens them.")
        body = await asyncio.to_thread(self.render)
        headers = {"cache-control": "no-store", **security_headers()}
        return Response(body, media_type=self.media_type, headers=headers)


def is_welcome(client: str, headers: Mapping[str, str], token: str) -> bool:
    """Whether a client at this address, with these headers (lower-case names), may read metrics."""
    if token:
        sent = headers.get("authorization", "")
        return hmac.compare_digest(sent.encode(), f"Bearer {token}".encode())
    return _is_this_machine(client) and not any(name in headers for name in _OF_PROXIES)


def _is_this_machine(client: str) -> bool:
    try:
        address = ip_address(client)
    except ValueError:
        return False
    mapped = getattr(address, "ipv4_mapped", None)
    return (mapped or address).is_loopback
