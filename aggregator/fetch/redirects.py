"""What to ask next when an answer points elsewhere (RFC 9110 §15.4); opens nothing by itself."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from urllib.parse import SplitResult, unquote, urljoin, urlsplit, urlunsplit

from requests import PreparedRequest
from requests import Request as RequestsRequest
from requests.exceptions import RequestException

from aggregator.errors import FetchError, FetchReason
from aggregator.model.pages import Request

LONGEST_URL = 8000
"""What RFC 9110 §4.1 asks everyone to support."""

_PERMANENT = (301, 308)
_FOLLOWED = (301, 302, 303, 307, 308)
_KEEPS_METHOD = (307, 308)
_DEFAULT_PORTS = {"http": 80, "https": 443}
# What a stranger may be told as well; anything else that a source is asked with can be a secret.
_FOR_EVERYONE = ("accept", "accept-language", "if-none-match", "if-modified-since")


@dataclass(frozen=True)
class Hop:
    """One request of an exchange. `url` has no user, password or fragment any more.

    `permanent` says that every one of the `redirects` on the way here was for good; `home_port` is
    the port of the address that the exchange began with.
    """

    url: str
    method: str
    headers: Mapping[str, str]
    body: bytes
    home_port: int
    permanent: bool = True
    redirects: int = 0


def is_redirect(status: int, location: str) -> bool:
    """Whether an answer asks us to look elsewhere."""
    return status in _FOLLOWED and bool(location)


def first_hop(request: Request, conditions: Mapping[str, str]) -> Hop:
    """Begin an exchange, with the headers of a conditional request where it is one.

    A user and password in the address become an Authorization header.

    Raises:
        FetchError: the address is none that can be asked.
    """
    url = _checked(request.url)
    headers = {**request.headers, **conditions}
    parts = urlsplit(url)
    if parts.username is not None:
        credentials = (unquote(parts.username), unquote(parts.password or ""))
        headers |= _basic(credentials)
    return Hop(_bare(parts), request.method, headers, request.body, _port(parts))


def next_hop(hop: Hop, status: int, location: str) -> Hop:
    """Follow a redirect.

    Another origin gets none of the headers that may hold secrets. From https to http is followed,
    because careless servers do it on the way back to https, but counts as another origin and
    never as permanent.

    Raises:
        FetchError: it leads where we do not go.
    """
    url = _bare(urlsplit(_checked(_readable(location), hop.url)))
    here, there = urlsplit(hop.url), urlsplit(url)
    if _port(there) not in (80, 443, hop.home_port):
        raise FetchError(
            FetchReason.BLOCKED_ADDRESS, f"a redirect to port {_port(there)} is not followed"
        )
    weaker = here.scheme == "https" and there.scheme == "http"
    permanent = hop.permanent and status in _PERMANENT and not weaker
    hop = replace(hop, url=url, permanent=permanent, redirects=hop.redirects + 1)
    if not _same_origin(here, there):
        hop = replace(hop, headers=_without_secrets(hop.headers))
    if status in _KEEPS_METHOD or hop.method in ("GET", "HEAD"):
        return hop
    about_body = ("content-type", "content-length", "content-encoding")
    kept = {name: value for name, value in hop.headers.items() if name.lower() not in about_body}
    return replace(hop, method="GET", body=b"", headers=kept)


def _readable(location: str) -> str:
    """A Location as it was meant: UTF-8 that HTTP handed on as Latin-1, with bare spaces."""
    text = location.encode("latin-1", "replace").decode("utf-8", "replace")
    return text.strip().replace(" ", "%20")


def _checked(url: str, base: str = "") -> str:
    """The address as it goes over the wire; refuses what is none."""
    try:
        url = urljoin(base, url)
        if len(url) > LONGEST_URL:
            raise FetchError(FetchReason.BAD_URL, f"longer than {LONGEST_URL} characters")
        parts = urlsplit(url)
        if parts.scheme not in _DEFAULT_PORTS:
            raise FetchError(FetchReason.BAD_URL, "only http and https addresses are fetched")
        if not parts.hostname or " " in url or not url.isprintable():
            raise FetchError(FetchReason.BAD_URL, "the address names no host, or holds a blank")
        request = PreparedRequest()
        request.prepare_url(url, None)
        prepared = request.url or ""
        _port(urlsplit(prepared))
    except (RequestException, ValueError) as error:
        raise FetchError(FetchReason.BAD_URL, "the address cannot be read") from error
    return prepared


def _basic(credentials: tuple[str, str]) -> dict[str, str]:
    prepared = RequestsRequest("GET", "http://host.invalid/", auth=credentials).prepare()
    return {"Authorization": prepared.headers["Authorization"]}


def _bare(parts: SplitResult) -> str:
    """The address without user, password and fragment."""
    host = parts.netloc.rpartition("@")[2]
    return urlunsplit((parts.scheme, host, parts.path or "/", parts.query, ""))


def _port(parts: SplitResult) -> int:
    return parts.port or _DEFAULT_PORTS[parts.scheme]


def _same_origin(here: SplitResult, there: SplitResult) -> bool:
    """The same scheme, host and port; or the same host one step up, from plain http to https."""
    if here.hostname != there.hostname:
        return False
    ways = (here.scheme, _port(here)), (there.scheme, _port(there))
    return ways[0] == ways[1] or ways == (("http", 80), ("https", 443))


def _without_secrets(headers: Mapping[str, str]) -> dict[str, str]:
    return {name: value for name, value in headers.items() if name.lower() in _FOR_EVERYONE}
