"""A document held in memory in every coding, which answers conditional requests by itself.

Preparing costs (hash, gzip, br) and belongs into a thread; answering is what a request costs.
Where a document comes from is the business of `files` and `articles`.
"""

from __future__ import annotations

import hashlib
import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import format_datetime

from starlette.types import Receive, Scope, Send

from aggregator.web.answers import RawHeaders, plain
from aggregator.web.conditions import FIELDS, evaluate
from aggregator.web.encodings import CODECS, IDENTITY, choose
from aggregator.web.media_types import PLAIN_XML, is_feed, prefers_plain_xml

CACHE_CONTROL = "public, max-age=60, must-revalidate"

_READ = FIELDS | {b"accept", b"accept-encoding"}


@dataclass(frozen=True, slots=True)
class Variant:
    """The document in one coding: its bytes, its own strong tag, and the headers to send.

    `headers_xml` are for clients that would rather have a feed as plain XML.
    """

    etag: bytes
    body: bytes
    headers: RawHeaders
    headers_xml: RawHeaders
    headers_304: RawHeaders


@dataclass(frozen=True, slots=True)
class Document:
    """All variants of one document; an ASGI application for GET and HEAD."""

    variants: Mapping[str, Variant]
    modified: datetime | None

    @property
    def size(self) -> int:
        """Bytes that all variants hold."""
        return sum(len(variant.body) for variant in self.variants.values())

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer 200, 304, 406 or 412."""
        fields = _fields(scope)
        coding = choose(fields.get(b"accept-encoding", b""))
        if coding is None:
            answer = plain(406, "This is sent as gzip, br or unencoded; the request refuses all.")
            return await answer(scope, receive, send)
        variant = self.variants[coding]
        status = evaluate(fields, variant.etag, self.modified)
        if status == 200:  # noqa: PLR2004 - a status is its own name
            as_xml = prefers_plain_xml(fields.get(b"accept", b""))
            headers, body = variant.headers_xml if as_xml else variant.headers, variant.body
        elif status == 304:  # noqa: PLR2004
            headers, body = variant.headers_304, b""
        else:
            answer = plain(status, "The document is not in the state that the request asks for.")
            return await answer(scope, receive, send)
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send({"type": "http.response.body", "body": body})
        return None


def prepare(body: bytes, headers: Mapping[str, str], modified_at: float | None = None) -> Document:
    """Encode, hash and write the headers of a document once, for all the requests to come.

    `headers` are the content type and whatever else the document is always sent with;
    `modified_at` is in seconds since 1970, and no later than now in what is told (RFC 9110 §8.8.2).
    """
    modified = None
    chosen_by = "Accept, Accept-Encoding" if is_feed(headers["content-type"]) else "Accept-Encoding"
    always = {**headers, "vary": chosen_by}
    if modified_at is not None:
        modified = datetime.fromtimestamp(int(min(modified_at, time.time())), UTC)
        always["last-modified"] = format_datetime(modified, usegmt=True)
    tag = hashlib.sha256(body).hexdigest()[:32]
    bodies = {IDENTITY: body} | {coding: encode(body) for coding, encode in CODECS.items()}
    variants = {
        coding: _variant(coding, encoded, tag, always) for coding, encoded in bodies.items()
    }
    return Document(variants, modified)


def _variant(coding: str, body: bytes, tag: str, always: Mapping[str, str]) -> Variant:
    etag = f'"{tag}-{coding}"'
    repeated = {**always, "etag": etag}
    whole = {**repeated, "content-length": str(len(body))}
    if coding != IDENTITY:
        whole["content-encoding"] = coding
    as_xml = {**whole, "content-type": PLAIN_XML} if is_feed(whole["content-type"]) else whole
    # A 304 describes no content: type and length of what is not sent stay away (RFC 9110 §15.4.5).
    repeated.pop("content-type", None)
    return Variant(etag.encode(), body, _raw(whole), _raw(as_xml), _raw(repeated))


def _raw(headers: Mapping[str, str]) -> RawHeaders:
    return [(name.encode("ascii"), value.encode("latin-1")) for name, value in headers.items()]


def _fields(scope: Scope) -> dict[bytes, bytes]:
    """The request fields that matter; several lines of one name are one list."""
    fields: dict[bytes, bytes] = {}
    for name, value in scope["headers"]:
        if name in _READ:
            fields[name] = fields[name] + b", " + value if name in fields else value
    return fields
