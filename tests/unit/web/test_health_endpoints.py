import asyncio
import json
import threading
from collections.abc import Mapping
from pathlib import Path

from starlette.requests import Request

from aggregator.errors import StoreError
from aggregator.web.health import Health
from tests.support.serving import serving, site

REQUEST = Request({"type": "http", "method": "GET", "path": "/readyz", "headers": []})


def test_a_service_at_work_is_ready(tmp_path: Path) -> None:
    """Without problems `/readyz` is 200 whatever the notices, and nobody keeps the answer."""
    with serving(site(tmp_path)) as client:
        reply = client.get("/readyz")
        assert reply.status == 200
        assert json.loads(reply.body) == {
            "ready": True,
            "problems": {},
            "notices": {"test": "this is one"},
        }
        assert reply.headers["cache-control"] == "no-store"
        assert reply.headers["x-content-type-options"] == "nosniff"


def test_what_is_wrong_is_told_by_part(tmp_path: Path) -> None:
    """With problems `/readyz` is 503 and names them, while `/healthz` stays 200."""
    with serving(site(tmp_path, database="it does not answer")) as client:
        reply = client.get("/readyz")
        assert reply.status == 503
        assert json.loads(reply.body)["problems"] == {"database": "it does not answer"}
        assert client.get("/healthz").body == b"ok\n"


class Hanging:
    """A health reader that answers only after the test let it go."""

    def __init__(self) -> None:
        self.released = threading.Event()

    def problems(self) -> Mapping[str, str]:
        """Nothing wrong, late."""
        self.released.wait(30)
        return {}

    def notices(self) -> Mapping[str, str]:
        """Nothing to look at."""
        return {}


class Broken:
    """A health reader whose database is gone."""

    def problems(self) -> Mapping[str, str]:
        """Never comes."""
        raise StoreError("postgresql://user:secret@db/x is gone")

    def notices(self) -> Mapping[str, str]:
        """Nothing to look at."""
        return {}


def test_no_answer_in_time_is_a_no() -> None:
    """A database that hangs makes the service not ready instead of the question endless."""

    async def ask() -> tuple[int, bytes]:
        hanging = Hanging()
        reply = await Health(hanging, patience=0.01).ready(REQUEST)
        hanging.released.set()
        return reply.status_code, bytes(reply.body)

    status, body = asyncio.run(ask())
    assert status == 503
    assert b"no answer within 0.01 s" in body


def test_an_error_while_asking_is_a_no_without_details() -> None:
    """What the store says may hold secrets, so the public answer points at the log."""
    reply = asyncio.run(Health(Broken()).ready(REQUEST))
    assert reply.status_code == 503
    assert b"secret" not in bytes(reply.body)
