"""The time limit of a whole exchange, which no per-read timeout can give.

A server that sends one byte now and then keeps every read short. So a watchdog thread looks at the
clock instead, and shuts the socket down under whoever reads from it. Its flag then has the last
word: to the reader, a socket that was shut down looks like a body that is complete but short.
"""

from __future__ import annotations

import contextlib
import socket
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

_IDLE_SECONDS = 5.0


class Deadline:
    """The moment at which one exchange must be over, and the socket that it is using."""

    def __init__(self, seconds: float) -> None:
        self._ends_at = time.monotonic() + seconds
        self._lock = threading.Lock()
        self._socket: socket.socket | None = None
        self._cut = False

    @property
    def remaining(self) -> float:
        """Seconds left, 0 when it is over."""
        return max(self._ends_at - time.monotonic(), 0.0)

    @property
    def is_over(self) -> bool:
        """Whether the time is up; once true, nothing that was read may be believed."""
        return self._cut or self.remaining == 0.0

    def guard(self, sock: socket.socket) -> None:
        """Watch this socket from now on, instead of any before it."""
        with self._lock:
            self._socket = sock
        if self.is_over:
            self.cut()

    def release(self) -> None:
        """Leave the socket alone: it may serve another exchange next."""
        with self._lock:
            self._socket = None

    def cut(self) -> None:
        """Shut the socket down, so that a read that waits on it ends at once."""
        with self._lock:
            self._cut = True
            if self._socket is not None:
                with contextlib.suppress(OSError):
                    # Not SSLSocket.shutdown, which takes the TLS state away from the reader.
                    socket.socket.shutdown(self._socket, socket.SHUT_RDWR)


class Watchdog:
    """One thread that cuts every exchange whose time is up; it ends when there is nothing to do.

    All exchanges have the same length, so the one that began first ends first.
    """

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds
        self._lock = threading.Lock()
        self._watched: dict[Deadline, None] = {}
        self._thread: threading.Thread | None = None
        self._is_idle = False

    @contextmanager
    def watch(self) -> Iterator[Deadline]:
        """Limit what happens inside to the watchdog's time."""
        deadline = Deadline(self._seconds)
        self._add(deadline)
        try:
            yield deadline
        finally:
            deadline.release()
            with self._lock:
                self._watched.pop(deadline, None)

    def _add(self, deadline: Deadline) -> None:
        with self._lock:
            self._watched[deadline] = None
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name="watchdog", daemon=True)
                self._thread.start()

    def _run(self) -> None:
        while (seconds := self._next_look()) is not None:
            time.sleep(seconds)

    def _next_look(self) -> float | None:
        """Cut what is over; gives the seconds until there may be more, None when all is done.

        Nobody has to wake the thread: whatever begins while it sleeps ends later than it wakes.
        """
        with self._lock:
            while first := next(iter(self._watched), None):
                if first.remaining > 0:
                    self._is_idle = False
                    return first.remaining
                del self._watched[first]
                first.cut()
            if self._is_idle:
                self._thread = None
                return None
            self._is_idle = True
            return min(_IDLE_SECONDS, self._seconds)
