"""What the kinds that ask an address share: the keys `url` and `headers`, and the request.

Does not fetch, and does not judge where an address leads: `fetch` guards that at each connection.
"""

from __future__ import annotations

import re
from typing import Annotated
from urllib.parse import urlsplit

from pydantic import AfterValidator, Field

from aggregator.model.pages import Request
from aggregator.model.settings import SourceSpec

_HEADER_NAME = re.compile(r"[A-Za-z0-9!#$%&'*+.^_`|~-]+")
_CONTROL = re.compile(r"[\x00-\x08\x0a-\x1f\x7f]")
_SPACE_OR_CONTROL = re.compile(r"[\x00-\x20\x7f]")


def check_url(value: str) -> str:
    """Give an http(s) address back as it is.

    Raises:
        ValueError: it has another scheme, no host, a port that is none, or a space in it.
    """
    if _SPACE_OR_CONTROL.search(value):
        raise ValueError("an address holds no spaces or control characters; write a space as %20")
    try:
        parts = urlsplit(value)
        host, _port = parts.hostname, parts.port
    except ValueError as error:
        raise ValueError(f"this is not an address: {error}") from None
    if parts.scheme.lower() not in {"http", "https"} or not host:
        raise ValueError("write a whole address that begins with https:// or http://")
    return value


def check_headers(value: dict[str, str]) -> dict[str, str]:
    """Give request headers back as they are (RFC 9110 §5).

    Raises:
        ValueError: a name is not a header name, or a value holds a control character.
    """
    for name, text in value.items():
        if not _HEADER_NAME.fullmatch(name):
            raise ValueError(f"{name!r} is not the name of a header; write it like Referer")
        if _CONTROL.search(text):
            raise ValueError(f"the value of {name} holds a line break or a control character")
    return value


Address = Annotated[str, AfterValidator(check_url)]
Headers = Annotated[dict[str, str], AfterValidator(check_headers)]


class AddressSpec(SourceSpec):
    """A source behind one http(s) address."""

    url: Address = Field(description="Address to read: https://example.org/feed.xml.")
    headers: Headers = Field(
        default_factory=dict,
        description='Request headers of this source: {Referer: "https://example.org/"}.',
    )

    def request(self) -> Request:
        """The exchange that reads this source."""
        return Request(url=self.url, headers=dict(self.headers))
