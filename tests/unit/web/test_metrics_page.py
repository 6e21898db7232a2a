from __future__ import annotations

from pathlib import Path

import pytest

from aggregator.web.app import create_app
from aggregator.web.metrics import Scrape, is_welcome
from tests.support.serving import Condition, serving


@pytest.mark.parametrize(
    ("client", "headers", "token", "welcome"),
    [
        ("127.0.0.1", {}, "", True),
        ("127.9.9.9", {}, "", True),
        ("::1", {}, "", True),
        ("::ffff:127.0.0.1", {}, "", True),
        ("10.0.0.5", {}, "", False),
        ("203.0.113.9", {}, "", False),
        ("::ffff:10.0.0.5", {}, "", False),
        ("", {}, "", False),
        ("localhost", {}, "", False),
        ("203.0.113.9", {"x-forwarded-for": "127.0.0.1"}, "", False),
        ("203.0.113.9", {"forwarded": "for=127.0.0.1", "x-real-ip": "127.0.0.1"}, "", False),
        ("127.0.0.1", {"x-forwarded-for": "127.0.0.1"}, "", False),
        ("127.0.0.1", {"x-real-ip": ""}, "", False),
        ("127.0.0.1", {"forwarded": "for=127.0.0.1"}, "", False),
        ("127.0.0.1", {"via": "1.1 proxy"}, "", False),
        ("203.0.113.9", {"authorization": "Bearer s3cret"}, "s3cret", True),
        ("127.0.0.1", {"authorization": "Bearer s3cret", "via": "p"}, "s3cret", True),
        ("127.0.0.1", {}, "s3cret", False),
        ("127.0.0.1", {"authorization": "Bearer s3cre"}, "s3cret", False),
        ("127.0.0.1", {"authorization": "Bearer s3crets"}, "s3cret", False),
        ("127.0.0.1", {"authorization": "s3cret"}, "s3cret", False),
        ("127.0.0.1", {"authorization": "Bearer \xff\u4e2d"}, "s3cret", False),
        ("203.0.113.9", {"authorization": "Bearer "}, "", False),
    ],
)
def test_nobody_outside_reads_metrics_by_accident(
    client: str, headers: dict[str, str], token: str, welcome: bool
) -> None:
    """Without a token only this machine and no proxy; with one, only who sends it."""
    assert is_welcome(client, headers, token) is welcome


def test_metrics_are_served(tmp_path: Path) -> None:
    """This machine gets them, fresh each time; a proxy's request gets 403 and no number."""
    asked: list[int] = []

    def render() -> bytes:
        asked.append(1)
        return b"answer 42\n"

    scrape = Scrape(render, "text/plain; version=1.0.0", lambda: "")
    with serving(create_app(tmp_path, Condition({}), scrape=scrape)) as client:
        reply = client.get("/metrics")
        assert (reply.status, reply.body) == (200, b"answer 42\n")
        assert reply.headers["content-type"].startswith("text/plain; version=1.0.0")
        assert reply.headers["cache-control"] == "no-store"
        assert client.get("/metrics", {"X-Forwarded-For": "127.0.0.1"}).status == 403
        assert b"42" not in client.get("/metrics", {"Via": "1.1 proxy"}).body
        assert client.get("/metrics", method="POST").status == 405
        assert client.get("/metrics?a=1").status == 200
    assert len(asked) == 2


def test_a_token_is_asked_for_as_configured_now(tmp_path: Path) -> None:
    """A token that the configuration gets while we run is asked for from then on."""
    token = [""]
    scrape = Scrape(lambda: b"1\n", "text/plain", lambda: token[0])
    with serving(create_app(tmp_path, Condition({}), scrape=scrape)) as client:
        assert client.get("/metrics").status == 200
        token[0] = "s3cret"
        assert client.get("/metrics").status == 403
        assert client.get("/metrics", {"Authorization": "Bearer s3cret"}).status == 200


def test_without_metrics_there_is_nothing(tmp_path: Path) -> None:
    """A process that counts nothing has no such page."""
    with serving(create_app(tmp_path, Condition({}))) as client:
        assert client.get("/metrics").status == 404
