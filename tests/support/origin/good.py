"""A document as a good server gives it out: conditional requests, HEAD and gzip (RFC 9110)."""

from __future__ import annotations

import gzip as gzip_format
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from email.utils import format_datetime, parsedate_to_datetime

from tests.support.origin.behaviours import head
from tests.support.origin.wire import Seen, Wire


@dataclass
class Served:
    """What `Origin.serve` was told; answers conditional requests by itself (RFC 9110 §13)."""

    body: bytes
    status: int
    headers: dict[str, str]
    gzip: bool
    etag: str = ""
    last_modified: datetime | None = None

    def __call__(self, wire: Wire, seen: Seen) -> None:
        headers, body = dict(self.headers), self.body
        if self.etag:
            headers["ETag"] = self.etag
        if self.last_modified:
            headers["Last-Modified"] = format_datetime(self.last_modified, usegmt=True)
        wire.keep_alive = seen.headers.get("connection", "").lower() != "close"
        if self._is_fresh(seen.headers):
            wire.write(head(304, headers))
            return
        if self.gzip and "gzip" in seen.headers.get("accept-encoding", ""):
            headers["Content-Encoding"] = "gzip"
            body = gzip_format.compress(body, mtime=0)
        answer = head(self.status, headers, length=len(body))
        wire.write(answer if seen.method == "HEAD" else answer + body)

    def _is_fresh(self, headers: Mapping[str, str]) -> bool:
        if "if-none-match" in headers:
            return bool(self.etag) and self.etag in headers["if-none-match"]
        since = headers.get("if-modified-since")
        if since is None or self.last_modified is None:
            return False
        return self.last_modified.replace(microsecond=0) <= parsedate_to_datetime(since)
