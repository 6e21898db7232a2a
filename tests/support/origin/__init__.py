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

`python -m tests.support.origin` serves every fault that has a name (see `faults.py`) at an address
of its own until Ctrl-C, for trying any feed reader on them.
"""

from __future__ import annotations

from tests.support.origin.behaviours import (
    bomb,
    chunks,
    drip,
    endless,
    hang,
    head,
    redirect,
    reset,
    send,
)
from tests.support.origin.canary import Canary
from tests.support.origin.server import Origin
from tests.support.origin.wire import Behaviour, Seen, Wire

__all__ = [
    "Behaviour",
    "Canary",
    "Origin",
    "Seen",
    "Wire",
    "bomb",
    "chunks",
    "drip",
    "endless",
    "hang",
    "head",
    "redirect",
    "reset",
    "send",
]
