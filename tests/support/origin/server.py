"""The server itself: a thread for each connection, requests off the wire, behaviours as answers."""

from __future__ import annotations

import contextlib
import socket
import ssl
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import BinaryIO, Self

from tests.support.origin.good import Served
from tests.support.origin.wire import Behaviour, Seen, Wire

_LONGEST_HEAD = 256 * 1024


@dataclass
class Origin:
    """A threaded server; every path answers 404 until it is told otherwise.

    `requests` lists what was asked, in order of arrival; `connections` counts accepted ones.
    With `tls` it speaks HTTPS; `address` is where it listens, one of this machine's own.
    """

    tls: ssl.SSLContext | None = None
    address: str = "127.0.0.1"
    requests: list[Seen] = field(default_factory=list, repr=False)
    connections: int = 0
    _behaviours: dict[str, Behaviour] = field(default_factory=dict, repr=False)
    _open: set[socket.socket] = field(default_factory=set, repr=False)
    _threads: list[threading.Thread] = field(default_factory=list, repr=False)
    _lock: threading.Lock = field(default_factory=threading.Lock, repr=False)
    _closing: threading.Event = field(default_factory=threading.Event, repr=False)

    def __enter__(self) -> Self:
        """Listen, on a port that the system chooses."""
        self._listener = socket.create_server((self.address, 0), backlog=512)
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
        return self.behave(path, Served(data, status, merged, gzip, etag, last_modified))

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
        missing = Served(b"", 404, {}, gzip=False)
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
