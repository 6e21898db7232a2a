"""Redirects: where they are followed to, with what, and what is remembered of them."""

from __future__ import annotations

import pytest

from aggregator.errors import FetchError, FetchReason
from aggregator.fetch.redirects import Hop, first_hop, next_hop
from aggregator.model.pages import NotModified, Request, Validators
from tests.support.fetching import Client, MakeClient
from tests.support.origin import Origin, bomb, head, redirect, send

START = "http://news.example/a/feed?x=1"
HEADERS = {
    "Authorization": "Basic x",
    "Cookie": "id=1",
    "X-Api-Key": "k",
    "Accept-Language": "zh",
    "Content-Type": "text/plain",
}


def hop(url: str = START, method: str = "GET", body: bytes = b"") -> Hop:
    """The first request of an exchange."""
    return first_hop(Request(url, method, HEADERS, body), {"If-None-Match": '"1"'})


@pytest.mark.parametrize(
    ("location", "url"),
    [
        ("/b", "http://news.example/b"),
        ("b", "http://news.example/a/b"),
        ("?y=2", "http://news.example/a/feed?y=2"),
        ("//other.example/b", "http://other.example/b"),
        ("https://news.example/b", "https://news.example/b"),
        ("HTTP://NEWS.example/b", "http://news.example/b"),
        ("http://news.example", "http://news.example/"),
        ("/b#part", "http://news.example/b"),
        ("http://me:pass@news.example/b", "http://news.example/b"),
        ("/two words", "http://news.example/two%20words"),
        ("/新闻".encode().decode("latin-1"), "http://news.example/%E6%96%B0%E9%97%BB"),
        ("http://bücher.example/".encode().decode("latin-1"), "http://xn--bcher-kva.example/"),
        ("http://other.example:443/b", "http://other.example:443/b"),
    ],
)
def test_a_location_is_read_as_the_standard_says(location: str, url: str) -> None:
    """Relative, without a scheme, with a fragment, in UTF-8: all lead to one clean address."""
    assert next_hop(hop(), 302, location).url == url


@pytest.mark.parametrize(
    ("location", "reason"),
    [
        ("file:///etc/passwd", FetchReason.BAD_URL),
        ("gopher://news.example/", FetchReason.BAD_URL),
        ("data:text/xml,x", FetchReason.BAD_URL),
        ("http://[::1", FetchReason.BAD_URL),
        ("/" + "x" * 8000, FetchReason.BAD_URL),
        ("http://news.example:22/", FetchReason.BLOCKED_ADDRESS),
        ("http://news.example:8080/", FetchReason.BLOCKED_ADDRESS),
    ],
)
def test_some_places_are_not_gone_to(location: str, reason: FetchReason) -> None:
    """Only http and https, only the usual ports or the one that the source itself has."""
    with pytest.raises(FetchError) as caught:
        next_hop(hop(), 302, location)
    assert caught.value.reason is reason


def test_the_port_of_the_source_stays_open_to_it() -> None:
    """A source that lives at a port of its own may redirect to it, from anywhere on the way."""
    step = next_hop(hop("http://news.example:8080/feed"), 302, "http://cdn.example/feed")
    assert next_hop(step, 302, "http://news.example:8080/x").url == "http://news.example:8080/x"


@pytest.mark.parametrize(
    ("start", "location", "keeps"),
    [
        (START, "/b", True),
        (START, "https://news.example/b", True),
        (START, "https://news.example:443/b", True),
        (START, "http://other.example/b", False),
        (START, "http://www.news.example/b", False),
        ("https://news.example/", "http://news.example/b", False),
        ("http://news.example:8080/", "http://news.example/b", False),
        ("http://news.example:8080/", "https://news.example/b", False),
    ],
)
def test_secrets_stay_with_their_origin(start: str, location: str, *, keeps: bool) -> None:
    """Another origin gets no password, cookie or key; what everyone may know goes along."""
    headers = next_hop(hop(start), 302, location).headers
    assert all((name in headers) is keeps for name in ("Authorization", "Cookie", "X-Api-Key"))
    assert headers["Accept-Language"] == "zh"
    assert headers["If-None-Match"] == '"1"'


@pytest.mark.parametrize(
    ("method", "status", "then"),
    [
        ("POST", 301, "GET"),
        ("POST", 302, "GET"),
        ("POST", 303, "GET"),
        ("POST", 307, "POST"),
        ("POST", 308, "POST"),
        ("HEAD", 302, "HEAD"),
        ("GET", 303, "GET"),
    ],
)
def test_a_post_becomes_a_get_where_the_standard_says(method: str, status: int, then: str) -> None:
    """After 301, 302 and 303 a POST goes on as a GET without its body (RFC 9110 §15.4)."""
    step = next_hop(hop(method=method, body=b"q"), status, "/b")
    assert step.method == then
    kept = method == then
    assert (step.body == b"q", "Content-Type" in step.headers) == (kept, kept)


@pytest.mark.parametrize(
    ("way", "moved"),
    [
        ([(301, "/b")], True),
        ([(308, "/b"), (301, "/c")], True),
        ([(301, "http://other.example/")], True),
        ([(301, "https://news.example/")], True),
        ([(302, "/b")], False),
        ([(301, "/b"), (302, "/c")], False),
        ([(307, "/b"), (301, "/c")], False),
        ([(301, "https://news.example/"), (301, "http://news.example/b")], False),
    ],
)
def test_a_move_counts_only_when_every_step_was_for_good(
    way: list[tuple[int, str]], *, moved: bool
) -> None:
    """One temporary redirect, or one step from https to http, and the old address stays."""
    step = hop()
    for status, location in way:
        step = next_hop(step, status, location)
    assert step.permanent is moved


@pytest.mark.parametrize(("length", "fits"), [(4, True), (5, True), (6, False)])
def test_five_redirects_are_followed(
    origin: Origin, client: Client, length: int, *, fits: bool
) -> None:
    """A chain of five redirects arrives, one of six does not, and nobody asks a seventh time."""
    for n in range(length):
        origin.behave(f"/{n}", redirect(f"/{n + 1}"))
    origin.serve(f"/{length}", b"here")
    if fits:
        page = client.page(origin.url("/0"))
        assert (page.body, page.final_url) == (b"here", origin.url(f"/{length}"))
    else:
        assert client.error(origin.url("/0")).reason is FetchReason.TOO_MANY_REDIRECTS
    assert len(origin.requests) == min(length + 1, 6)


def test_a_loop_that_grows_ends(origin: Origin, client: Client) -> None:
    """A page that redirects to itself with an ever longer query is asked six times at most."""
    origin.behave("/loop", redirect("/loop?" + "x" * 1000))
    assert client.error(origin.url("/loop")).reason is FetchReason.TOO_MANY_REDIRECTS
    assert len(origin.requests) == 6


def test_the_body_of_a_redirect_is_not_read(origin: Origin, client: Client) -> None:
    """A redirect with a bomb, or without an end, for a body costs nothing: it stays unread."""
    zipped = {"Content-Encoding": "gzip"}
    origin.behave("/bomb", redirect("/endless", body=bomb(30_000_000), headers=zipped))
    endless = head(302, {"Location": "/feed"}, length=10**10)
    origin.behave("/endless", send(endless + b"x" * 1_000_000))
    origin.serve("/feed", b"here")
    assert client.page(origin.url("/bomb")).body == b"here"


def test_a_moved_source_says_where_it_is(origin: Origin, client: Client) -> None:
    """A page after permanent redirects alone tells the new address."""
    origin.behave("/old", redirect("/new#top", 301))
    origin.behave("/lost", redirect("/new", 302))
    new = origin.serve("/new", b"here")
    assert client.page(origin.url("/old")).moved_to == new
    assert client.page(origin.url("/lost")).moved_to == ""
    assert client.page(new).moved_to == ""


def test_conditions_and_cookies_on_the_way(origin: Origin, make_client: MakeClient) -> None:
    """The condition arrives at the end of the way; a cookie that was set on it does not."""
    with Origin() as other:
        headers = {"Set-Cookie": "id=1; path=/"}
        other.serve("/feed", b"here", etag='"1"')
        origin.behave("/old", redirect("/older", headers=headers))
        origin.behave("/older", redirect(other.url("/feed")))
        # Another port is open to a redirect only where the source itself lives at it.
        client = make_client(other)
        error = client.error(origin.url("/old"))
        assert error.reason is FetchReason.BLOCKED_ADDRESS
        origin.behave("/older", redirect("/feed"))
        origin.serve("/feed", b"here", etag='"1"')
        answer = client.ask(origin.url("/old"), Validators(etag='"1"'))
        assert isinstance(answer, NotModified)
        assert not any("cookie" in seen.headers for seen in origin.requests)


@pytest.mark.parametrize("status", [301, 302, 307])
def test_a_redirect_to_nowhere_is_an_error(origin: Origin, client: Client, status: int) -> None:
    """A redirect without a Location is just a failed request."""
    origin.behave("/x", send(head(status, length=0)))
    assert client.error(origin.url("/x")).reason is FetchReason.HTTP_ERROR
