r"""A web server for tests that can also misbehave: real sockets, 127.0.0.1, a port of its own.

Plain use, with conditional answers and keep-alive as a good server gives them::

    with Origin() as origin:
        origin.serve("/feed.xml", b"<rss/>", content_type="application/rss+xml", etag='"1"')
        ... fetch origin.url("/feed.xml") ...
        assert origin.requests[0].headers["user-agent"] == "..."

Faults are behaviours, functions that write bytes to the wire; a few small ones make most::

    origin.behave("/slow", drip(b"HTTP/1.1 200 OK\r\n", every=0.05))
    origin.behave("/cut", send(head(200, length=100) + b"only this"))

A pause ends as soon as the origin is closed, so that no test waits for a server. `Canary` is a
listener that nobody may reach: it only counts who knocks.
"""

from __future__ import annotations

import contextlib
import gzip as gzip_format
import socket
import ssl
import struct
import threading
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from email.utils import format_datetime, parsedate_to_datetime
from http.client import responses
from typing import BinaryIO, Self

_LONGEST_HEAD = 256 * 1024


@dataclass(frozen=True)
class Seen:
    """One request as it arrived; header names are lower case."""

    method: str
    path: str
    headers: Mapping[str, str]
    body: bytes = b""


class Wire:
    """The open connection, as behaviours write to it. `sent` counts bytes written so far."""

    def __init__(self, sock: socket.socket, closing: threading.Event) -> None:
        self.sock = sock
        self.sent = 0
        self.keep_alive = False
        self._closing = closing

    @property
    def is_over(self) -> bool:
        """The origin is being closed: stop writing."""
        return self._closing.is_set()

    def write(self, data: bytes) -> None:
        """Send all of it."""
        self.sock.sendall(data)
        self.sent += len(data)

    def pause(self, seconds: float) -> None:
        """Wait, but not longer than the origin lives."""
        self._closing.wait(seconds)

    def reset(self) -> None:
        """End the connection with RST instead of FIN."""
        self.sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.sock.close()


Behaviour = Callable[[Wire, Seen], None]


def head(
    status: int = 200,
    headers: Mapping[str, str] | Iterable[tuple[str, str]] = (),
    *,
    length: int | None = None,
) -> bytes:
    """A status line and headers, ended by the empty line; `length` is what Content-Length says."""
    pairs = list(headers.items() if isinstance(headers, Mapping) else headers)
    if length is not None:
        pairs.append(("Content-Length", str(length)))
    lines = [f"HTTP/1.1 {status} {responses.get(status, 'Unknown')}"]
    lines += [f"{name}: {value}" for name, value in pairs]
    return ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1")


def chunks(*parts: bytes, end: bytes = b"0\r\n\r\n") -> bytes:
    """A chunked body (RFC 9112 §7.1); with `end=b""` one that is cut."""
    return b"".join(b"%x\r\n%s\r\n" % (len(part), part) for part in parts) + end


def bomb(size: int) -> bytes:
    """A small gzip stream that unpacks to `size` zero bytes."""
    return gzip_format.compress(b"\0" * size, mtime=0)


def send(data: bytes, *after: Behaviour) -> Behaviour:
    """Write these bytes, then do what follows; the connection closes at the end."""

    def behave(wire: Wire, seen: Seen) -> None:
        wire.write(data)
        for behaviour in after:
            behaviour(wire, seen)

    return behave


def reset(wire: Wire, _seen: Seen) -> None:
    """Break the connection off with a RST."""
    wire.reset()


def hang(wire: Wire, _seen: Seen) -> None:
    """Say nothing more, and keep the connection open."""
    while not wire.is_over:
        wire.pause(60)


def drip(data: bytes, every: float) -> Behaviour:
    """Write one byte at a time, over and over, `every` so many seconds."""

    def behave(wire: Wire, _seen: Seen) -> None:
        position = 0
        while not wire.is_over:
            wire.write(data[position : position + 1])
            position = (position + 1) % len(data)
            wire.pause(every)

    return behave


def endless(block: bytes) -> Behaviour:
    """Write the same block for ever."""

    def behave(wire: Wire, _seen: Seen) -> None:
        while not wire.is_over:
            wire.write(block)

    return behave


def redirect(
    location: str, status: int = 302, *, body: bytes = b"", headers: Mapping[str, str] | None = None
) -> Behaviour:
    """Point elsewhere; the answer may carry a body, as a bomb does."""
    whole = {"Location": location, **(headers or {})}
    return send(head(status, whole, length=len(body)) + body)


@dataclass
class _Served:
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


@dataclass
class Origin:
    """A threaded server; every path answers 404 until it is told otherwise.

    `requests` lists what was asked, in order of arrival; `connections` counts accepted ones.
    With `tls` it speaks HTTPS.
    """

    tls: ssl.SSLContext | None = None
    requests: list[Seen] = field(default_factory=list, repr=False)
    connections: int = 0
    _behaviours: dict[str, Behaviour] = field(default_factory=dict, repr=False)
    _open: set[socket.socket] = field(default_factory=set, repr=False)
    _threads: list[threading.Thread] = field(default_factory=list, repr=False)
    _lock: threading.Lock = field(default_factory=threading.Lock, repr=False)
    _closing: threading.Event = field(default_factory=threading.Event, repr=False)

    def __enter__(self) -> Self:
        """Listen, on a port that the system chooses."""
        self._listener = socket.create_server(("127.0.0.1", 0), backlog=512)
        self.host, self.port = self._listener.getsockname()[:2]
        self._start(self._accept)
        return self

    def __exit__(self, *_: object) -> None:
        """Stop listening, end every connection, and wait for the threads."""
        self._closing.set()
        with contextlib.suppress(OSError):
            self._listener.shutdown(socket.SHUT_RDWR)
        self._listener.close()
        with self._lock:
            for sock in self._open:
                with contextlib.suppress(OSError):
                    sock.shutdown(socket.SHUT_RDWR)
        for thread in self._threads:
            thread.join(10)

    @property
    def netloc(self) -> str:
        """`host:port`."""
        return f"{self.host}:{self.port}"

    def url(self, path: str = "/", *, host: str = "") -> str:
        """The address of a path; `host` is another name for this machine."""
        scheme = "https" if self.tls else "http"
        return f"{scheme}://{host or self.host}:{self.port}{path}"

    def serve(
        self,
        path: str,
        body: bytes | str = b"",
        *,
        content_type: str = "text/xml; charset=utf-8",
        etag: str = "",
        last_modified: datetime | None = None,
        status: int = 200,
        headers: Mapping[str, str] | None = None,
        gzip: bool = False,
    ) -> str:
        """Answer a path as a good server does, and give its address.

        With `etag` or `last_modified` a conditional request gets its 304. `gzip` compresses for
        clients that take it.
        """
        data = body.encode() if isinstance(body, str) else body
        merged = {"Content-Type": content_type, **(headers or {})}
        return self.behave(path, _Served(data, status, merged, gzip, etag, last_modified))

    def behave(self, path: str, *behaviours: Behaviour) -> str:
        """Answer a path by behaviours: one for each request in turn, the last one for ever."""
        turns = list(behaviours)

        def behave(wire: Wire, seen: Seen) -> None:
            with self._lock:
                turn = turns.pop(0) if len(turns) > 1 else turns[0]
            turn(wire, seen)

        self._behaviours[path] = behave
        return self.url(path)

    def asked(self, path: str) -> list[Seen]:
        """The requests for one path so far."""
        with self._lock:
            return [seen for seen in self.requests if seen.path == path]

    def _start(self, work: Callable[..., None], *arguments: object) -> None:
        thread = threading.Thread(target=work, args=arguments, daemon=True)
        self._threads.append(thread)
        thread.start()

    def _accept(self) -> None:
        while not self._closing.is_set():
            try:
                sock, _ = self._listener.accept()
            except OSError:
                return
            with self._lock:
                self.connections += 1
                self._open.add(sock)
            self._start(self._talk, sock)

    def _talk(self, plain: socket.socket) -> None:
        """Serve one connection until either side has enough."""
        sock = plain
        try:
            if self.tls:
                sock = self.tls.wrap_socket(plain, server_side=True)
                with self._lock:
                    self._open.add(sock)
            with sock.makefile("rb") as lines:
                while (seen := _read_request(lines)) and self._answer(sock, seen):
                    pass
        except (OSError, ValueError):
            pass  # the client left, or does not trust us: what the test is about
        finally:
            with self._lock:
                self._open -= {sock, plain}
            sock.close()
            plain.close()

    def _answer(self, sock: socket.socket, seen: Seen) -> bool:
        """Answer one request; say whether the connection stays open."""
        with self._lock:
            self.requests.append(seen)
        bare = seen.path.partition("?")[0]
        missing = _Served(b"", 404, {}, gzip=False)
        behaviour = self._behaviours.get(seen.path) or self._behaviours.get(bare) or missing
        wire = Wire(sock, self._closing)
        behaviour(wire, seen)
        return wire.keep_alive and not wire.is_over


def _read_request(lines: BinaryIO) -> Seen | None:
    """One request off the wire; None when the client is done."""
    first = lines.readline(_LONGEST_HEAD).decode("latin-1").split()
    if len(first) != 3:
        return None
    headers: dict[str, str] = {}
    while line := lines.readline(_LONGEST_HEAD).decode("latin-1").strip():
        name, _, value = line.partition(":")
        headers[name.strip().lower()] = value.strip()
    body = lines.read(int(headers.get("content-length", 0)))
    return Seen(first[0], first[1], headers, body)


class Canary:
    """A listener that stands where nothing of ours may ever connect."""

    def __init__(self, host: str = "127.0.0.1") -> None:
        self._listener = socket.create_server((host, 0))
        self._listener.setblocking(False)
        self.port: int = self._listener.getsockname()[1]
        self._knocks = 0

    def __enter__(self) -> Self:
        """Stand there from the start; nothing to open."""
        return self

    def __exit__(self, *_: object) -> None:
        """Stop listening."""
        self._listener.close()

    @property
    def knocks(self) -> int:
        """How many connections came, also those that were given up again."""
        with contextlib.suppress(BlockingIOError):
            while True:
                self._listener.accept()[0].close()
                self._knocks += 1
        return self._knocks
