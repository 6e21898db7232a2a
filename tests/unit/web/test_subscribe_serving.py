"""`/subscribe` over HTTP: its own policy, and what becomes of feeds that are not there."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from collections.abc import Iterator

import pytest

from aggregator.formats.pages import Frame
from aggregator.formats.subscribe_page import render_subscribe
from aggregator.model.published import PublishedCategory
from aggregator.web.addresses import LONGEST_FEED_PATH
from aggregator.web.app import SitePages, create_app
from aggregator.web.search import Search
from aggregator.web.status import Status
from tests.support.serving import Client, Condition, serving

FOR_PEOPLE = {"Accept": "text/html,*/*;q=0.8"}
LONG = "x" * LONGEST_FEED_PATH
PUBLISHED = ("news", "新/x", LONG)


def subscribe(path: str) -> bytes | None:
    """The real page, for what is published."""
    if path not in PUBLISHED:
        return None
    feed = PublishedCategory(path, "News", "", "en", f"https://x.example/{path}/", ("rss",))
    return render_subscribe(Frame("Wire", "en", "UTC", ""), feed)


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Client]:
    """A site on which some categories moved and some were removed."""
    folder = tmp_path_factory.mktemp("feeds")
    note = {"moved": {"old": "新", "older": "old"}, "gone": ["dead"]}
    (folder / ".addresses").write_text(json.dumps(note))
    pages = SitePages(
        Status(lambda: b""),
        Search(lambda *_: b""),
        subscribe,
        lambda _path: b"<p>nothing",
        lambda path: f"<p>{path} is gone".encode(),
    )
    with serving(create_app(folder, Condition({}), pages=pages)) as served:
        yield served


def test_its_one_script_may_run_and_nothing_else(client: Client) -> None:
    """The policy names the script in the page by its hash; the other headers are as everywhere."""
    reply = client.get("/subscribe?feed=news")
    scripts = re.findall(rb"<script>(.*?)</script>", reply.body, re.DOTALL)
    digest = base64.b64encode(hashlib.sha256(scripts[0]).digest()).decode()
    assert (reply.status, len(scripts), reply.body.count(b"<script")) == (200, 1, 1)
    assert reply.headers["content-security-policy"] == (
        f"default-src 'none'; script-src 'sha256-{digest}'; style-src 'self'; img-src 'self'; "
        "base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
    )
    assert reply.headers["x-content-type-options"] == "nosniff"
    assert reply.headers["referrer-policy"] == "no-referrer"
    assert reply.headers["content-type"] == "text/html; charset=utf-8"


def test_it_is_answered_like_every_page(client: Client) -> None:
    """304 to whom has it, HEAD without a body, 405 for what would write."""
    page = client.get("/subscribe?feed=%E6%96%B0/x")
    known = {"If-None-Match": page.headers["etag"]}
    assert client.get("/subscribe?feed=%E6%96%B0%2Fx", known).status == 304
    head = client.get("/subscribe?feed=news", method="HEAD")
    assert (head.status, head.body) == (200, b"")
    assert client.get("/subscribe?feed=news", method="POST").status == 405


@pytest.mark.parametrize(
    ("path", "status"),
    [
        *((each, 404) for each in ("", "nothing", "news/", "../news", "%00", "%FF", "/" * 5000)),
        (LONG[1:], 404),
        (LONG, 200),
        (LONG + "x", 404),
        ("dead/" * 199, 410),
    ],
)
def test_where_no_feed_is_there_is_no_page(client: Client, path: str, status: int) -> None:
    """404 for every path that never was published, or is too long, as a page for people."""
    reply = client.get(f"/subscribe?feed={path}", FOR_PEOPLE)
    assert reply.status == status
    assert (reply.body == b"<p>nothing") == (status == 404)
    assert client.get("/subscribe", FOR_PEOPLE).body == b"<p>nothing"


@pytest.mark.parametrize(
    ("path", "there"),
    [
        ("old", "subscribe?feed=%E6%96%B0"),
        ("old/x", "subscribe?feed=%E6%96%B0/x"),
        ("older/x%26y", "subscribe?feed=%E6%96%B0/x%26y"),
    ],
)
def test_a_moved_feed_leads_to_its_new_page(client: Client, path: str, there: str) -> None:
    """301 beside where it was asked for, so that it works below any path."""
    reply = client.get(f"/subscribe?feed={path}")
    assert (reply.status, reply.headers["location"]) == (301, there)


@pytest.mark.parametrize("path", ["dead", "dead/below"])
def test_a_removed_feed_is_gone(client: Client, path: str) -> None:
    """410, to people by the page that stands there everywhere."""
    page = client.get(f"/subscribe?feed={path}", FOR_PEOPLE)
    assert (page.status, page.body) == (410, b"<p>dead is gone")
    assert client.get(f"/subscribe?feed={path}").body == b"What was here was removed for good.\n"
