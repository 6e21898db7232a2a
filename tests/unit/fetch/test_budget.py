"""One budget per registrable domain: so many requests at once, and a pause when asked for one."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from aggregator.errors import FetchError, FetchReason, StoreError
from aggregator.fetch.budget import (
    BURST,
    BURST_SECONDS,
    FIRST_PAUSE,
    GOOD_ANSWERS,
    LONGEST_PAUSE,
    LONGEST_REST,
    REST,
    Budget,
    Steady,
    registrable_domain,
)
from aggregator.model.schedule import DomainPace
from tests.support.fetching import NOW, Client, MakeClient
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
        ("127.1", "127.1"),
        ("2001:DB8::1", "2001:db8::1"),
        ("site.example:x", "site.example:x"),
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


class Stopped(Steady):
    """A clock that goes on when a test says so, or when somebody waits by it."""

    def __init__(self) -> None:
        self.seconds = 1_000.0

    def now(self) -> float:
        return self.seconds

    def wait(self, _change: threading.Condition, seconds: float) -> bool:
        self.seconds += seconds
        return False


def waits(budget: Budget, clock: Stopped, requests: int, host: str = "example.com") -> list[float]:
    """Seconds that pass before each of some requests in a row."""
    found = []
    for _ in range(requests):
        before = clock.seconds
        with budget.turn(host, 1_000):
            found.append(clock.seconds - before)
    return found


def test_a_pause_lies_between_two_requests() -> None:
    """A second request waits for the pause, a late one does not; other domains do not wait."""
    clock = Stopped()
    budget = Budget(2, 5, clock)
    assert waits(budget, clock, 3) == [0, 5, 5]
    assert waits(budget, clock, 1, "example.org") == [0]
    clock.seconds += 4.5
    assert waits(budget, clock, 1) == [0.5]
    clock.seconds += 5
    assert waits(budget, clock, 1) == [0]


def test_a_turn_that_comes_too_late_is_not_waited_for() -> None:
    """Whoever could not be asked in time is told when, and nothing was waited for in vain."""
    clock = Stopped()
    budget = Budget(2, 30, clock)
    waits(budget, clock, 1)
    assert refusal(budget, "example.com", 29.9).retry_after == 30
    with budget.turn("example.com", 30):
        assert clock.seconds == 1_030


def test_servers_at_home_need_no_pause_but_may_ask_for_one() -> None:
    """On a private network requests follow at once, unless the server says that it is too much."""
    clock = Stopped()
    budget = Budget(2, 5, clock)
    budget.is_at_home("nas.lan")
    assert waits(budget, clock, 2, "nas.lan") == [0, 0]
    budget.complaint("nas.lan", 0, NOW)
    assert waits(budget, clock, 2, "nas.lan") == [0, FIRST_PAUSE]


def test_each_complaint_makes_a_domain_slower() -> None:
    """The pause doubles up to its longest; complaints that come together count once."""
    clock = Stopped()
    budget = Budget(2, 0, clock)
    pauses = []
    for _ in range(7):
        budget.complaint("a.example.com", 10, NOW)
        budget.complaint("b.example.com", 10, NOW)
        clock.seconds += 10
        pauses.append(waits(budget, clock, 2)[1])
        clock.seconds += LONGEST_PAUSE
    assert pauses == [2, 4, 8, 16, 32, 60, 60]
    assert (FIRST_PAUSE, LONGEST_PAUSE) == (2, 60)


def test_good_answers_make_it_faster_again() -> None:
    """So many in a row halve the pause, one less does not; in the end nothing is remembered."""
    clock = Stopped()
    budget = Budget(2, 0, clock)
    for _ in range(2):
        budget.complaint("example.com", 0, NOW)
    pauses = []
    for _ in range(3):
        for _ in range(GOOD_ANSWERS - 1):
            budget.good_answer("example.com", NOW)
        before = waits(budget, clock, 2)[1]
        budget.good_answer("example.com", NOW)
        pauses += [(before, waits(budget, clock, 2)[1])]
        clock.seconds += LONGEST_PAUSE
    assert pauses == [(4, 2), (2, 0), (0, 0)]


def rests(refusals: int, *, apart: float, answered: bool = False) -> bool:
    """Whether a domain is left alone after so many refusals."""
    clock = Stopped()
    budget = Budget(2, 0, clock)
    for number in range(refusals):
        clock.seconds += apart
        if answered and number == refusals - 1:
            budget.good_answer("b.example.com", NOW)
        budget.refusal("a.example.com", NOW)
    try:
        with budget.turn("example.com", 0):
            return False
    except FetchError:
        return True


@pytest.mark.parametrize(
    ("refusals", "apart", "answered", "rested"),
    [
        (BURST - 1, 1, False, False),
        (BURST, 1, False, True),
        (BURST + 1, 1, False, True),
        (BURST, BURST_SECONDS, False, True),
        (BURST, BURST_SECONDS + 1, False, False),
        (BURST, 1, True, False),
    ],
)
def test_a_burst_of_refusals_is_a_complaint(
    refusals: int, apart: float, *, answered: bool, rested: bool
) -> None:
    """Single refusals are a source's own affair; many in a row are the domain's."""
    assert rests(refusals, apart=apart, answered=answered) is rested


@pytest.mark.parametrize("status", [403, 503])
def test_an_origin_that_refuses_everything_is_left_alone(
    origin: Origin, make_client: MakeClient, status: int
) -> None:
    """After a burst of 403 or 503 without a word no source of the domain is asked any more."""
    client = make_client()
    url = origin.behave("/closed", send(head(status, {}, length=0)))
    for _ in range(BURST):
        assert client.error(url).status == status
    error = client.error(origin.serve("/other", b"here"))
    assert (error.reason, error.status) == (FetchReason.RATE_LIMITED, 0)
    assert len(origin.asked("/closed")) == BURST
    assert not origin.asked("/other")


class Kept:
    """A `PaceStore` that can be away."""

    def __init__(self, *paces: DomainPace) -> None:
        self.known = {pace.domain: pace for pace in paces}
        self.is_away = False

    def paces(self) -> list[DomainPace]:
        return list(self.known.values())

    def keep_pace(self, pace: DomainPace) -> None:
        if self.is_away:
            raise StoreError("away")
        self.known[pace.domain] = pace

    def forget_pace(self, domain: str) -> None:
        del self.known[domain]


def test_politeness_needs_no_database() -> None:
    """While the database is away a domain is left alone all the same."""
    store = Kept()
    budget = Budget(2)
    budget.keep_in(store, NOW)
    store.is_away = True
    budget.complaint("example.com", 100, NOW)
    assert refusal(budget, "example.com").retry_after
    assert store.known == {}


@pytest.mark.parametrize("hours", [1, 1.01, 24 * 3650])
def test_a_clock_that_was_set_back_makes_no_rest_longer(hours: float) -> None:
    """A rest that was kept is an hour at most, for us and for whoever else reads it."""
    end = NOW + timedelta(hours=hours)
    store = Kept(DomainPace("example.com", timedelta(seconds=2), end))
    clock = Stopped()
    budget = Budget(2, 0, clock)
    budget.keep_in(store, NOW)
    assert refusal(budget, "example.com").retry_after == LONGEST_REST
    assert store.known["example.com"].rest_until == NOW + timedelta(hours=1)


def test_other_settings_count_at_once_and_nothing_is_forgotten() -> None:
    """After a change of the settings what is under way and what was learned still counts."""
    clock = Stopped()
    budget = Budget(1, 0, clock)
    budget.complaint("example.org", 100, NOW)
    with budget.turn("example.com", 0):
        budget.adopt(2, 5)
        clock.seconds += 5
        with budget.turn("example.com", 0):
            refusal(budget, "example.com")
    assert refusal(budget, "example.org").retry_after == 95
