"""What one HTTP connection may cost us: uvicorn's protocol with three guards that it lacks.

uvicorn counts idle time only between requests, bounds no head when httptools reads it, and waits
for ever for a reader that does not read. Speaking HTTP stays its business.
"""

from __future__ import annotations

import asyncio
import socket
import struct

from aggregator.web.answers import security_headers
from aggregator.web.prompt import PromptProtocol
from aggregator.web.websub import MOST_BYTES

_NO_LINGER = struct.pack("ii", 1, 0)


class GuardedProtocol(PromptProtocol):
    """One connection. The limits are attributes of the class, so that a subclass can set others.

    `head_bytes` bounds what may come up to the end of a request's head, the body of the request
    before it included; only a request that begins with `body_start` may have a body, of
    `body_bytes`. `head_seconds` is the time for a head once it
    has begun, or the connection was made. A client that takes less than `drain_bytes` in
    `drain_seconds` while there is more for it is cut.
    """

    head_bytes = 64 * 1024
    body_start = ("POST", "/websub/")
    body_bytes = MOST_BYTES + 64 * 1024
    head_seconds = 20.0
    drain_bytes = 64 * 1024
    drain_seconds = 60.0
    linger_seconds = 2.0

    _received = 0
    _refused = False
    _undrained = 0
    _head_timer: asyncio.TimerHandle | None = None
    _drain_timer: asyncio.TimerHandle | None = None

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]  # as uvicorn types it
        """Begin to wait for the first head."""
        super().connection_made(transport)
        self._expect_head()

    def data_received(self, data: bytes) -> None:
        """Hand bytes on, unless they are too many for a request."""
        if self._begins_with_body(data):
            # So that the head is known, and with it how much may come, before the rest counts.
            self.data_received(data[: self.head_bytes])
            data = data[self.head_bytes :]
        if self._refused:
            return
        self._received += len(data)
        if self._received > (self.body_bytes if self._takes_body() else self.head_bytes):
            self._refuse()
            return
        heads = self.heads
        super().data_received(data)
        if self.heads == heads:
            self._expect_head()
        else:
            self._received = 0
            self._end_head_timer()

    def _begins_with_body(self, data: bytes) -> bool:
        """Whether a request that may have a body begins here, and much of that came with it."""
        if self._received or len(data) <= self.head_bytes:
            return False
        return data.startswith(" ".join(self.body_start).encode())

    def _takes_body(self) -> bool:
        """Whether what comes now is the body of a request that may have one."""
        if self.cycle is None or self.cycle.response_complete:
            return False
        method, path = self.body_start
        scope = self.cycle.scope
        return scope["method"] == method and str(scope["path"]).startswith(path)

    def pause_writing(self) -> None:
        """The client is slower than we are: begin to watch it."""
        super().pause_writing()
        self._watch_drain()

    def resume_writing(self) -> None:
        """The client caught up."""
        super().resume_writing()
        self._end_drain_timer()

    def timeout_keep_alive_handler(self) -> None:
        """Close an idle connection; what it has not taken by then, it has some time to take."""
        super().timeout_keep_alive_handler()
        self.loop.call_later(self.drain_seconds, self.transport.abort)

    def connection_lost(self, exc: Exception | None) -> None:
        """Stop every clock."""
        self._end_head_timer()
        self._end_drain_timer()
        super().connection_lost(exc)

    def _expect_head(self) -> None:
        if self._head_timer is None:
            self._head_timer = self.loop.call_later(self.head_seconds, self.transport.abort)

    def _end_head_timer(self) -> None:
        if self._head_timer is not None:
            self._head_timer.cancel()
            self._head_timer = None

    def _end_drain_timer(self) -> None:
        if self._drain_timer is not None:
            self._drain_timer.cancel()
            self._drain_timer = None

    def _watch_drain(self) -> None:
        self._undrained = self.transport.get_write_buffer_size()
        self._drain_timer = self.loop.call_later(self.drain_seconds, self._judge_drain)

    def _judge_drain(self) -> None:
        if self._undrained - self.transport.get_write_buffer_size() < self.drain_bytes:
            self._reset()
        else:
            self._watch_drain()

    def _reset(self) -> None:
        """End the connection for good: the kernel, too, forgets what was not taken."""
        connection = self.transport.get_extra_info("socket")
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _NO_LINGER)
        self.transport.abort()

    def _refuse(self) -> None:
        """Say 431, and read on a little: closing over unread bytes would take the answer back."""
        self._refused = True
        if self.cycle is None or self.cycle.response_complete:
            self.transport.write(_TOO_LARGE)
        self.transport.write_eof()
        self.loop.call_later(self.linger_seconds, self.transport.abort)


def _too_large() -> bytes:
    body = "The request is too large.\n"
    headers = {
        "content-type": "text/plain; charset=utf-8",
        "content-length": str(len(body)),
        "cache-control": "no-store",
        **security_headers(),
        "connection": "close",
    }
    lines = [f"{name}: {value}\r\n" for name, value in headers.items()]
    return f"HTTP/1.1 431 Request Header Fields Too Large\r\n{''.join(lines)}\r\n{body}".encode()


_TOO_LARGE = _too_large()
