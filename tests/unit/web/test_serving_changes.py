import asyncio
import os
import threading
from collections.abc import MutableMapping
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import Any

from starlette.types import Receive, Scope, Send

from aggregator.web.answers import not_found
from aggregator.web.files import PublishedFolder
from tests.support.serving import serving, site

NAMES = {"rss.xml": "application/rss+xml; charset=utf-8", "index.html": "text/html; charset=utf-8"}


async def otherwise(scope: Scope, receive: Receive, send: Send) -> None:
    """The application behind the files: there is nothing."""
    await not_found()(scope, receive, send)


async def ask(app: PublishedFolder, path: str) -> list[MutableMapping[str, Any]]:
    """What the application sends for one GET."""
    sent: list[MutableMapping[str, Any]] = []

    async def receive() -> MutableMapping[str, Any]:
        return {"type": "http.request"}

    async def send(message: MutableMapping[str, Any]) -> None:
        sent.append(message)

    scope = {"type": "http", "method": "GET", "raw_path": path.encode(), "path": path}
    await app({**scope, "headers": []}, receive, send)
    return sent


def test_readers_see_only_whole_versions_in_order(tmp_path: Path) -> None:
    """While a file is replaced, each answer is one whole version, none older than the last."""
    feed, beside = tmp_path / "rss.xml", tmp_path / ".rss.xml.tmp"
    feed.write_bytes(b"0")

    def publish() -> None:
        for version in range(1, 301):
            beside.write_bytes(b"%d " % version * (20_000 + version))
            beside.replace(feed)

    publisher = threading.Thread(target=publish)
    seen, times = [0], []
    with serving(site(tmp_path)) as client:
        publisher.start()
        while publisher.is_alive() or seen[-1] != 300:
            reply = client.get("/rss.xml")
            assert int(reply.headers["content-length"]) == len(reply.body)
            assert len(set(reply.body.split())) == 1
            seen.append(int(reply.body.split()[0]))
            times.append(parsedate_to_datetime(reply.headers["last-modified"]))
        publisher.join()
    assert seen == sorted(seen)
    assert times == sorted(times)


def test_the_same_bytes_written_again_keep_their_tag(tmp_path: Path) -> None:
    """A tag comes from content alone: rewriting a feed makes no client load it again."""
    feed = tmp_path / "rss.xml"
    with serving(site(tmp_path)) as client:
        feed.write_bytes(b"same")
        first = client.get("/rss.xml").headers["etag"]
        feed.unlink()
        feed.write_bytes(b"same")
        assert client.get("/rss.xml", {"If-None-Match": first}).status == 304


def test_a_change_is_seen_even_if_size_and_time_are_equal(tmp_path: Path) -> None:
    """Another content of the same size with the same modification time is another document."""
    feed = tmp_path / "rss.xml"
    with serving(site(tmp_path)) as client:
        for body in (b"one", b"two"):
            beside = tmp_path / f".{body.decode()}"
            beside.write_bytes(body)
            os.utime(beside, (1_700_000_000, 1_700_000_000))
            beside.replace(feed)
            assert client.get("/rss.xml").body == body


def test_a_file_is_read_once_however_many_ask(tmp_path: Path) -> None:
    """Requests that come while a file is prepared wait for it instead of reading it again."""
    (tmp_path / "rss.xml").write_bytes(b"x" * 100_000)
    app = PublishedFolder(tmp_path, NAMES, otherwise)

    async def together() -> int:
        answers = await asyncio.gather(*(ask(app, "/rss.xml") for _ in range(50)))
        return len({id(sent[0]["headers"]) for sent in answers})

    assert asyncio.run(together()) == 1


def test_memory_is_bounded_and_the_oldest_goes_first(tmp_path: Path) -> None:
    """What is held never exceeds the limit; a file over the limit is served and not held."""
    limit = 60_000
    for number in range(10):
        (tmp_path / str(number)).mkdir()
        (tmp_path / str(number) / "rss.xml").write_bytes(os.urandom(5_000))
    (tmp_path / "rss.xml").write_bytes(os.urandom(limit))
    app = PublishedFolder(tmp_path, NAMES, otherwise, max_bytes=limit)

    async def ask_all() -> None:
        for number in range(10):
            await ask(app, f"/{number}/rss.xml")
            assert app._bytes <= limit
        assert list(app._held) == ["7/rss.xml", "8/rss.xml", "9/rss.xml"]
        await ask(app, "/7/rss.xml")
        await ask(app, "/0/rss.xml")
        assert list(app._held) == ["9/rss.xml", "7/rss.xml", "0/rss.xml"]
        assert len((await ask(app, "/rss.xml"))[1]["body"]) == limit
        assert "rss.xml" not in app._held
        (tmp_path / "0" / "rss.xml").unlink()
        assert (await ask(app, "/0/rss.xml"))[0]["status"] == 404
        assert list(app._held) == ["9/rss.xml", "7/rss.xml"]

    asyncio.run(ask_all())
    assert app._bytes == sum(held.document.size + 2048 for held in app._held.values())
