"""A source that has something new when a test says so, and waiting for what the service makes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Event
from typing import Any

from tests.support.feeds import Item, rss
from tests.support.folders import configured
from tests.support.origin import Origin
from tests.support.running import RunningService

EVERY = "1s"
FETCH = {"every": EVERY, "every_at_least": EVERY, "pause": "0s"}


class Newsroom:
    """Serves `/wire`; each story has a title of its own."""

    def __init__(self, origin: Origin, body: str = "") -> None:
        self._origin = origin
        self._body = body
        self.stories = 0
        self.post()

    @property
    def newest(self) -> str:
        """Title of the story that was posted last."""
        return _title(self.stories - 1)

    def post(self) -> str:
        """Have one more story; gives its title."""
        self.stories += 1
        numbers = range(max(0, self.stories - 20), self.stories)
        items = [_item(number, self._body) for number in reversed(numbers)]
        self._origin.serve("/wire", rss(items), etag=f'"{self.stories}"')
        return self.newest

    def configured(
        self, folder: Path, more: Sequence[Mapping[str, Any]] = (), **settings: Any
    ) -> Path:
        """A configuration that reads it every second."""
        wire = {"id": "wire", "url": self._origin.url("/wire"), "category": "news", "every": EVERY}
        fetch = {**FETCH, **settings.pop("fetch", {})}
        rest = {"publish": {"settle": "0s"}, **settings}
        tree = [{"id": "news"}, {"id": "other"}]
        return configured(folder, [wire, *more], tree, fetch=fetch, **rest)


def _title(number: int) -> str:
    return f"Story number {number} that nobody else has told yet"


def _item(number: int, body: str) -> Item:
    when = datetime(2026, 5, 4, 12, tzinfo=UTC) + timedelta(minutes=number)
    return Item(_title(number), f"https://wire.example/{number}", body=body, when=when)


def wait_for_story(service: RunningService, title: str, seconds: float = 60) -> None:
    """Wait until a story is in the feed that the service serves."""
    until(lambda: title in service.get("/news/rss.xml").text, title, service, seconds)


def wait_for_notice(service: RunningService, part: str, seconds: float = 60) -> None:
    """Wait until the service is ready, but says that something about this part is wrong."""

    def noticed() -> bool:
        answer = service.get("/readyz")
        return answer.status_code == 200 and part in answer.json()["notices"]

    until(noticed, f"notice about {part}", service, seconds)


def wait_until_well(service: RunningService, seconds: float = 60) -> None:
    """Wait until the service finds nothing wrong with itself."""
    well = {"ready": True, "problems": {}, "notices": {}}
    until(lambda: service.get("/readyz").json() == well, "health", service, seconds)


def until(met: Any, what: str, service: RunningService, seconds: float) -> None:
    """Poll until something is true; tells the log where it never is."""
    pause = Event()
    for _ in range(int(seconds * 10)):
        if met():
            return
        pause.wait(0.1)
    log = "".join(service.log[-30:])
    raise AssertionError(f"never came: {what}\n{service.get('/readyz').text}\n{log}")
