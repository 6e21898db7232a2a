from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from urllib.parse import unquote

import pytest
from starlette.types import ASGIApp

from aggregator.errors import StoreError
from aggregator.web.app import SitePages, create_app
from aggregator.web.search import AT_ONCE, MOST_PAGES, Search, asked
from aggregator.web.status import Status
from tests.support.serving import Condition, serving

FOR_PEOPLE = {"Accept": "text/html,*/*;q=0.8"}


def echo(query: str, path: str, number: int) -> bytes:
    """A page that says what it was asked for."""
    return f"{query}|{path}|{number}".encode()


def app(
    folder: Path, search: Callable[[str, str, int], bytes] = echo, patience: float = 5
) -> ASGIApp:
    """The application with pages that are easy to tell apart."""
    pages = SitePages(
        Status(lambda: b"sources"),
        Search(search, patience),
        lambda path: f"<p>subscribe to {path}".encode() if path == "新/x" else None,
        lambda path: f"<p>nothing at {len(path)}".encode(),
        lambda path: f"<p>{path} is gone".encode(),
    )
    return create_app(folder, Condition({}), pages=pages)


@pytest.mark.parametrize(
    ("parameters", "understood"),
    [
        ({}, ("", "", 1)),
        ({"q": "  a b  ", "category": "x/y", "page": "7"}, ("a b", "x/y", 7)),
        ({"q": "x" * 200}, ("x" * 200, "", 1)),
        ({"q": "x" * 201}, ("x" * 200, "", 1)),
        ({"q": "a\x00b\ud800"}, ("ab", "", 1)),
        ({"page": "0"}, ("", "", 1)),
        ({"page": str(MOST_PAGES)}, ("", "", MOST_PAGES)),
        ({"page": str(MOST_PAGES + 1)}, ("", "", MOST_PAGES)),
        ({"page": "100"}, ("", "", 1)),
        ({"page": "-1"}, ("", "", 1)),
        ({"page": "²"}, ("", "", 1)),
    ],
)
def test_what_a_request_asks_for(
    parameters: dict[str, str], understood: tuple[str, str, int]
) -> None:
    """Each part is cut to its bound; what makes no sense is as if it were not there."""
    assert asked(parameters) == understood


def test_a_search_is_answered_with_its_walls(tmp_path: Path) -> None:
    """The page, its type, a short life, and the policy against script."""
    with serving(app(tmp_path)) as client:
        reply = client.get("/search?q=%E7%9F%A5%E8%AF%86+x&category=a%2Fb&page=2")
    assert reply.body.decode() == "知识 x|a/b|2"
    assert reply.headers["content-type"] == "text/html; charset=utf-8"
    assert "default-src 'none'" in reply.headers["content-security-policy"]


def test_without_a_database_a_search_says_so(tmp_path: Path) -> None:
    """503 with a time to come back, and not a word of what went wrong."""

    def broken(_query: str, _path: str, _number: int) -> bytes:
        raise StoreError("secret")

    with serving(app(tmp_path, broken)) as client:
        reply = client.get("/search?q=x")
    assert reply.status == 503
    assert reply.headers["retry-after"] == "10"
    assert b"secret" not in reply.body


def test_few_searches_run_at_once_and_nobody_waits_for_ever(tmp_path: Path) -> None:
    """As many as are allowed run; the next one is sent away when its patience ends."""
    free, running = threading.Event(), threading.Semaphore(0)

    def slow(query: str, _path: str, _number: int) -> bytes:
        running.release()
        free.wait(30)
        return query.encode()

    with serving(app(tmp_path, slow, patience=0.05)) as client, ThreadPoolExecutor(AT_ONCE) as pool:
        first = [pool.submit(client.get, f"/search?q={n}") for n in range(AT_ONCE)]
        for _ in first:
            assert running.acquire(timeout=30)
        assert client.get("/search?q=late").status == 503
        free.set()
        assert [each.result().body for each in first] == [b"0", b"1"]
        assert client.get("/search?q=again").body == b"again"


@pytest.mark.parametrize("path", ["/nothing", "/a/b/c", "/%3Cscript%3E", "/articles/", "/static/x"])
def test_where_nothing_is_people_get_a_page(tmp_path: Path, path: str) -> None:
    """404 as a page for a browser and as a line for a program; neither is kept."""
    with serving(app(tmp_path)) as client:
        page = client.get(path, FOR_PEOPLE)
        line = client.get(path)
        assert client.get(path, FOR_PEOPLE, method="POST").status == 405
    assert (page.status, page.body) == (404, f"<p>nothing at {len(unquote(path))}".encode())
    assert (line.status, line.body) == (404, b"There is nothing at this address.\n")
    assert page.headers["cache-control"] == line.headers["cache-control"] == "no-store"
    assert "default-src 'none'" in page.headers["content-security-policy"]
    assert page.headers["content-type"] == "text/html; charset=utf-8"


def test_where_something_was_people_get_a_page(tmp_path: Path) -> None:
    """410 as a page for a browser and as a line for a program; neither is kept."""
    (tmp_path / ".addresses").write_text('{"moved": {}, "gone": ["old/place"]}')
    with serving(app(tmp_path)) as client:
        page = client.get("/old/place/", FOR_PEOPLE)
        line = client.get("/old/place/rss.xml")
    assert (page.status, page.body) == (410, b"<p>old/place is gone")
    assert (line.status, line.body) == (410, b"What was here was removed for good.\n")
    assert page.headers["cache-control"] == line.headers["cache-control"] == "no-store"
    assert "default-src 'none'" in page.headers["content-security-policy"]


def test_the_page_of_sources_is_served(tmp_path: Path) -> None:
    """At its address, kept for some seconds."""
    with serving(app(tmp_path)) as client:
        reply = client.get("/sources")
    assert (reply.status, reply.body) == (200, b"sources")
    assert reply.headers["cache-control"] == "public, max-age=15"
