"""A listener that nobody may reach: it only counts who knocks."""

from __future__ import annotations

import contextlib
import socket
from typing import Self


class Canary:
    """A listener that stands where nothing of ours may ever connect.

    `shared` lets another server have the same port at a narrower address.
    """

    def __init__(self, host: str = "127.0.0.1", port: int = 0, *, shared: bool = False) -> None:
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        self._listener = socket.create_server((host, port), family=family, reuse_port=shared)
        self._listener.setblocking(False)
        self.port: int = self._listener.getsockname()[1]
        self._reached: list[str] = []

    def __enter__(self) -> Self:
        """Stand there from the start; nothing to open."""
        return self

    def __exit__(self, *_: object) -> None:
        """Stop listening."""
        self._listener.close()

    @property
    def reached(self) -> list[str]:
        """At which of its addresses it was reached, each time."""
        with contextlib.suppress(BlockingIOError):
            while True:
                sock, _ = self._listener.accept()
                with sock:
                    self._reached.append(sock.getsockname()[0])
        return self._reached

    @property
    def knocks(self) -> int:
        """How many connections came, also those that were given up again."""
        return len(self.reached)
