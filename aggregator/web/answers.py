"""What every answer carries, and the short plain-text ones.

Nothing of a request is ever repeated in an answer, so there is nothing to escape; the headers are
the second wall. Pages and feeds are answered by `documents`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from starlette.datastructures import Headers
from starlette.responses import HTMLResponse, PlainTextResponse
from starlette.types import Scope

RawHeaders = list[tuple[bytes, bytes]]

_NO_SCRIPT = (
    "default-src 'none'; style-src 'self'; img-src 'self' http: https: data:; "
    "media-src http: https:; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)


def security_headers(frame_hosts: Sequence[str] = ()) -> dict[str, str]:
    """The headers of every answer: no script runs, no type is guessed, no address is passed on.

    Only the page of `subscribe`, on which strangers have no word, has another policy.
    `frame_hosts` are the hosts whose players may stand in a page.
    """
    frames = "".join(f" https://{host}" for host in frame_hosts)
    return {
        "content-security-policy": _NO_SCRIPT + (f"; frame-src{frames}" if frames else ""),
        "x-content-type-options": "nosniff",
        "referrer-policy": "no-referrer",
    }


def plain(status: int, text: str, headers: Mapping[str, str] | None = None) -> PlainTextResponse:
    """A short answer in plain text that nobody keeps."""
    return PlainTextResponse(
        text + "\n",
        status,
        headers={"cache-control": "no-store", **security_headers(), **(headers or {})},
    )


def page(status: int, html: bytes) -> HTMLResponse:
    """The same for people: a page, which nobody keeps either."""
    return HTMLResponse(html, status, headers={"cache-control": "no-store", **security_headers()})


def is_for_people(scope: Scope) -> bool:
    """Whether who asks would rather have a page than a line."""
    return "text/html" in Headers(scope=scope).get("accept", "")


def not_found() -> PlainTextResponse:
    """404, for whatever is not published and for every address that is not well formed."""
    return plain(404, "There is nothing at this address.")


def method_not_allowed() -> PlainTextResponse:
    """405: everything here is only read."""
    return plain(
        405, "Only GET and HEAD are answered here.", {"allow": "GET, HEAD", "connection": "close"}
    )
