"""A listener that nobody may reach: it only counts who knocks."""

from __future__ import annotations

import contextlib
import socket
from typing import Self


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
