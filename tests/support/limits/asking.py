"""Limits of an exchange with an origin, and of how politely it is asked."""

from __future__ import annotations

import gzip
from contextlib import ExitStack, suppress
from dataclasses import replace
from datetime import datetime, timedelta

from aggregator.errors import FetchError, FetchReason
from aggregator.fetch import answers, budget, due, freshness, guard, http, redirects, robots
from aggregator.fetch.budget import Budget
from aggregator.fetch.guard import AddressPolicy
from aggregator.fetch.http import HttpFetcher
from aggregator.model.pages import FetchState, NotModified, Page, Request, Validators
from aggregator.model.settings import Fetch
from tests.support.fetching import NOW
from tests.support.limits.limit import Limit
from tests.support.origin import Behaviour, Origin, head, redirect, send

DOWN = FetchError(FetchReason.TIMEOUT, "too slow")
PLAN = due.DuePlan(timedelta(hours=1), timedelta(minutes=5), timedelta(days=9))


def _asked(*behaviours: Behaviour, path: str = "/0") -> Page | NotModified | FetchError:
    """What becomes of one exchange; the n-th behaviour answers at the path `/n`."""
    with Origin() as origin:
        for number, behaviour in enumerate(behaviours):
            origin.behave(f"/{number}", behaviour)
        reachable = frozenset({(origin.host, origin.port)})
        policy = AddressPolicy(exceptions=reachable)
        with HttpFetcher(Fetch(), "tests/1", policy=policy) as fetcher:
            try:
                return fetcher.fetch(Request(origin.url(path)), Validators(), NOW)
            except FetchError as error:
                return error


def _body(size: int) -> bool:
    answer = _asked(send(head(200, length=size) + bytes(size)))
    return isinstance(answer, Page) and len(answer.body) == size


def _headers(size: int) -> bool:
    last = size - 65_000 - len("X-99: \r\n") - len("Content-Length: 0\r\n")
    pairs = [*((f"X-{n:02}", "x" * 992) for n in range(65)), ("X-99", "x" * last)]
    return isinstance(_asked(send(head(200, pairs, length=0))), Page)


def _codings(number: int) -> bool:
    body = b"feed"
    for _ in range(number):
        body = gzip.compress(body)
    coding = {"Content-Encoding": ", ".join(["gzip"] * number)}
    answer = _asked(send(head(200, coding, length=len(body)) + body))
    return isinstance(answer, Page) and answer.body == b"feed"


def _redirects(number: int) -> bool:
    steps = [redirect(f"/{n + 1}") for n in range(number)]
    return isinstance(_asked(*steps, send(head(200, length=2) + b"ok")), Page)


def _address(size: int) -> bool:
    with Origin() as origin:
        room = size - len(origin.url("/"))
    answer = _asked(path="/" + "x" * room)
    return isinstance(answer, FetchError) and answer.reason is not FetchReason.BAD_URL


def _validator(size: int) -> bool:
    tag = f'"{"x" * (size - 2)}"'
    answer = _asked(send(head(200, {"ETag": tag}, length=2) + b"ok"))
    return isinstance(answer, Page) and answer.validators.etag == tag


def _addresses(number: int) -> bool:
    """Whether an address is tried that is the n-th of a name, after others where nobody listens."""
    with Origin() as origin, suppress(OSError):
        guard.connect(["127.0.0.99"] * (number - 1) + [origin.host], origin.port, 5).close()
        return True
    return False


def _at_once(number: int) -> bool:
    polite = Budget(Fetch().per_domain)
    with ExitStack() as stack, suppress(FetchError):
        for _ in range(number):
            stack.enter_context(polite.turn("example.com", 0))
        return True
    return False


def _rest(seconds: int) -> bool:
    polite = Budget(1)
    polite.complaint("example.com", seconds, NOW)
    try:
        with polite.turn("example.com", 0):
            return False
    except FetchError as error:
        return error.retry_after is not None and round(error.retry_after) == seconds


def _retry_after(seconds: int) -> bool:
    return answers.parse_retry_after(str(seconds), NOW) == seconds


def _fresh(seconds: int) -> bool:
    lifetime = freshness.lifetime({"cache-control": f"max-age={seconds}"}, NOW)
    return lifetime == timedelta(seconds=seconds)


def _backed_off(seconds: int) -> bool:
    """Whether a source that failed is left alone for its whole interval."""
    every = timedelta(seconds=seconds)
    plan = replace(PLAN, every=every, at_most=every, fixed=True)
    state = due.after_failure(FetchState(NOW, every), DOWN, plan, NOW, jitter=0)
    return state.next_due_at == NOW + every


class _Robots:
    """Answers with a robots.txt."""

    def __init__(self, body: bytes) -> None:
        self._body = body

    def fetch(self, request: Request, validators: Validators, now: datetime) -> Page:
        """The same, whatever is asked."""
        return Page(request.url, 200, {}, self._body, now, validators)


def _robots(size: int) -> bool:
    """Whether the last byte of a robots.txt counts, which forbids everything."""
    rules = b"\nUser-agent: *\nDisallow: /"
    site = _Robots(b"#" * (size - len(rules)) + rules)
    return not robots.ObedientFetcher(site, "tests/1").allows("https://a.example/x", NOW)


LIMITS = {
    "answer, decoded (`fetch.max_bytes`)": Limit(
        Fetch().max_bytes, "bytes", "`too_large`, the connection is closed", _body
    ),
    "headers of an answer": Limit(answers.MOST_HEADER_BYTES, "bytes", "`bad_response`", _headers),
    "content codings": Limit(answers.MOST_ENCODINGS, "codings", "`bad_response`", _codings),
    "redirects": Limit(http.MOST_REDIRECTS, "in a row", "`too_many_redirects`", _redirects),
    "address that is asked": Limit(redirects.LONGEST_URL, "characters", "`bad_url`", _address),
    "ETag, Last-Modified": Limit(
        http._LONGEST_VALIDATOR, "characters", "not kept: the body's hash decides", _validator
    ),
    "addresses of a name": Limit(
        guard._MOST_ADDRESSES_TRIED, "tried", "judged all the same, not tried", _addresses
    ),
    "requests to a domain (`fetch.per_domain`)": Limit(
        Fetch().per_domain, "at once", "waits for a turn", _at_once
    ),
    "rest of a domain": Limit(int(budget.LONGEST_REST), "seconds", "cut", _rest),
    "`Retry-After` of a source": Limit(int(answers.LONGEST_WAIT), "seconds", "cut", _retry_after),
    "freshness by headers": Limit(
        int(freshness.LONGEST_LIFETIME.total_seconds()), "seconds", "cut", _fresh
    ),
    "back-off": Limit(int(due.LONGEST.total_seconds()), "seconds", "cut", _backed_off),
    "robots.txt": Limit(
        robots.MOST_BYTES, "bytes", "what stands behind counts for nothing", _robots
    ),
}
