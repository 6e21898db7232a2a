from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from http.client import HTTPConnection
from pathlib import Path

import pytest
from starlette.types import Receive, Scope, Send

from aggregator.web.answers import not_found
from aggregator.web.files import PublishedFolder
from tests.support.serving import Client, serving

NAMES = {"rss.xml": "application/rss+xml; charset=utf-8", "index.html": "text/html; charset=utf-8"}
FEED = b"<rss>" + b"<item/>" * 500 + b"</rss>"


class Counted(PublishedFolder):
    """Counts the requests that take the long way."""

    long_ways = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Count, and answer."""
        self.long_ways += 1
        await super().__call__(scope, receive, send)


def counted(folder: Path) -> Counted:
    """A folder with a feed and a page, at the top and below."""
    for name in ("rss.xml", "index.html", "金融/rss.xml", "金融/index.html"):
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_bytes(FEED)
    return Counted(folder, NAMES, not_found())


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Counted:
    """An application whose files no test changes."""
    return counted(tmp_path_factory.mktemp("feeds"))


@pytest.fixture(scope="module")
def client(app: Counted) -> Iterator[Client]:
    """A server for it."""
    with serving(app) as client:
        yield client


@contextmanager
def kept_open(client: Client) -> Iterator[HTTPConnection]:
    """A connection that stays open, over which one request was answered already."""
    connection = HTTPConnection(client.host, client.port, timeout=20)
    asked(connection, "GET", "/nothing", {})
    yield connection
    connection.close()


@pytest.fixture
def kept(client: Client) -> Iterator[HTTPConnection]:
    """Such a connection to the server of all tests."""
    with kept_open(client) as connection:
        yield connection


def asked(
    connection: HTTPConnection, method: str, path: str, headers: Mapping[str, str]
) -> tuple[int, list[tuple[str, str]], bytes]:
    """Status, headers without the date, and body of the answer."""
    connection.request(method, path, headers=headers)
    answer = connection.getresponse()
    body = answer.read()
    told = [(name, value) for name, value in answer.getheaders() if name != "date"]
    assert len(told) == len(answer.getheaders()) - 1
    return answer.status, told, body


PROMPT = [
    ({}, 200),
    ({"Accept-Encoding": "gzip"}, 200),
    ({"Accept-Encoding": "br, gzip;q=0.5"}, 200),
    ({"Accept": "text/html,application/xml;q=0.9,*/*;q=0.8"}, 200),
    ({"If-None-Match": '"a", TAG'}, 304),
    ({"If-None-Match": "*"}, 304),
    ({"If-None-Match": '"a"'}, 200),
    ({"If-Modified-Since": "Fri, 01 Jan 2100 00:00:00 GMT"}, 304),
    ({"If-Modified-Since": "Sat, 01 Jan 2000 00:00:00 GMT"}, 200),
]


@pytest.mark.parametrize("path", ["/rss.xml", "/", "/%E9%87%91%E8%9E%8D/", "/rss.xml?a=1"])
@pytest.mark.parametrize(("headers", "status"), PROMPT)
def test_the_short_way_gives_the_answer_of_the_long_one(
    app: Counted, kept: HTTPConnection, path: str, headers: dict[str, str], status: int
) -> None:
    """What stands in memory is answered without the application, and not otherwise than by it."""
    tag = dict(asked(kept, "GET", path, {})[1])["etag"]
    headers = {name: value.replace("TAG", tag) for name, value in headers.items()}
    before = app.long_ways
    prompt = {method: asked(kept, method, path, headers) for method in ("GET", "HEAD")}
    assert app.long_ways == before
    for method, answer in prompt.items():
        kept.close()  # the first request of a new connection takes the long way
        assert asked(kept, method, path, headers) == answer
    assert app.long_ways == before + 2
    assert prompt["GET"][0] == status
    assert [bool(prompt["GET"][2]), bool(prompt["HEAD"][2])] == [status == 200, False]


@pytest.mark.parametrize(
    ("request_line", "headers", "status"),
    [
        ("GET /other.xml", {}, 404),
        ("GET //rss.xml", {}, 404),
        ("GET /../rss.xml", {}, 404),
        ("POST /rss.xml", {}, 404),
        ("GET /%E9%87%91%E8%9E%8D", {}, 308),
        ("GET /rss.xml", {"If-Match": '"a"'}, 412),
        ("GET /rss.xml", {"Accept-Encoding": "identity;q=0"}, 406),
        ("GET /rss.xml", {"Connection": "close"}, 200),
    ],
)
def test_whatever_is_not_that_simple_goes_the_long_way(
    app: Counted, kept: HTTPConnection, request_line: str, headers: dict[str, str], status: int
) -> None:
    """Refusals, redirects, what is not there and a last request are left to the application."""
    method, path = request_line.split(" ")
    asked(kept, "GET", "/rss.xml", {})
    before = app.long_ways
    assert asked(kept, method, path, headers)[0] == status
    assert app.long_ways == before + 1


def test_a_changed_file_is_not_answered_from_memory(tmp_path: Path) -> None:
    """The first answer after a change is the new file, and so is every one after it."""
    with serving(counted(tmp_path)) as client, kept_open(client) as kept:
        asked(kept, "GET", "/rss.xml", {})
        (tmp_path / "new").write_bytes(b"new")
        (tmp_path / "new").replace(tmp_path / "rss.xml")
        assert [asked(kept, "GET", "/rss.xml", {})[2] for _ in range(2)] == [b"new", b"new"]
        (tmp_path / "rss.xml").unlink()
        assert asked(kept, "GET", "/rss.xml", {})[0] == 404


def test_requests_sent_ahead_are_answered_in_their_order(client: Client) -> None:
    """However an answer is made, none overtakes another on its connection."""
    paths = [*["/rss.xml", "/nothing", "/", "/rss.xml"] * 50, "/last"]
    lines = [f"GET {path} HTTP/1.1\r\nHost: x\r\n" for path in paths]
    lines[-1] += "Connection: close\r\n"
    with client.connect() as connection:
        connection.sendall("\r\n".join([*lines, ""]).encode())
        answers = b"".join(iter(lambda: connection.recv(65536), b"")).split(b"HTTP/1.1 ")[1:]
    expected = [b"404" if path in ("/nothing", "/last") else b"200" for path in paths]
    assert [answer[:3] for answer in answers] == expected


def test_a_body_is_no_request(app: Counted, kept: HTTPConnection) -> None:
    """The body of a request that is answered at once is dropped, whatever it looks like."""
    asked(kept, "GET", "/rss.xml", {})
    before = app.long_ways
    kept.request("GET", "/rss.xml", body=b"GET /nothing HTTP/1.1\r\nHost: x\r\n\r\n")
    assert kept.getresponse().read() == FEED
    assert asked(kept, "GET", "/rss.xml", {})[::2] == (200, FEED)
    assert app.long_ways == before
