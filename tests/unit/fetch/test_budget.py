"""One budget per registrable domain: so many requests at once, and a pause when asked for one."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor

import pytest

from aggregator.errors import FetchError, FetchReason
from aggregator.fetch.budget import LONGEST_REST, REST, Budget, registrable_domain
from tests.support.fetching import NOW, Client
from tests.support.origin import Origin, Seen, Wire, head, send


@pytest.mark.parametrize(
    ("host", "domain"),
    [
        ("example.com", "example.com"),
        ("Feeds.News.EXAMPLE.com.", "example.com"),
        ("www.sina.com.cn", "sina.com.cn"),
        ("blog.example.co.uk", "example.co.uk"),
        ("someone.github.io", "someone.github.io"),
        ("localhost", "localhost"),
        ("127.0.0.1", "127.0.0.1"),
        ("[::1]", "::1"),
        ("xn--bcher-kva.example", "xn--bcher-kva.example"),
        ("com", "com"),
        ("", ""),
    ],
)
def test_who_a_host_belongs_to(host: str, domain: str) -> None:
    """The public suffix list says where one owner ends and the next begins."""
    assert registrable_domain(host) == domain


def refusal(budget: Budget, host: str, seconds: float = 0) -> FetchError:
    """Why a turn is not given."""
    with pytest.raises(FetchError) as caught, budget.turn(host, seconds):
        pass
    return caught.value


def test_a_domain_has_so_many_places() -> None:
    """All hosts of a domain share its places; other domains have their own."""
    budget = Budget(2)
    with budget.turn("a.example.com", 0), budget.turn("b.example.com", 0):
        assert refusal(budget, "example.com").reason is FetchReason.RATE_LIMITED
        with budget.turn("example.org", 0):
            pass
    with budget.turn("example.com", 0):
        pass


def test_a_place_comes_free_by_failure_too() -> None:
    """A request that fails gives its place back."""
    budget = Budget(1)
    with pytest.raises(KeyError), budget.turn("example.com", 0):
        raise KeyError
    with budget.turn("example.com", 0):
        pass


def test_whoever_waits_gets_the_place() -> None:
    """A thread that waits goes on as soon as another one is done."""
    budget = Budget(1)
    done = threading.Event()

    def wait() -> None:
        with budget.turn("example.com", 30):
            done.set()

    with ThreadPoolExecutor(1) as pool:
        with budget.turn("example.com", 0):
            pool.submit(wait)
            assert not done.is_set()
        assert done.wait(30)


@pytest.mark.parametrize(
    ("asked", "longest"),
    [(100.0, 100.0), (None, REST), (LONGEST_REST, LONGEST_REST), (86400.0, LONGEST_REST)],
)
def test_a_pause_holds_for_the_whole_domain(asked: float | None, longest: float) -> None:
    """While a domain is left alone none of its hosts is asked, and the error says how long."""
    budget = Budget(2)
    budget.complaint("a.example.com", asked, NOW)
    error = refusal(budget, "b.example.com", 30)
    assert error.reason is FetchReason.RATE_LIMITED
    assert error.retry_after is not None
    assert longest - 30 < error.retry_after <= longest
    with budget.turn("example.org", 0):
        pass


def test_a_pause_is_not_made_shorter() -> None:
    """A second, shorter pause does not end the first; one of no length is over at once."""
    budget = Budget(2)
    budget.complaint("example.com", 100, NOW)
    budget.complaint("example.com", 1, NOW)
    assert (refusal(budget, "example.com").retry_after or 0) > 50
    budget.complaint("example.org", 0, NOW)
    with budget.turn("example.org", 0):
        pass


@pytest.mark.parametrize(
    ("status", "headers", "pauses"),
    [
        (429, {}, True),
        (429, {"Retry-After": "100"}, True),
        (503, {"Retry-After": "100"}, True),
        (503, {}, False),
        (500, {"Retry-After": "100"}, False),
        (404, {}, False),
    ],
)
def test_an_origin_that_has_enough_is_left_alone(
    origin: Origin, client: Client, status: int, headers: dict[str, str], *, pauses: bool
) -> None:
    """After 429, or 503 with a wait, no other source of the domain asks."""
    origin.serve("/other", b"here")
    origin.behave("/busy", send(head(status, headers, length=0)))
    assert client.error(origin.url("/busy")).status == status
    if pauses:
        assert client.error(origin.url("/other")).reason is FetchReason.RATE_LIMITED
    else:
        assert client.page(origin.url("/other")).body == b"here"
    assert len(origin.asked("/other")) == (0 if pauses else 1)


def test_requests_under_way_at_once_are_counted(origin: Origin, client: Client) -> None:
    """With many threads, an origin never sees more than `per_domain` requests at a time."""
    lock, now_open, most = threading.Lock(), [0], [0]

    def count(wire: Wire, _seen: Seen) -> None:
        with lock:
            now_open[0] += 1
            most[0] = max(most[0], now_open[0])
        wire.pause(0.02)
        with lock:
            now_open[0] -= 1
        wire.write(b"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 0\r\n\r\n")

    url = origin.behave("/feed", count)
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda _: client.page(url), range(16)))
    assert len(answers) == 16
    assert most[0] == 2
