"""A document held in memory in every coding, which answers conditional requests by itself.

Preparing costs (hash, gzip, br, headers) and belongs into a thread; choosing a prepared reply is
what a request costs. Where a document comes from is the business of `files` and `articles`.
"""

from __future__ import annotations

import hashlib
import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import format_datetime
from http import HTTPStatus

from starlette.types import ASGIApp, Receive, Scope, Send

from aggregator.web.answers import RawHeaders, plain
from aggregator.web.conditions import FIELDS, evaluate
from aggregator.web.encodings import CODECS, IDENTITY, choose
from aggregator.web.media_types import PLAIN_XML, is_feed, prefers_plain_xml

CACHE_CONTROL = "public, max-age=60, must-revalidate"

_OK, _NOT_MODIFIED = HTTPStatus.OK, HTTPStatus.NOT_MODIFIED
_READ = FIELDS | {b"accept", b"accept-encoding"}


@dataclass(frozen=True, slots=True)
class Reply:
    """An answer that is ready to be sent; an ASGI application.

    `head` are its first line and its headers as they go over the wire, without the empty line after
    them and without what the server adds to every answer.
    """

    status: int
    headers: RawHeaders
    head: bytes
    body: bytes

    async def __call__(self, _scope: Scope, _receive: Receive, send: Send) -> None:
        """Send it."""
        await send({"type": "http.response.start", "status": self.status, "headers": self.headers})
        await send({"type": "http.response.body", "body": self.body})


@dataclass(frozen=True, slots=True)
class Variant:
    """The document in one coding: its own strong tag, and the replies about it.

    `as_xml` is for clients that would rather have a feed as plain XML.
    """

    etag: bytes
    whole: Reply
    as_xml: Reply
    unchanged: Reply


@dataclass(frozen=True, slots=True)
class Document:
    """All variants of one document; an ASGI application for GET and HEAD."""

    variants: Mapping[str, Variant]
    modified: datetime | None

    @property
    def size(self) -> int:
        """Bytes that all variants hold."""
        return sum(len(variant.whole.body) for variant in self.variants.values())

    def reply(self, headers: RawHeaders) -> Reply | None:
        """200 or 304 to a request with these headers; None where it refuses what there is."""
        fields = _fields(headers)
        coding = choose(fields.get(b"accept-encoding", b""))
        if coding is None:
            return None
        variant = self.variants[coding]
        status = evaluate(fields, variant.etag, self.modified)
        if status == _NOT_MODIFIED:
            return variant.unchanged
        if status != _OK:
            return None
        return variant.as_xml if prefers_plain_xml(fields.get(b"accept", b"")) else variant.whole

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer 200, 304, 406 or 412."""
        headers = scope["headers"]
        await (self.reply(headers) or _refusal(headers))(scope, receive, send)


def _refusal(headers: RawHeaders) -> ASGIApp:
    """Says what of a request cannot be met."""
    if choose(_fields(headers).get(b"accept-encoding", b"")) is None:
        return plain(406, "This is sent as gzip, br or unencoded; the request refuses all.")
    return plain(412, "The document is not in the state that the request asks for.")


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
    return Variant(
        etag.encode(),
        _reply(_OK, whole, body),
        _reply(_OK, as_xml, body),
        _reply(_NOT_MODIFIED, repeated),
    )


def _reply(status: HTTPStatus, headers: Mapping[str, str], body: bytes = b"") -> Reply:
    raw = [(name.encode("ascii"), value.encode("latin-1")) for name, value in headers.items()]
    lines = [f"HTTP/1.1 {status} {status.phrase}".encode(), *map(b": ".join, raw), b""]
    return Reply(status, raw, b"\r\n".join(lines), body)


def _fields(headers: RawHeaders) -> dict[bytes, bytes]:
    """The request fields that matter; several lines of one name are one list."""
    fields: dict[bytes, bytes] = {}
    for name, value in headers:
        if name in _READ:
            fields[name] = fields[name] + b", " + value if name in fields else value
    return fields
