"""What a behaviour of the origin has in hand: the request that came, and the open connection."""

from __future__ import annotations

import socket
import struct
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass


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
