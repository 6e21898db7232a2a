"""The second wall: which policy each kind of answer carries, letter by letter."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from aggregator.config.tree import RESERVED
from aggregator.model.feeds import Private
from aggregator.model.published import StoredArticle, Withdrawal
from aggregator.publish.private import hidden_name, private_folder
from aggregator.text.signed_pictures import Picture, signed_path
from aggregator.web.app import SitePages, create_app
from aggregator.web.articles import Articles
from aggregator.web.metrics import Scrape
from aggregator.web.picture_cache import PictureCache
from aggregator.web.pictures import Pictures
from aggregator.web.private import PrivateFolder
from aggregator.web.search import Search
from aggregator.web.status import Status
from aggregator.web.websub import Callbacks
from tests.support.pictures import PNG
from tests.support.publishing import stored
from tests.support.serving import Client, Condition, Reply, serving

WALL = (
    "default-src 'none'; style-src 'self'; img-src 'self' http: https: data:; "
    "media-src http: https:; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)
"""Written out here, so that nobody opens it by the way."""
OF_ARTICLES = f"{WALL}; frame-src https://player.example"
OF_PICTURES = "default-src 'none'; sandbox"
FOR_PEOPLE = {"Accept": "text/html"}
NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
KEY, TOKEN = "sixteen letters.", "abcdefgh-0123456"
HERE, GONE = "0" * 19 + "1", "f" * 20
DESK = Private.model_validate({"token": TOKEN})
SHUT = Private.model_validate({"user": "ann", "password": "correct horse"})
PICTURE = f"/{signed_path(Picture('https://p.example/a.png', 'https://s.example/'), KEY)}"
CHALLENGE = "/websub/mine?hub.challenge=%3Cscript%3E"


class Shelf:
    """One article, and one that was taken back."""

    def article(self, token: str) -> StoredArticle | None:
        """The one."""
        return stored(1) if token == HERE else None

    def withdrawn(self, token: str) -> Withdrawal | None:
        """The other."""
        return Withdrawal("tag:x", token, "", NOW) if token == GONE else None


class Hubs:
    """Subscriptions that a hub may ask about."""

    def confirm(self, token: str, _said: dict[str, str]) -> bool:
        """Only one was meant."""
        return token == "mine"

    def knows(self, token: str) -> bool:
        """The same."""
        return token == "mine"

    def pushed(self, _token: str, _signature: str, _body: bytes, _content_type: str) -> bool:
        """Nothing is signed well."""
        return False


class Fetcher:
    """Has every picture."""

    def fetch(self, _picture: Picture, _now: datetime) -> bytes:
        """The same one."""
        return PNG


def broken() -> bytes:
    """A mistake of ours."""
    raise RuntimeError


def publish(folder: Path) -> None:
    """Files of every kind, a private feed, and notes about what moved and what was removed."""
    names = ("index.html", "feeds.opml", "news/index.html", "news/rss.xml", "news/atom.xml",
             "news/feed.json", "static/style.css", "static/icon.svg")  # fmt: skip
    hidden = private_folder(folder) / hidden_name("desk", DESK)
    for path in (*(folder / name for name in names), hidden / "rss.xml"):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("<p>by strangers</p>")
    (folder / ".addresses").write_text(json.dumps({"moved": {"old": "news"}, "gone": ["dead"]}))


def everything(folder: Path) -> Any:
    """An application with all that it can have."""
    pages = SitePages(
        Status(lambda: b"sources"),
        Search(lambda *_: b"found"),
        lambda path: b"<p>subscribe" if path == "news" else None,
        lambda _path: b"nothing",
        lambda _path: b"gone",
    )
    cache = PictureCache(folder / "images", 10_000_000, lambda: NOW)
    return create_app(
        folder,
        Condition({"database": "away"}),
        Articles(Shelf(), lambda _: b"article", ("player.example",), lambda _: b"withdrawn"),
        scrape=Scrape(lambda: b"1", "text/plain", lambda: ""),
        status=Status(broken),
        private=PrivateFolder(private_folder(folder), lambda: {"desk": DESK, "shut": SHUT}),
        pages=pages,
        callbacks=Callbacks(Hubs()),
        pictures=Pictures(lambda: KEY, Fetcher, cache, lambda: NOW),
    )


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Client]:
    """A server with everything."""
    folder = tmp_path_factory.mktemp("feeds")
    publish(folder)
    with serving(everything(folder)) as served:
        yield served


def ask(client: Client, asked: str) -> Reply:
    """`METHOD PATH`; with a `!` behind it the one who asks is a person."""
    method, _, path = asked.removesuffix("!").partition(" ")
    return client.get(path, FOR_PEOPLE if asked.endswith("!") else None, method)


@pytest.mark.parametrize(
    ("asked", "status", "policy"),
    [
        ("GET /", 200, WALL),
        ("HEAD /", 200, WALL),
        ("GET /feeds.opml", 200, WALL),
        ("GET /news/", 200, WALL),
        ("GET /news", 308, WALL),
        ("GET /news/rss.xml", 200, WALL),
        ("GET /news/rss.xml!", 200, WALL),
        ("GET /news/atom.xml", 200, WALL),
        ("GET /news/feed.json", 200, WALL),
        ("GET /static/style.css", 200, WALL),
        ("GET /static/icon.svg", 200, WALL),
        ("GET /old/rss.xml", 301, WALL),
        ("GET /dead/", 410, WALL),
        ("GET /dead/!", 410, WALL),
        ("GET /nothing", 404, WALL),
        ("GET /nothing!", 404, WALL),
        ("POST /", 405, WALL),
        (f"GET /articles/{HERE}", 200, OF_ARTICLES),
        (f"GET /articles/{GONE}", 410, WALL),
        (f"GET /articles/{GONE}!", 410, WALL),
        (f"GET /articles/{'0' * 20}!", 404, WALL),
        ("GET /search?q=x", 200, WALL),
        ("GET /sources", 200, WALL),
        ("GET /status", 500, WALL),
        ("GET /metrics", 200, WALL),
        ("GET /healthz", 200, WALL),
        ("GET /readyz", 503, WALL),
        (f"GET /private/desk/{TOKEN}/rss.xml", 200, WALL),
        ("GET /private/desk/another/rss.xml", 404, WALL),
        ("GET /private/shut/rss.xml", 401, WALL),
        (f"GET {PICTURE}", 200, OF_PICTURES),
        (f"GET {PICTURE}x", 404, WALL),
        (f"GET {CHALLENGE}", 200, WALL),
        ("GET /websub/other", 404, WALL),
        ("POST /websub/mine", 403, WALL),
        ("POST /websub/other", 410, WALL),
        ("GET /subscribe?feed=old", 301, WALL),
        ("GET /subscribe?feed=dead!", 410, WALL),
        ("GET /subscribe?feed=nothing!", 404, WALL),
        ("GET /subscribe!", 404, WALL),
        (f"GET /{'x' * 70_000}", 431, WALL),
    ],
)
def test_no_answer_but_one_lets_a_script_run(
    client: Client, asked: str, status: int, policy: str
) -> None:
    """Each kind of answer has its policy byte for byte, and none of them knows of scripts."""
    reply = ask(client, asked)
    assert (reply.status, reply.headers["content-security-policy"]) == (status, policy)


@pytest.mark.parametrize(
    ("fields", "status"),
    [
        ({"If-None-Match": "*"}, 304),
        ({"If-Match": '"x"'}, 412),
        ({"Accept-Encoding": "identity;q=0"}, 406),
    ],
)
def test_answers_to_conditions_have_the_same_policy(
    client: Client, fields: dict[str, str], status: int
) -> None:
    """What is not sent is walled like what is."""
    reply = client.get("/news/rss.xml", fields)
    assert (reply.status, reply.headers["content-security-policy"]) == (status, WALL)


def test_the_one_that_does_is_the_page_to_subscribe(client: Client) -> None:
    """And it allows no source of scripts but one hash: neither files of ours nor inline ones."""
    policy = client.get("/subscribe?feed=news").headers["content-security-policy"]
    allowed = [each for each in policy.split("; ") if each.startswith("script-src")]
    assert len(allowed) == 1
    assert allowed[0].startswith("script-src 'sha256-")
    assert "self" not in allowed[0]
    assert "unsafe" not in policy


def test_no_category_can_have_the_place_of_a_page_of_ours(tmp_path: Path) -> None:
    """Where each of our own pages begins is an id that the configuration refuses at the top."""
    routes = everything(tmp_path)._otherwise.routes
    assert len(routes) > 10
    assert {route.path.split("/")[1] for route in routes} <= RESERVED
