"""The real service between two hubs' roles: it tells a hub of its feeds, and is told by one."""

from __future__ import annotations

import socket
import threading
from collections.abc import Callable
from io import BytesIO
from pathlib import Path

import feedparser

from tests.support.feeds import Item, rss
from tests.support.folders import configured
from tests.support.hub import CHALLENGE, Hub
from tests.support.origin import Origin
from tests.support.running import RunningService

OLD = Item("A first story that has a title of its own", "https://wire.example/1")
NEW = Item("Another story that was pushed by a hub", "https://wire.example/2")
LAST = Item("One more story that a hub was never told of", "https://wire.example/3")


def free_port() -> int:
    """A port that nobody listens at now."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return int(listener.getsockname()[1])


def wait_for(what: Callable[[], bool]) -> None:
    """Wait until something is so, half a minute at most."""
    waited = threading.Event()
    for _ in range(600):
        if what():
            return
        waited.wait(0.05)
    raise AssertionError("it never came to pass")


def test_the_service_is_told_by_a_hub_and_tells_one(tmp_path: Path) -> None:
    """Announced, asked, confirmed, pushed, published; what its hub missed is told after a kill."""
    port = free_port()
    site = f"http://127.0.0.1:{port}/"
    with Origin() as origin, Hub() as hub:
        origin.serve("/rss", rss([OLD]), headers={"Link": f'<{hub.url}>; rel="hub"'})
        configured(
            tmp_path,
            [{"id": "wire", "url": origin.url("/rss"), "category": "news"}],
            [{"id": "news"}],
            site={"url": site},
            fetch={"push": "always"},
            publish={"settle": "0s", "hubs": [hub.url]},
            server={"bind": f"127.0.0.1:{port}"},
        )

        def asked(mode: str) -> list[dict[str, list[str]]]:
            return [form for form in hub.forms if form["hub.mode"] == [mode]]

        def titles() -> set[str]:
            feed = feedparser.parse(BytesIO(service.get("/news/rss.xml").content))
            return {str(entry.title) for entry in feed.entries}

        with RunningService(tmp_path) as service:
            wait_for(lambda: bool(asked("subscribe")))
            (form,) = asked("subscribe")
            assert form["hub.topic"] == [origin.url("/rss")]
            assert hub.verify(form) == (200, CHALLENGE)
            assert hub.push(form, rss([NEW])) == 202
            wait_for(lambda: titles() == {OLD.title, NEW.title})
            told = [topic for form in asked("publish") for topic in form["hub.url"]]
            links = service.get("/news/rss.xml").headers["link"]
            hub.answers = [500] * 50
            hub.forms.clear()
            assert hub.push(form, rss([LAST])) == 202
            wait_for(lambda: bool(asked("publish")))
            service.kill()
        assert f"{site}news/rss.xml" in told
        assert links == f'<{hub.url}>; rel="hub", <{site}news/rss.xml>; rel="self"'
        assert len(origin.asked("/rss")) == 1
        hub.answers.clear()
        hub.forms.clear()
        with RunningService(tmp_path):
            wait_for(lambda: bool(asked("publish")))
        missed = [topic for form in asked("publish") for topic in form["hub.url"]]
        assert f"{site}news/rss.xml" in missed
