"""K12: SIGTERM while many origins keep the service waiting."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import ExitStack, closing
from pathlib import Path

import pytest

from tests.support.feeds import Item, rss
from tests.support.invariants import check, nothing_moves
from tests.support.newsroom import Newsroom, until, wait_for_story
from tests.support.origin import Origin, hang, head, send
from tests.support.running import RunningService

FETCHES = 50
ITEMS = [Item(f"Half told {n}", f"https://slow.example/{n}") for n in range(9)]
WHOLE = rss(ITEMS)
HALF = WHOLE[: len(WHOLE) * 2 // 3]


@pytest.fixture
def slow() -> Iterator[list[Origin]]:
    """Origins of which half say nothing, and half stop in the middle of an entry."""
    with ExitStack() as stack:
        origins = [
            stack.enter_context(Origin(address=f"127.0.2.{number + 1}"))
            for number in range(FETCHES)
        ]
        for number, origin in enumerate(origins):
            begun = send(head(200, {"Content-Type": "text/xml"}, length=len(WHOLE)) + HALF, hang)
            origin.behave("/feed", begun if number % 2 else hang)
        yield origins


@pytest.mark.slow
def test_fifty_open_fetches_do_not_hold_up_the_end(tmp_path: Path, slow: list[Origin]) -> None:
    """SIGTERM ends the service within ten seconds, with 0, and of half a document nothing stays."""
    with Origin() as good:
        room = Newsroom(good)
        sources = [
            {"id": f"slow{number}", "url": origin.url("/feed"), "category": "other"}
            for number, origin in enumerate(slow)
        ]
        folder = room.configured(tmp_path, sources, fetch={"threads": FETCHES + 8})
        with RunningService(folder) as service:
            wait_for_story(service, room.newest)
            until(lambda: all(each.requests for each in slow), "50 open fetches", service, 30)
            service.process.terminate()
            assert service.process.wait(10) == 0
        check(folder, service.log)
        nothing_moves(folder, "wire")
        assert _titles(folder) == [room.newest]


def _titles(folder: Path) -> list[str]:
    with closing(sqlite3.connect(folder / "data/aggregator.db")) as database:
        return [title for (title,) in database.execute("SELECT title FROM article")]
