"""uvicorn in a thread of its own, with a clean start and stop.

Signals are the business of whoever runs the service. One process, one event loop: more processes
would each hold the documents, and a proxy in front is the better way to grow.
"""

from __future__ import annotations

import socket
import threading
import time
from contextlib import ExitStack

import uvicorn
from starlette.types import ASGIApp

from aggregator.errors import ServeError
from aggregator.web.connections import GuardedProtocol

_START = 10.0
_DRAIN = 3
_BACKLOG = 2048


class HttpServer:
    """Serves an application at `bind`: `host:port` or `[v6 address]:port`; port 0 is any free one.

    It starts once and stops once. `protocol` says what a connection may cost.
    """

    def __init__(
        self, app: ASGIApp, bind: str, protocol: type[GuardedProtocol] = GuardedProtocol
    ) -> None:
        self._bind = bind
        self._server = uvicorn.Server(
            uvicorn.Config(
                app,
                http=protocol,
                ws="none",
                lifespan="off",
                log_config=None,
                access_log=False,
                server_header=False,
                proxy_headers=False,
                limit_concurrency=1000,
                timeout_keep_alive=15,
                timeout_graceful_shutdown=_DRAIN,
            )
        )
        self._socket: socket.socket | None = None
        self._thread: threading.Thread | None = None

    @property
    def address(self) -> str:
        """Where it truly listens, as `host:port`; `bind` before the start."""
        if self._socket is None:
            return self._bind
        host, port = self._socket.getsockname()[:2]
        return f"[{host}]:{port}" if ":" in host else f"{host}:{port}"

    def start(self) -> None:
        """Listen; returns when requests are answered.

        Raises:
            ServeError: the address cannot be listened at, or the server did not come up.
        """
        self._socket = _listen(self._bind)
        self._thread = threading.Thread(
            target=self._server.run, args=([self._socket],), name="http", daemon=True
        )
        self._thread.start()
        deadline = time.monotonic() + _START
        while not self._server.started:
            self._thread.join(0.01)
            if not self._thread.is_alive() or time.monotonic() > deadline:
                self.stop()
                raise ServeError(f"the HTTP server did not start at {self._bind}; see the log")

    def stop(self) -> None:
        """Take no more connections, let answers under way end, and come back; safe to repeat."""
        self._server.should_exit = True
        if self._thread is not None:
            self._thread.join(_DRAIN + 2)
            self._thread = None
        if self._socket is not None:
            self._socket.close()


def _listen(bind: str) -> socket.socket:
    host, _, port = bind.rpartition(":")
    try:
        family, kind, protocol, _, place = socket.getaddrinfo(
            host.strip("[]"), None, proto=socket.IPPROTO_TCP, flags=socket.AI_PASSIVE
        )[0]
        # asyncio sends without delay (TCP_NODELAY) only where the socket names its protocol, which
        # `socket.create_server` does not do: the second part of an answer then waits 40 ms.
        listener = socket.socket(family, kind, protocol)
        with ExitStack() as undo:
            undo.callback(listener.close)
            listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            listener.bind((place[0], _port(port)))
            listener.listen(_BACKLOG)
            undo.pop_all()
    except (OSError, ValueError) as error:
        raise ServeError(
            f"cannot listen at {bind}: {error}; "
            "stop what holds the port, or set another one as server.bind"
        ) from error
    return listener


def _port(text: str) -> int:
    port = int(text)
    if port not in range(2**16):
        raise ValueError(f"a port is at most 65535, not {port}")
    return port
