"""The real web server over a folder of files, for tests; and a client that sends bytes as told."""

from __future__ import annotations

import socket
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from http.client import HTTPResponse
from pathlib import Path
from typing import NamedTuple

from starlette.types import ASGIApp

from aggregator.web.app import create_app
from aggregator.web.articles import Articles
from aggregator.web.connections import GuardedProtocol
from aggregator.web.server import HttpServer


@dataclass
class Condition:
    """A health reader that says what the test wants."""

    wrong: Mapping[str, str]

    def problems(self) -> Mapping[str, str]:
        """What the test put in."""
        return self.wrong

    def notices(self) -> Mapping[str, str]:
        """One that is always there."""
        return {"test": "this is one"}


class Reply(NamedTuple):
    """An answer as it came over the wire, undecoded; header names are lower case."""

    status: int
    headers: dict[str, str]
    body: bytes


@dataclass(frozen=True)
class Client:
    """Sends requests as they are, which polite libraries would tidy up first."""

    host: str
    port: int

    def get(
        self, path: str, headers: Mapping[str, str] | None = None, method: str = "GET"
    ) -> Reply:
        """One request on a connection of its own; `path` goes out letter by letter."""
        fields = {"Host": "test", "Connection": "close", **(headers or {})}
        lines = "".join(f"{name}: {value}\r\n" for name, value in fields.items())
        return self.send(f"{method} {path} HTTP/1.1\r\n{lines}\r\n".encode("latin-1"), method)

    def send(self, request: bytes, method: str = "GET") -> Reply:
        """Any bytes, and the answer to them."""
        with self.connect() as connection:
            connection.sendall(request)
            answer = HTTPResponse(connection, method=method)
            answer.begin()
            body = answer.read()
            return Reply(
                answer.status, {name.lower(): value for name, value in answer.getheaders()}, body
            )

    def connect(self) -> socket.socket:
        """A connection to the server; whoever asks closes it."""
        return socket.create_connection((self.host, self.port), timeout=20)


@contextmanager
def serving(app: ASGIApp, protocol: type[GuardedProtocol] = GuardedProtocol) -> Iterator[Client]:
    """The application on a port of its own for the length of a block."""
    server = HttpServer(app, "127.0.0.1:0", protocol)
    server.start()
    try:
        host, _, port = server.address.rpartition(":")
        yield Client(host, int(port))
    finally:
        server.stop()


def site(folder: Path, articles: Articles | None = None, **wrong: str) -> ASGIApp:
    """The whole web application over a folder; `wrong` is what its health reader says."""
    return create_app(folder, Condition(wrong), articles)
