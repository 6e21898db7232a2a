"""Private feeds over HTTP: who knows the secret reads them, nobody else learns anything."""

from __future__ import annotations

import base64
from collections.abc import Iterator

import pytest

from aggregator.model.feeds import Private
from aggregator.publish.private import hidden_name, private_folder
from aggregator.web.app import create_app
from aggregator.web.private import PrivateFolder
from tests.support.serving import Client, Condition, serving

TOKEN = "abcdefgh-0123456"
READERS = {
    "desk": Private.model_validate({"token": TOKEN}),
    "家": Private.model_validate({"user": "安", "password": "correct: 马"}),
}


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Client]:
    """A server with two private feeds and a public one."""
    root = tmp_path_factory.mktemp("feeds")
    (root / "all").mkdir()
    (root / "all/rss.xml").write_text("public")
    for name, reader in READERS.items():
        folder = private_folder(root) / hidden_name(name, reader)
        folder.mkdir(parents=True)
        (folder / "rss.xml").write_text(f"<rss>{name}</rss>", encoding="utf-8")
        (folder / "index.html").write_text("never")
    private = PrivateFolder(private_folder(root), lambda: READERS)
    with serving(create_app(root, Condition({}), private=private)) as client:
        yield client


def basic(text: str) -> dict[str, str]:
    """The header that a browser sends."""
    return {"Authorization": "Basic " + base64.b64encode(text.encode()).decode()}


HOME = "/private/%E5%AE%B6/rss.xml"


def test_who_knows_the_token_reads_the_feed(client: Client) -> None:
    """The answer is private to every cache and to search engines, and can be asked for again."""
    reply = client.get(f"/private/desk/{TOKEN}/rss.xml")
    assert (reply.status, reply.body) == (200, b"<rss>desk</rss>")
    assert reply.headers["cache-control"] == "private, max-age=60, must-revalidate"
    assert reply.headers["x-robots-tag"] == "noindex"
    assert reply.headers["content-type"] == "application/rss+xml; charset=utf-8"
    known = {"If-None-Match": reply.headers["etag"]}
    assert client.get(f"/private/desk/{TOKEN}/rss.xml", known).status == 304
    assert client.get(f"/private/desk/{TOKEN}/rss.xml", method="HEAD").status == 200


@pytest.mark.parametrize(
    "path",
    [
        f"/private/desk/{TOKEN[:-1]}/rss.xml",
        f"/private/desk/{TOKEN}x/rss.xml",
        f"/private/desk/{TOKEN.upper()}/rss.xml",
        "/private/desk/%C3%A4/rss.xml",
        "/private/desk//rss.xml",
        "/private/desk/rss.xml",
        f"/private/nobody/{TOKEN}/rss.xml",
        f"/private/{TOKEN}/rss.xml",
        "/private/%E5%AE%B6/correct%3A%20%E9%A9%AC/rss.xml",
        f"/private/desk/{TOKEN}/atom.xml",
        f"/private/desk/{TOKEN}/index.html",
        f"/private/desk/{TOKEN}/",
        f"/private/desk/{TOKEN}/..%2f..%2fall%2frss.xml",
        f"/.private/{hidden_name('desk', READERS['desk'])}/rss.xml",
        "/private/",
    ],
)
def test_without_the_token_there_is_nothing(client: Client, path: str) -> None:
    """A wrong token, a wrong feed and a file that is not there cannot be told apart."""
    reply = client.get(path)
    assert (reply.status, reply.body) == (404, b"There is nothing at this address.\n")


def test_who_knows_user_and_password_reads_the_feed(client: Client) -> None:
    """Both may hold any letters, the password colons too (RFC 7617, UTF-8)."""
    reply = client.get(HOME, basic("安:correct: 马"))
    assert (reply.status, reply.body.decode()) == (200, "<rss>家</rss>")
    assert reply.headers["cache-control"] == "private, max-age=60, must-revalidate"


@pytest.mark.parametrize(
    "headers",
    [
        {},
        basic("安:correct: 馬"),
        basic("安:"),
        basic(":correct: 马"),
        basic("安安:correct: 马"),
        {"Authorization": "Basic ???"},
        {"Authorization": "Basic " + base64.b64encode(b"\xff:\xff").decode()},
        {"Authorization": "Bearer " + base64.b64encode("安:correct: 马".encode()).decode()},
    ],
)
def test_others_are_asked_for_the_password(client: Client, headers: dict[str, str]) -> None:
    """401 says how to ask, and nobody keeps it."""
    reply = client.get(HOME, headers)
    assert reply.status == 401
    assert reply.headers["www-authenticate"] == 'Basic realm="private feed", charset="UTF-8"'
    assert reply.headers["cache-control"] == "no-store"
    assert b"rss" not in reply.body
