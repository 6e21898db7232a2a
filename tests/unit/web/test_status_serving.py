from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from aggregator.errors import StoreError
from aggregator.web.app import create_app
from aggregator.web.status import Status
from tests.support.serving import Condition, serving


class Maker:
    """Makes pages, counts them, and fails where the test wants it."""

    def __init__(self) -> None:
        self.made = 0
        self.broken = False
        self.seconds = 0.0
        self.gate = threading.Event()
        self.gate.set()

    def render(self) -> bytes:
        """A page with its number."""
        self.gate.wait(20)
        if self.broken:
            raise StoreError("away at postgresql://u:geheim@db/x")
        self.made += 1
        return f"<p>page {self.made}</p>".encode()

    def clock(self) -> float:
        """Seconds as the test sets them."""
        return self.seconds


def test_it_is_made_once_in_a_while(tmp_path: Path) -> None:
    """Until it is no longer fresh the same page is sent, conditionally where asked so."""
    maker = Maker()
    app = create_app(tmp_path, Condition({}), status=Status(maker.render, 15, maker.clock))
    with serving(app) as client:
        first = client.get("/status")
        assert (first.status, first.body) == (200, b"<p>page 1</p>")
        assert first.headers["content-type"] == "text/html; charset=utf-8"
        assert "script-src" not in first.headers["content-security-policy"]
        assert first.headers["cache-control"] == "public, max-age=15"
        maker.seconds = 14.9
        assert client.get("/status").body == first.body
        assert client.get("/status", {"If-None-Match": first.headers["etag"]}).status == 304
        maker.seconds = 15.0
        assert client.get("/status").body == b"<p>page 2</p>"
    assert maker.made == 2


def test_many_who_ask_together_get_one_page(tmp_path: Path) -> None:
    """However many requests come while it is made, it is made once."""
    maker = Maker()
    maker.gate.clear()
    app = create_app(tmp_path, Condition({}), status=Status(maker.render, 15, maker.clock))
    with serving(app) as client, ThreadPoolExecutor(20) as pool:
        asked = [pool.submit(client.get, "/status") for _ in range(20)]
        assert client.get("/healthz").status == 200
        maker.gate.set()
        assert {each.result().body for each in asked} == {b"<p>page 1</p>"}
    assert maker.made == 1


def test_without_the_database_it_says_so(tmp_path: Path) -> None:
    """While the store cannot be asked the answer is 503 without a detail; then it comes back."""
    maker = Maker()
    maker.broken = True
    app = create_app(tmp_path, Condition({}), status=Status(maker.render, 15, maker.clock))
    with serving(app) as client:
        reply = client.get("/status")
        assert reply.status == 503
        assert reply.headers["retry-after"] == "30"
        assert b"geheim" not in reply.body
        maker.broken = False
        assert client.get("/status").status == 200
        assert client.get("/status", method="POST").status == 405
