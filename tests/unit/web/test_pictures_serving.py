"""Pictures by way of us over HTTP: signed or not there, fetched once, safe to show."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from http.client import HTTPConnection
from pathlib import Path

import pytest

from aggregator.errors import FetchError, FetchReason
from aggregator.text.signed_pictures import Picture, signed_path
from aggregator.web.app import create_app
from aggregator.web.picture_cache import PictureCache
from aggregator.web.pictures import AT_ONCE, FAILED_FOR, MOST_WAITING, OF_ONE_DOMAIN, Pictures
from tests.support.pictures import PICTURES, PNG, picture
from tests.support.serving import Client, Condition, Reply, serving

KEY = "sixteen letters."
URL = "https://p.example/a.png"
NOT_FOUND = FetchError(FetchReason.HTTP_ERROR, "404", status=404)


class Fetcher:
    """Gives pictures by address, counts, and waits where a test wants it to."""

    def __init__(self) -> None:
        self.answers: dict[str, bytes | FetchError] = {}
        self.asked: list[str] = []
        self.go = threading.Event()
        self.go.set()
        self.most = 0
        self._now = 0
        self._lock = threading.Lock()

    def fetch(self, picture: Picture, _now: datetime) -> bytes:
        with self._lock:
            self.asked.append(picture.url)
            self._now += 1
            self.most = max(self.most, self._now)
        assert self.go.wait(20)
        with self._lock:
            self._now -= 1
        answer = self.answers.get(picture.url, NOT_FOUND)
        if isinstance(answer, FetchError):
            raise answer
        return answer


class World:
    """A server with our proxy, what it fetches with, and its clock."""

    def __init__(self, folder: Path) -> None:
        self.fetcher = Fetcher()
        self.now = datetime(2026, 11, 24, 12, tzinfo=UTC)
        self.key = KEY
        self.folder = folder

    @contextmanager
    def open(self, limit: int = 10_000_000, patience: float = 20) -> Iterator[Callable[..., Reply]]:
        """Serve; gives how to ask for a picture."""
        cache = PictureCache(self.folder / "images", limit, lambda: self.now)
        self.pictures = Pictures(
            lambda: self.key, lambda: self.fetcher, cache, lambda: self.now, patience
        )
        app = create_app(self.folder, Condition({}), pictures=self.pictures)
        with serving(app) as client:
            self.client: Client = client

            def ask(url: str = URL, *, method: str = "GET", **headers: str) -> Reply:
                path = signed_path(Picture(url, "https://site.example/"), KEY)
                fields = {name.replace("_", "-"): value for name, value in headers.items()}
                return client.get(f"/{path}", fields, method)

            yield ask


def until(met: Callable[[], bool]) -> None:
    """Wait until something is so, ten seconds at most."""
    pause = threading.Event()
    for _ in range(1000):
        if met():
            return
        pause.wait(0.01)
    raise AssertionError("it never came to pass")


@pytest.fixture
def world(tmp_path: Path) -> World:
    """A server that has one picture to fetch."""
    made = World(tmp_path)
    made.fetcher.answers[URL] = PNG
    return made


@pytest.mark.parametrize("media_type", PICTURES)
def test_a_picture_is_sent_as_what_it_is(world: World, media_type: str) -> None:
    """With the type that its bytes say, for long, and so that it could do nothing anywhere."""
    world.fetcher.answers[URL] = PICTURES[media_type]
    with world.open() as ask:
        reply = ask()
    assert (reply.status, reply.body) == (200, PICTURES[media_type])
    assert reply.headers["content-type"] == media_type
    assert reply.headers["cache-control"] == "public, max-age=2592000, immutable"
    assert reply.headers["content-security-policy"] == "default-src 'none'; sandbox"
    assert reply.headers["x-content-type-options"] == "nosniff"
    assert reply.headers["content-length"] == str(len(PICTURES[media_type]))


def test_a_picture_is_fetched_once(world: World) -> None:
    """Afterwards it comes from disk, also after a restart; and 304 to whom has it."""
    with world.open() as ask:
        first = ask()
        assert ask().body == PNG
        again = ask(if_none_match=first.headers["etag"])
        assert (again.status, again.body) == (304, b"")
        assert again.headers["etag"] == first.headers["etag"]
        head = ask(method="HEAD")
        assert (head.status, head.body) == (200, b"")
        assert head.headers["content-length"] == str(len(PNG))
    with world.open() as ask:
        assert ask().headers == first.headers | {"date": ask().headers["date"]}
    assert world.fetcher.asked == [URL]


def test_a_connection_goes_on_after_every_answer(world: World) -> None:
    """Whole, not changed, head only and missing: the next request on it is answered, too."""
    with world.open() as ask:
        known = {"If-None-Match": ask().headers["etag"]}
        path = "/" + signed_path(Picture(URL, "https://site.example/"), KEY)
        line = HTTPConnection(world.client.host, world.client.port, timeout=5)
        line.connect()
        line.auto_open = 0  # or it would quietly connect again

        def status(method: str, path: str, headers: Mapping[str, str]) -> int:
            line.request(method, path, headers=headers)
            answer = line.getresponse()
            answer.read()
            return answer.status

        asked = [
            ("GET", path, known),
            ("GET", path, {}),
            ("HEAD", path, {}),
            ("GET", path + "x", {}),
        ]
        assert [status(*each) for each in (*asked, asked[1])] == [304, 200, 200, 404, 200]
        line.close()


@pytest.mark.parametrize("change", ["signature", "which", "more", "nothing", "key", "no key"])
def test_nothing_is_fetched_for_who_cannot_sign(world: World, change: str) -> None:
    """Whatever is wrong with an address, it is 404, and no origin hears of it."""
    _, signature, which = signed_path(Picture(URL), KEY).split("/")
    world.key = {"key": "another key here.", "no key": ""}.get(change, KEY)
    path = {
        "signature": f"/image/{signature[::-1]}/{which}",
        "which": f"/image/{signature}/{signed_path(Picture(URL + '?'), KEY).split('/')[2]}",
        "more": f"/image/{signature}/{which}/more",
        "nothing": f"/image//{which}",
    }.get(change, f"/image/{signature}/{which}")
    with world.open():
        reply = world.client.get(path)
    assert (reply.status, reply.body) == (404, b"There is nothing at this address.\n")
    assert world.fetcher.asked == []


def test_a_picture_asked_for_by_many_at_once_is_fetched_once(world: World) -> None:
    """They all wait for the same one, and all get it."""
    world.fetcher.go.clear()
    with world.open() as ask, ThreadPoolExecutor(20) as pool:
        waiting = [pool.submit(ask) for _ in range(20)]
        until(lambda: bool(world.fetcher.asked))
        assert ask(f"{URL}?other", method="POST").status == 405  # the server answers meanwhile
        world.fetcher.go.set()
        assert {each.result().body for each in waiting} == {PNG}
    assert world.fetcher.asked == [URL]


def test_only_so_many_are_fetched_at_once(world: World) -> None:
    """No more than fit in all, no more than a few of one domain; the others wait and then come."""
    urls = [f"https://p{number % 3}.d{number % 5}.example/{number}.png" for number in range(40)]
    world.fetcher.answers |= dict.fromkeys(urls, PNG)
    world.fetcher.go.clear()
    with world.open() as ask, ThreadPoolExecutor(40) as pool:
        waiting = [pool.submit(ask, url) for url in urls]
        until(lambda: len(world.fetcher.asked) == AT_ONCE)
        under_way = [url.split(".")[1] for url in world.fetcher.asked]
        world.fetcher.go.set()
        assert {each.result().status for each in waiting} == {200}
    assert world.fetcher.most == AT_ONCE
    assert max(under_way.count(domain) for domain in under_way) == OF_ONE_DOMAIN


def test_a_slow_domain_holds_up_no_other(world: World) -> None:
    """Who waits too long for its turn is sent away for a while; another domain is served."""
    urls = [f"https://slow.example/{number}.png" for number in range(OF_ONE_DOMAIN + 1)]
    world.fetcher.answers |= dict.fromkeys(urls, PNG)
    world.fetcher.go.clear()
    with world.open(patience=0.01) as ask, ThreadPoolExecutor(4) as pool:
        waiting = [pool.submit(ask, url) for url in urls]
        until(lambda: any(each.done() for each in waiting))
        turned_away = next(each.result() for each in waiting if each.done())
        world.fetcher.go.set()
        statuses = sorted(each.result().status for each in waiting)
        assert ask().status == 200
    assert (turned_away.status, turned_away.headers["retry-after"]) == (503, "10")
    assert statuses == [200] * OF_ONE_DOMAIN + [503]


def test_the_crowd_that_waits_is_bounded(world: World) -> None:
    """When as many wait as may, one more is sent away at once, and what is kept is still sent."""
    with world.open() as ask:
        assert ask().status == 200
        world.fetcher.go.clear()
        urls = [f"https://{number}.example/a.png" for number in range(MOST_WAITING)]
        world.fetcher.answers |= dict.fromkeys(urls, PNG)
        with ThreadPoolExecutor(MOST_WAITING) as pool:
            waiting = [pool.submit(ask, url) for url in urls]
            until(lambda: len(world.pictures._under_way) == MOST_WAITING)
            one_more = ask("https://more.example/a.png")
            assert (one_more.status, "https://more.example/a.png" in world.fetcher.asked) == (
                503,
                False,
            )
            assert (one_more.headers["retry-after"], ask().status) == ("10", 200)
            world.fetcher.go.set()
            assert {each.result().status for each in waiting} == {200}


@pytest.mark.parametrize(
    ("error", "status"),
    [
        (NOT_FOUND, 404),
        (FetchError(FetchReason.GONE, "410", status=410), 404),
        (FetchError(FetchReason.BAD_RESPONSE, "no picture", status=200), 502),
        (FetchError(FetchReason.BLOCKED_ADDRESS, "x leads to 127.0.0.1"), 502),
    ],
)
def test_a_picture_that_does_not_come_is_left_for_a_while(
    world: World, error: FetchError, status: int
) -> None:
    """The answer says nothing of why, nobody keeps it, and the origin is asked again later."""
    world.fetcher.answers[URL] = error
    with world.open() as ask:
        reply = ask()
        assert (reply.status, reply.body) == (status, b"There is no picture.\n")
        assert reply.headers["cache-control"] == "no-store"
        world.now += FAILED_FOR - timedelta(seconds=1)
        assert (ask().status, len(world.fetcher.asked)) == (status, 1)
        world.now += timedelta(seconds=1)
        world.fetcher.answers[URL] = PNG
        assert (ask().status, len(world.fetcher.asked)) == (200, 2)


@pytest.mark.parametrize(
    ("wanted_as", "status"), [("image", 307), ("document", 404), ("", 404), ("iframe", 404)]
)
def test_a_picture_for_people_only_is_left_to_their_browser(
    world: World, wanted_as: str, status: int
) -> None:
    """Where robots are kept out, only a browser that shows it in a page is sent there itself."""
    world.fetcher.answers[URL] = FetchError(FetchReason.ROBOTS, "robots.txt keeps programs out")
    with world.open() as ask:
        reply = ask(**({"sec_fetch_dest": wanted_as} if wanted_as else {}))
    assert (reply.status, reply.headers.get("location", URL)) == (status, URL)
    assert ("location" in reply.headers) == (status == 307)
    assert reply.headers["cache-control"] == "no-store"


def test_a_domain_that_rests_is_no_failure(world: World) -> None:
    """Who asks is told when to come again, and the next request tries."""
    world.fetcher.answers[URL] = FetchError(FetchReason.RATE_LIMITED, "rests", retry_after=7.2)
    with world.open() as ask:
        reply = ask()
        assert (reply.status, reply.headers["retry-after"]) == (503, "8")
        world.fetcher.answers[URL] = PNG
        assert ask().status == 200


def test_a_picture_that_cannot_be_kept_is_sent_all_the_same(world: World) -> None:
    """Neither a cache that is too small nor a full disk takes a picture from anybody."""
    large = picture(3_000_000)
    world.fetcher.answers[URL] = large
    with world.open(limit=1_000) as ask:
        assert ask().body == large
        assert ask().headers["etag"] == ask().headers["etag"]
    (world.folder / "images").write_text("in the way")
    with world.open() as ask:
        assert ask().body == large


def test_what_is_no_picture_on_disk_is_not_sent(world: World) -> None:
    """A kept file that somebody put something else into is fetched anew."""
    with world.open() as ask:
        ask()
        (kept,) = (world.folder / "images").iterdir()
        kept.write_bytes(b"<script>alert(1)</script>")
        assert ask().body == PNG
    assert len(world.fetcher.asked) == 2
