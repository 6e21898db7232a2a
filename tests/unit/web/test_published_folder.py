import gzip
import hashlib
import os
import sys
from collections.abc import Iterator
from pathlib import Path

import brotli
import pytest

from aggregator.web.app import published_names
from aggregator.web.documents import CACHE_CONTROL
from tests.support.serving import Client, serving, site

FEED = b'<?xml version="1.0"?><rss version="2.0"><channel>' + b"<item/>" * 200 + b"</channel></rss>"
WHEN = 1_700_000_000


def published(root: Path) -> Path:
    """A small published folder, with files beside and in it that nobody may read."""
    feeds = root / "feeds"
    (feeds / "finance" / "金融").mkdir(parents=True)
    for name in ("finance/rss.xml", "finance/金融/rss.xml", "finance/index.html", "index.html"):
        (feeds / name).write_bytes(FEED)
        os.utime(feeds / name, (WHEN, WHEN))
    (feeds / "finance" / ".rss.xml.tmp").write_bytes(b"half")
    (feeds / "finance" / "rss.xml.tmp").write_bytes(b"half")
    (root / "rss.xml").write_bytes(b"secret")
    return feeds


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Client]:
    """A server over a folder that no test changes."""
    with serving(site(published(tmp_path_factory.mktemp("site")))) as client:
        yield client


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder that a test may change."""
    return published(tmp_path)


@pytest.fixture
def changing(folder: Path) -> Iterator[Client]:
    """A server over the folder that a test may change."""
    with serving(site(folder)) as client:
        yield client


def test_a_feed_is_sent_with_all_its_headers(client: Client) -> None:
    """Type with charset, length, validators, caching and the walls against script are there."""
    reply = client.get("/finance/rss.xml")
    assert (reply.status, reply.body) == (200, FEED)
    reply.headers.pop("date")
    assert reply.headers.pop("content-security-policy").startswith("default-src 'none'; ")
    assert reply.headers == {
        "content-type": "application/rss+xml; charset=utf-8",
        "content-length": str(len(FEED)),
        "etag": f'"{hashlib.sha256(FEED).hexdigest()[:32]}-identity"',
        "last-modified": "Tue, 14 Nov 2023 22:13:20 GMT",
        "cache-control": CACHE_CONTROL,
        "vary": "Accept, Accept-Encoding",
        "x-content-type-options": "nosniff",
        "referrer-policy": "no-referrer",
        "connection": "close",
    }


def test_each_coding_has_its_own_tag_and_the_same_content(client: Client) -> None:
    """Both codings decode to the file, tell their length, and never share a strong tag."""
    replies = {
        coding: client.get("/finance/rss.xml", {"Accept-Encoding": coding})
        for coding in ("identity", "gzip", "br")
    }
    assert gzip.decompress(replies["gzip"].body) == brotli.decompress(replies["br"].body) == FEED
    assert [reply.headers.get("content-encoding") for reply in replies.values()] == [
        None,
        "gzip",
        "br",
    ]
    assert all(int(r.headers["content-length"]) == len(r.body) for r in replies.values())
    assert len({reply.headers["etag"] for reply in replies.values()}) == 3


def test_a_client_that_refuses_every_coding_gets_406(client: Client) -> None:
    """What cannot be sent as asked for is said to be so, not sent otherwise."""
    assert client.get("/finance/rss.xml", {"Accept-Encoding": "identity;q=0"}).status == 406


@pytest.mark.parametrize("coding", ["identity", "gzip", "br"])
def test_unchanged_is_304_without_body(client: Client, coding: str) -> None:
    """A 304 repeats the validators and the walls, and carries neither body nor type nor length."""
    whole = client.get("/finance/rss.xml", {"Accept-Encoding": coding})
    etag = whole.headers["etag"]
    reply = client.get("/finance/rss.xml", {"Accept-Encoding": coding, "If-None-Match": etag})
    assert (reply.status, reply.body) == (304, b"")
    kept = ("etag", "last-modified", "cache-control", "vary", "content-security-policy")
    assert all(reply.headers[name] == whole.headers[name] for name in kept)
    assert not {"content-type", "content-length", "content-encoding"} & set(reply.headers)


def test_several_lines_of_one_field_are_one_list(client: Client) -> None:
    """A tag on the second If-None-Match line counts like one on the first."""
    etag = client.get("/finance/rss.xml").headers["etag"]
    lines = ['If-None-Match: "a"', f"If-None-Match: {etag}", "Host: x", "Connection: close"]
    request = "\r\n".join(["GET /finance/rss.xml HTTP/1.1", *lines, "", ""])
    assert client.send(request.encode()).status == 304


def test_a_failed_precondition_is_412(client: Client) -> None:
    """If-Match with another tag is answered by a refusal, not by the document."""
    assert client.get("/finance/rss.xml", {"If-Match": '"x"'}).status == 412


@pytest.mark.parametrize("path", ["/finance/rss.xml", "/finance", "/", "/nothing", "/healthz"])
def test_head_is_get_without_the_body(client: Client, path: str) -> None:
    """Status and headers of HEAD equal those of GET, Content-Length included."""
    get, head = client.get(path), client.get(path, method="HEAD")
    get.headers.pop("date"), head.headers.pop("date")
    assert (head.status, head.headers, head.body) == (get.status, get.headers, b"")


def test_ranges_are_ignored(client: Client) -> None:
    """A range gets the whole document, as RFC 9110 allows."""
    reply = client.get("/finance/rss.xml", {"Range": "bytes=0-3"})
    assert (reply.status, reply.body) == (200, FEED)


def test_a_folder_is_its_index_page(client: Client) -> None:
    """`/finance/` is its index.html; without the slash the address is put right."""
    assert client.get("/finance/").body == FEED
    reply = client.get("/finance?x=//evil.example")
    assert (reply.status, reply.headers["location"]) == (308, "/finance/")
    assert reply.headers["x-content-type-options"] == "nosniff"


def test_a_redirect_never_leaves_the_site(changing: Client, folder: Path) -> None:
    """No address leads elsewhere by a redirect, and a Host header is never repeated."""
    (folder / "evil.example").mkdir()
    (folder / "evil.example" / "index.html").write_bytes(b"x")
    assert changing.get("//evil.example").status == 404
    reply = changing.get("/evil.example", {"Host": "attacker.example"})
    assert (reply.status, reply.headers["location"]) == (308, "/evil.example/")
    assert b"attacker" not in reply.body


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "OPTIONS", "PATCH", "TRACE"])
@pytest.mark.parametrize("path", ["/finance/rss.xml", "/nothing", "/healthz", "/../rss.xml"])
def test_only_reading_is_allowed(client: Client, method: str, path: str) -> None:
    """Any other method is 405, with what is allowed."""
    reply = client.get(path, method=method)
    assert (reply.status, reply.headers["allow"]) == (405, "GET, HEAD")


@pytest.mark.parametrize(
    "path",
    [
        "/../rss.xml",
        "/..%2frss.xml",
        "/%2e%2e/rss.xml",
        "/%2e%2e%2frss.xml",
        "/finance/../../rss.xml",
        "/finance/..%5c..%5crss.xml",
        "/finance%2frss.xml",
        "//rss.xml",
        "/finance//rss.xml",
        "/finance/rss.xml/",
        "/finance/rss.xml%00",
        "/finance/rss.xml%00.html",
        "/finance/.rss.xml.tmp",
        "/finance/rss.xml.tmp",
        "/finance/rss.xml%0d%0aX-Evil:1",
        "/finance/README.md",
        "/" + "a/" * 1000 + "rss.xml",
        "/" + "a" * 3000,
        "/%ff/rss.xml",
        "/<script>alert(1)</script>",
        "/articles/" + "0" * 20,
        "/articles/",
    ],
)
def test_what_is_not_published_is_404(client: Client, path: str) -> None:
    """Every other address is a plain 404 that repeats nothing of the request."""
    reply = client.get(path)
    assert reply.status == 404
    assert reply.headers["content-type"] == "text/plain; charset=utf-8"
    assert reply.headers["x-content-type-options"] == "nosniff"
    assert reply.body == b"There is nothing at this address.\n"
    assert "x-evil" not in reply.headers


def test_nothing_outside_the_folder_is_opened(folder: Path, changing: Client) -> None:
    """Neither spellings of a parent nor links and pipes lead to a file outside the folder."""
    (folder / "link").symlink_to(folder.parent, target_is_directory=True)
    (folder / "finance" / "atom.xml").symlink_to(folder.parent / "rss.xml")
    (folder / "inside").symlink_to(folder / "finance", target_is_directory=True)
    os.mkfifo(folder / "feed.json")
    opened: list[str] = []
    watching = True

    def watch(event: str, arguments: tuple[object, ...]) -> None:
        if watching and event == "open" and isinstance(arguments[0], str | bytes | os.PathLike):
            opened.append(os.fsdecode(arguments[0]))

    sys.addaudithook(watch)
    refused = [
        "/link/rss.xml",
        "/finance/atom.xml",
        "/feed.json",
        "/finance/%2e%2e/%2e%2e/rss.xml",
        "/..%2frss.xml",
    ]
    statuses = [changing.get(path).status for path in refused]
    allowed = changing.get("/inside/rss.xml")
    watching = False
    assert statuses == [404] * len(refused)
    assert (allowed.status, allowed.body) == (200, FEED)
    under = [path for path in opened if str(folder.parent) in path]
    assert under
    assert all(Path(path).is_relative_to(folder) for path in under)


def test_a_missing_folder_is_empty_and_may_come_back(folder: Path, changing: Client) -> None:
    """Without its folder the service answers 404, and serves again as soon as it is there."""
    assert changing.get("/finance/rss.xml").status == 200
    folder.rename(folder.with_name("away"))
    assert [changing.get(path).status for path in ("/finance/rss.xml", "/", "/finance")] == [
        404
    ] * 3
    folder.with_name("away").rename(folder)
    assert changing.get("/finance/rss.xml").body == FEED


def test_every_format_is_served_with_its_type(changing: Client, folder: Path) -> None:
    """Each file name that formats write is answered with the media type that they name."""
    for name, media_type in published_names().items():
        (folder / name).write_bytes(b"x")
        assert changing.get(f"/{name}").headers["content-type"] == media_type
        assert media_type.endswith("; charset=utf-8")


def test_letters_of_every_script_are_addresses(client: Client) -> None:
    """A category with a Chinese name is found under its percent-encoded address."""
    assert client.get("/finance/%E9%87%91%E8%9E%8D/rss.xml").body == FEED


def test_the_time_told_is_never_in_the_future(changing: Client, folder: Path) -> None:
    """A file dated ahead of the clock is told as of now (RFC 9110 §8.8.2.1)."""
    os.utime(folder / "index.html", (WHEN * 2, WHEN * 2))
    assert "2077" not in changing.get("/index.html").headers["last-modified"]
