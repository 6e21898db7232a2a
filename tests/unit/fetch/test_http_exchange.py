"""What a good origin gets and gives: plain fetches and conditional requests."""

from __future__ import annotations

import hashlib
import threading
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest
import requests

from aggregator.errors import FetchReason
from aggregator.fetch import wire
from aggregator.fetch.deadlines import Deadline
from aggregator.fetch.guard import AddressPolicy
from aggregator.fetch.wire import GuardedAdapter, Line
from aggregator.model.pages import NotModified, Request, Validators
from tests.support.fetching import NOW, Client, MakeClient
from tests.support.origin import Origin, head, send
from tests.support.origin.wire import Seen, Wire

FEED = b"<rss><channel/></rss>"
SHA = hashlib.sha256(FEED).hexdigest()
CHANGED_AT = datetime(2026, 11, 20, 8, 30, tzinfo=UTC)


def test_a_page_holds_what_was_sent(origin: Origin, client: Client) -> None:
    """A page has the bytes, the status, the time and, in lower case, the headers that matter."""
    url = origin.serve("/feed", FEED, headers={"X-Powered-By": "9", "Content-Language": "zh"})
    page = client.page(url)
    assert (page.body, page.status, page.final_url, page.fetched_at) == (FEED, 200, url, NOW)
    assert page.headers == {"content-type": "text/xml; charset=utf-8", "content-language": "zh"}
    assert page.validators == Validators(body_hash=SHA)
    assert page.moved_to == ""


def test_a_request_says_who_asks_and_nothing_more(origin: Origin, client: Client) -> None:
    """A first request carries our name and what we take, no condition, no cookie, no password."""
    origin.serve("/feed", FEED, headers={"Set-Cookie": "id=1"})
    client.page(origin.url("/feed"))
    client.page(origin.url("/feed"))
    for seen in origin.requests:
        assert set(seen.headers) == {"host", "user-agent", "accept", "accept-encoding"}
        assert seen.headers["user-agent"] == "tests/1 (+https://feeds.example/)"


def test_the_environment_is_not_read(
    origin: Origin, client: Client, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Neither a proxy nor a .netrc of the environment has any effect."""
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    netrc = tmp_path / "netrc"
    netrc.write_text("machine 127.0.0.1 login me password s3cret\n")
    monkeypatch.setenv("NETRC", str(netrc))
    origin.serve("/feed", FEED)
    assert client.page(origin.url("/feed")).body == FEED
    assert "authorization" not in origin.requests[0].headers


def test_configured_headers_body_and_method_are_sent(origin: Origin, client: Client) -> None:
    """A source's own headers win over ours, but for the encodings that we can undo."""
    headers = {"user-agent": "Special/2", "X-Key": "k", "accept-encoding": "zstd"}
    url = origin.serve("/api", FEED)
    client.page(Request(url, method="POST", headers=headers, body=b"q=1"))
    seen = origin.requests[0]
    assert (seen.method, seen.body) == ("POST", b"q=1")
    assert (seen.headers["user-agent"], seen.headers["x-key"]) == ("Special/2", "k")
    assert seen.headers["accept-encoding"] == "gzip, deflate, br"


def test_a_password_in_the_address_is_used_and_never_shown(origin: Origin, client: Client) -> None:
    """User and password of a configured address go into a header, and into nothing of ours."""
    url = origin.serve("/feed", FEED).replace("http://", "http://me:s%40cret@")
    page = client.page(url)
    assert origin.requests[0].headers["authorization"] == "Basic bWU6c0BjcmV0"
    assert page.final_url == origin.url("/feed")
    assert "cret" not in str(client.error(url.replace("/feed", "/missing")))


@pytest.mark.parametrize(("etag", "last_modified"), [('W/"a"', None), ("", CHANGED_AT)])
def test_an_unchanged_document_is_not_sent_again(
    origin: Origin, client: Client, etag: str, last_modified: datetime | None
) -> None:
    """With what the last answer brought, the next request is conditional and gets a 304."""
    url = origin.serve("/feed", FEED, etag=etag, last_modified=last_modified)
    first = client.page(url)
    second = client.ask(url, first.validators)
    assert isinstance(second, NotModified)
    assert (second.status, second.bytes_read) == (304, 0)
    assert second.validators == first.validators
    assert origin.connections == 1


def test_a_304_may_bring_new_validators(origin: Origin, client: Client) -> None:
    """What a 304 says about itself is remembered; the hash of the body stays."""
    origin.behave("/feed", send(head(304, {"ETag": '"2"'})))
    answer = client.ask(origin.url("/feed"), Validators('"1"', "", SHA))
    assert answer.validators == Validators('"2"', "", SHA)


def test_a_304_that_nobody_asked_for_is_a_bad_response(origin: Origin, client: Client) -> None:
    """Without a condition in the request, a 304 leaves us with nothing."""
    origin.behave("/feed", send(head(304)))
    error = client.error(origin.url("/feed"), Validators(body_hash=SHA))
    assert (error.reason, error.status) == (FetchReason.BAD_RESPONSE, 304)


def test_the_same_body_is_not_modified_whatever_the_server_says(
    origin: Origin, client: Client
) -> None:
    """A 200 with the body that we have counts as not modified, with its new validators."""
    url = origin.serve("/feed", FEED, etag='"never the same"')
    answer = client.ask(url, Validators('"old"', "", SHA))
    assert isinstance(answer, NotModified)
    assert (answer.status, answer.bytes_read) == (200, len(FEED))
    assert answer.validators.etag == '"never the same"'


def test_a_validator_of_absurd_length_is_not_kept(origin: Origin, client: Client) -> None:
    """A validator of 1,000 characters is remembered, a longer one is not."""
    kept = origin.serve("/kept", FEED, etag='"' + "e" * 998 + '"')
    long = origin.serve("/long", FEED, etag='"' + "e" * 999 + '"')
    assert len(client.page(kept).validators.etag) == 1000
    assert client.page(long).validators.etag == ""


def test_a_connection_serves_whoever_asks_next(origin: Origin, client: Client) -> None:
    """A connection that one thread opened is used again by the others."""
    url = origin.serve("/feed", FEED)
    for _ in range(3):
        with ThreadPoolExecutor(1) as pool:
            assert pool.submit(client.page, url).result().body == FEED
    assert origin.connections == 1


def test_a_connection_serves_one_thread_at_a_time(origin: Origin, client: Client) -> None:
    """Requests that are under way together go over connections of their own."""
    together = threading.Barrier(2)

    def answer_together(out: Wire, _: Seen) -> None:
        together.wait(10)
        out.write(head(200, length=len(FEED)) + FEED)

    url = origin.behave("/feed", answer_together)
    with ThreadPoolExecutor(2) as pool:
        assert [page.body for page in pool.map(client.page, [url, url])] == [FEED] * 2
    assert origin.connections == 2


@pytest.mark.parametrize(("kept_seconds", "connections"), [(60.0, 1), (0.0, 2)])
def test_a_connection_that_lay_idle_is_opened_anew(
    origin: Origin,
    client: Client,
    monkeypatch: pytest.MonkeyPatch,
    kept_seconds: float,
    connections: int,
) -> None:
    """A connection is used again within the time that it is kept, and not after it."""
    monkeypatch.setattr(wire, "KEPT_SECONDS", kept_seconds)
    url = origin.serve("/feed", FEED)
    assert [client.page(url).body for _ in range(2)] == [FEED] * 2
    assert origin.connections == connections


def test_a_deadline_leaves_alone_who_uses_its_connection_next(origin: Origin) -> None:
    """An exchange that gave its connection back does not cut it any more when its time is up."""
    asked = requests.Request("GET", origin.serve("/feed", FEED)).prepare()
    line, first = Line(AddressPolicy(allow_private=True), 10), Deadline(60)
    with closing(GuardedAdapter(line, None, 1)) as adapter:
        line.begin(first)
        assert adapter.send(asked, timeout=10).content == FEED
        first.cut()
        line.begin(Deadline(60))
        assert adapter.send(asked, timeout=10).content == FEED
    assert origin.connections == 1


def test_a_closed_fetcher_can_be_used_again(origin: Origin, make_client: MakeClient) -> None:
    """Closing gives up connections, no more."""
    client = make_client()
    url = origin.serve("/feed", FEED)
    client.page(url)
    client.fetcher.close()
    assert client.page(url).body == FEED
    assert origin.connections == 2


def test_a_page_says_when_to_believe_it_until(origin: Origin, client: Client) -> None:
    """Headers about freshness reach whoever plans the next fetch."""
    about = {"Cache-Control": "max-age=60", "Expires": "soon", "Age": "1", "Retry-After": "9"}
    page = client.page(origin.serve("/feed", FEED, headers=about))
    names = {name.lower(): value for name, value in about.items()}
    assert {name: page.headers[name] for name in names} == names
