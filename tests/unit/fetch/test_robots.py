"""What robots.txt lets us read is read, and nothing else; RFC 9309, case by case."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aggregator.errors import FetchError, FetchReason
from aggregator.fetch.robots import KEPT_WHEN_UNREACHABLE, MOST_BYTES, MOST_SITES, ObedientFetcher
from aggregator.model.pages import NotModified, Page, Request, Validators

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
NAME = "feed-aggregator/1.0 (+https://feeds.example/)"
HOUR = timedelta(hours=1)
URL = "https://site.example/private/a.html"


class Web:
    """A fetcher over one robots.txt for all sites; everything else is an empty page."""

    def __init__(self, robots: bytes | FetchError, **headers: str) -> None:
        self.robots = robots
        self.headers = {name.replace("_", "-"): value for name, value in headers.items()}
        self.asked: list[str] = []

    def fetch(self, request: Request, _validators: Validators, now: datetime) -> Page | NotModified:
        self.asked.append(request.url)
        if not request.url.endswith("/robots.txt"):
            return Page(request.url, 200, {}, b"", now)
        if isinstance(self.robots, FetchError):
            raise self.robots
        return Page(request.url, 200, self.headers, self.robots, now)


def allows(robots: bytes | FetchError, url: str = URL) -> bool:
    return ObedientFetcher(Web(robots), NAME).allows(url, NOW)


def failed(status: int, reason: FetchReason = FetchReason.HTTP_ERROR) -> FetchError:
    return FetchError(reason, "failed", status=status)


@pytest.mark.parametrize(
    ("robots", "allowed"),
    [
        (b"", True),
        (b"User-agent: *\nDisallow: /private/", False),
        (b"User-agent: *\nDisallow: /private/\nAllow: /private/a", True),
        (b"User-agent: *\nDisallow: /*.html$", False),
        (b"User-agent: other\nDisallow: /", True),
        (b"User-agent: feed-aggregator\nDisallow: /\n\nUser-agent: *\nAllow: /", False),
        (b"User-agent: FEED-AGGREGATOR\nAllow: /\n\nUser-agent: *\nDisallow: /", True),
        (b"\xef\xbb\xbfUser-agent: *\r\nDisallow: /", False),
        (b"<html>not found</html>", True),
        (b"\xff\xfe\x00garbage", True),
        (b"#" * (MOST_BYTES - 27) + b"\nUser-agent: *\nDisallow: /", False),
        (b"#" * MOST_BYTES + b"\nUser-agent: *\nDisallow: /", True),
    ],
)
def test_the_rules_are_obeyed(robots: bytes, *, allowed: bool) -> None:
    """Groups, wildcards and the longest match count; what is no robots.txt forbids nothing."""
    assert allows(robots) is allowed


@pytest.mark.parametrize(
    ("error", "allowed"),
    [
        (failed(404), True),
        (failed(401), True),
        (failed(403), True),
        (failed(410, FetchReason.GONE), True),
        (failed(429, FetchReason.RATE_LIMITED), False),
        (failed(500), False),
        (failed(503), False),
        (failed(0, FetchReason.TIMEOUT), False),
    ],
)
def test_without_rules_all_is_open_but_unreachable_ones_close(
    error: FetchError, *, allowed: bool
) -> None:
    """Where there is no file, everything may be read; where it cannot be had, nothing."""
    assert allows(error) is allowed


def test_what_is_forbidden_is_not_asked_for() -> None:
    """A page that programs shall not read fails with its reason before any request for it."""
    web = Web(b"User-agent: *\nDisallow: /private/")
    fetcher = ObedientFetcher(web, NAME)
    with pytest.raises(FetchError) as caught:
        fetcher.fetch(Request(URL), Validators(), NOW)
    assert caught.value.reason is FetchReason.ROBOTS
    assert isinstance(fetcher.fetch(Request("https://site.example/a"), Validators(), NOW), Page)
    assert web.asked == ["https://site.example/robots.txt", "https://site.example/a"]


@pytest.mark.parametrize(
    ("control", "kept"),
    [("", HOUR), ("max-age=60", HOUR), ("max-age=7200", 2 * HOUR), ("max-age=999999", 24 * HOUR)],
)
def test_the_rules_are_kept_for_a_while(control: str, kept: timedelta) -> None:
    """As long as the answer is fresh, but an hour at least and a day at most."""
    web = Web(b"", cache_control=control)
    fetcher = ObedientFetcher(web, NAME)
    for moment in (NOW, NOW, NOW + kept - timedelta(seconds=1)):
        assert fetcher.allows(URL, moment)
    assert len(web.asked) == 1
    assert fetcher.allows(URL, NOW + kept)
    assert len(web.asked) == 2


def test_a_site_that_cannot_be_reached_is_asked_again_soon() -> None:
    """A closed door is tried again after half an hour."""
    web = Web(failed(503))
    fetcher = ObedientFetcher(web, NAME)
    assert not fetcher.allows(URL, NOW)
    web.robots = b""
    assert not fetcher.allows(URL, NOW + KEPT_WHEN_UNREACHABLE - timedelta(seconds=1))
    assert fetcher.allows(URL, NOW + KEPT_WHEN_UNREACHABLE)


@pytest.mark.parametrize(
    "reason", [FetchReason.RATE_LIMITED, FetchReason.BLOCKED_ADDRESS, FetchReason.OFFLINE]
)
def test_a_site_that_was_not_asked_is_not_closed(reason: FetchReason) -> None:
    """Where our own budget or guard held the question back, nothing is known about the site."""
    web = Web(failed(0, reason))
    fetcher = ObedientFetcher(web, NAME)
    with pytest.raises(FetchError) as caught:
        fetcher.fetch(Request(URL), Validators(), NOW)
    assert caught.value.reason is reason
    web.robots = b""
    assert fetcher.allows(URL, NOW)


def test_a_clock_that_was_set_back_keeps_nothing_for_ever() -> None:
    """Rules that would hold for longer than a day are read again."""
    web = Web(b"")
    fetcher = ObedientFetcher(web, NAME)
    assert fetcher.allows(URL, NOW)
    assert fetcher.allows(URL, NOW - timedelta(days=3650))
    assert len(web.asked) == 2


def test_each_site_has_its_own_file() -> None:
    """Scheme, host and port make a site; user and password are not told to anybody."""
    web = Web(b"")
    fetcher = ObedientFetcher(web, NAME)
    for url in ("http://a.example/x", "https://a.example/x", "https://u:p@a.example:8443/x"):
        assert fetcher.allows(url, NOW)
    assert web.asked == [
        "http://a.example/robots.txt",
        "https://a.example/robots.txt",
        "https://a.example:8443/robots.txt",
    ]


def test_so_many_sites_are_remembered() -> None:
    """The site that was read longest ago is forgotten first."""
    web = Web(b"")
    fetcher = ObedientFetcher(web, NAME)
    for number in range(MOST_SITES + 1):
        fetcher.allows(f"https://s{number}.example/", NOW)
    fetcher.allows("https://s1.example/", NOW)
    assert len(web.asked) == MOST_SITES + 1
    fetcher.allows("https://s0.example/", NOW)
    assert len(web.asked) == MOST_SITES + 2


@given(st.binary(max_size=2000), st.text(max_size=200))
def test_any_file_gives_an_answer(robots: bytes, path: str) -> None:
    """Whatever stands in robots.txt and in an address, the answer is yes or no."""
    assert allows(robots, f"https://site.example/{path}") in (True, False)
