"""A small WebSub hub on loopback: takes pings and subscriptions, asks back, and distributes."""

from __future__ import annotations

import hmac
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Self
from urllib.parse import parse_qs, urlencode, urlsplit

import requests

CHALLENGE = "a challenge + 挑战"
Form = dict[str, list[str]]


@dataclass
class Hub:
    """Answers on a free port while the context lasts.

    `answers` are the statuses of the next requests, then it is `202`; `lease` is what it grants;
    `heard` is called with each form, before it is answered.
    """

    answers: list[int] = field(default_factory=list)
    lease: int = 864_000
    forms: list[Form] = field(default_factory=list)
    confirmed: list[tuple[int, str]] = field(default_factory=list)
    heard: Callable[[Form], None] = lambda _: None

    def __enter__(self) -> Self:
        hub = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                length = int(self.headers.get("content-length", 0))
                form = parse_qs(self.rfile.read(length).decode())
                hub.forms.append(form)
                hub.heard(form)
                self.send_response(hub.answers.pop(0) if hub.answers else 202)
                self.send_header("content-length", "0")
                self.end_headers()

            def log_message(self, *_: object) -> None:
                """Say nothing."""

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()

    @property
    def url(self) -> str:
        """Where it listens."""
        return f"http://127.0.0.1:{self._server.server_port}/hub"

    def verify(self, form: Form, **changes: str) -> tuple[int, str]:
        """Ask a subscriber whether it meant what a form says; its status and body."""
        fields = {
            "hub.mode": form["hub.mode"][0],
            "hub.topic": form["hub.topic"][0],
            "hub.challenge": CHALLENGE,
            "hub.lease_seconds": str(self.lease),
        }
        query = urlencode(fields | {f"hub.{key}": value for key, value in changes.items()})
        callback = form["hub.callback"][0]
        reply = requests.get(
            f"{callback}{'&' if urlsplit(callback).query else '?'}{query}", timeout=10
        )
        return reply.status_code, reply.content.decode()

    def push(self, form: Form, body: bytes, signature: str | None = None) -> int:
        """Send a subscriber the content of the feed, signed as it asked for."""
        secret = form["hub.secret"][0].encode()
        signed = (
            signature
            if signature is not None
            else "sha256=" + hmac.new(secret, body, "sha256").hexdigest()
        )
        headers = {
            "X-Hub-Signature": signed,
            "Content-Type": "application/rss+xml",
            "Link": f'<{form["hub.topic"][0]}>; rel="self", <{self.url}>; rel="hub"',
        }
        return requests.post(form["hub.callback"][0], body, headers=headers, timeout=10).status_code
