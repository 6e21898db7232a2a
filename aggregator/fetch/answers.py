"""Reads one HTTP answer within limits: what it says about itself, and its body.

The limits: 64 KiB of headers, two content encodings, and a cap on the bytes after decompression.
What goes wrong is a `FetchError`; what the bytes mean is for others.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import datetime
from http import HTTPStatus
from http.client import responses

from requests import Response

from aggregator.errors import FetchError, FetchReason
from aggregator.fetch.encodings import ACCEPTED, BLOCK, DECODERS, decode
from aggregator.fetch.freshness import http_date

MOST_HEADER_BYTES = 64 * 1024
MOST_ENCODINGS = 2
LONGEST_WAIT = 24 * 3600.0
"""Seconds that an origin can make us wait, whatever it asks for."""

_KEPT = (
    "age",
    "cache-control",
    "content-language",
    "content-location",
    "content-type",
    "date",
    "etag",
    "expires",
    "last-modified",
    "link",
    "retry-after",
)
_REASONS: Mapping[int, FetchReason] = {
    HTTPStatus.PARTIAL_CONTENT: FetchReason.BAD_RESPONSE,
    HTTPStatus.NOT_MODIFIED: FetchReason.BAD_RESPONSE,
    HTTPStatus.GONE: FetchReason.GONE,
    HTTPStatus.TOO_MANY_REQUESTS: FetchReason.RATE_LIMITED,
}
"""Partial and not modified are answers to questions that were not asked."""

_FOLDED = re.compile(r"\r?\n[ \t]+")
_CONTROL = re.compile(r"[\x00-\x08\x0a-\x1f\x7f]")


def checked_headers(response: Response) -> Mapping[str, str]:
    """The headers that matter, by lower-case name.

    Raises:
        FetchError: the headers are too long, or hold control characters.
    """
    size = sum(len(name) + len(value) + 4 for name, value in response.headers.items())
    if size > MOST_HEADER_BYTES:
        raise _bad(response, f"sent more than {MOST_HEADER_BYTES} bytes of headers")
    headers = {n.lower(): _FOLDED.sub(" ", v).strip() for n, v in response.headers.items()}
    if any(_CONTROL.search(name + value) for name, value in headers.items()):
        raise _bad(response, "sent a header with control characters")
    return {name: headers[name] for name in _KEPT if name in headers}


def read_body(response: Response, max_bytes: int) -> bytes:
    """The whole body, decompressed.

    Never holds more than one block above the cap, however small the compressed form is; an error
    of the connection goes up as it is.

    Raises:
        FetchError: it is larger than `max_bytes`, or compressed in a way that we did not ask for.
    """
    raw = _capped(iter(lambda: response.raw.read1(BLOCK, decode_content=False), b""), max_bytes)
    return b"".join(_capped(decode(raw, _encodings(response)), max_bytes))


def _capped(blocks: Iterator[bytes], max_bytes: int) -> Iterator[bytes]:
    """The same blocks, but no more than so many bytes."""
    size = 0
    for block in blocks:
        size += len(block)
        if size > max_bytes:
            raise FetchError(
                FetchReason.TOO_LARGE,
                f"the answer is larger than {max_bytes} bytes; fetch.max_bytes sets the limit",
            )
        yield block


def _encodings(response: Response) -> list[str]:
    """The content encodings of an answer, in the order they were applied."""
    header = response.headers.get("content-encoding", "").lower()
    encodings = [word for word in re.split(r"[\s,]+", header) if word not in ("", "identity")]
    if len(encodings) > MOST_ENCODINGS:
        raise _bad(response, f"compressed its answer more than {MOST_ENCODINGS} times")
    if not set(encodings) <= set(DECODERS):
        raise _bad(response, f"compressed its answer, though asked for {ACCEPTED} only")
    return encodings


def raise_for_status(status: int, headers: Mapping[str, str], now: datetime) -> None:
    """Refuse an answer that is no document.

    Raises:
        FetchError: with the status, and with the wait that was asked for.
    """
    if status in range(200, 300) and status != HTTPStatus.PARTIAL_CONTENT:
        return
    raise FetchError(
        _REASONS.get(status, FetchReason.HTTP_ERROR),
        f"the answer was {status} {responses.get(status, '')}".rstrip(),
        status=status,
        retry_after=parse_retry_after(headers.get("retry-after", ""), now, headers.get("date", "")),
    )


def parse_retry_after(text: str, now: datetime, date: str = "") -> float | None:
    """Seconds to wait, at most a day; None where nothing readable was asked (RFC 9110 §10.2.3).

    `date` is the `Date` of the answer: a moment is meant by the origin's clock, whatever ours says.
    """
    if re.fullmatch(r"[0-9]{1,20}", text):
        return min(float(text), LONGEST_WAIT)
    moment = http_date(text)
    if moment is None:
        return None
    return min(max((moment - (http_date(date) or now)).total_seconds(), 0.0), LONGEST_WAIT)


def _bad(response: Response, what: str) -> FetchError:
    return FetchError(FetchReason.BAD_RESPONSE, f"the server {what}", status=response.status_code)
