"""Pictures for our proxy: fetched behind the same guard as everything, and only real ones taken."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing

import pytest

from aggregator.errors import FetchError, FetchReason
from aggregator.fetch.budget import Budget
from aggregator.fetch.guard import AddressPolicy
from aggregator.fetch.pictures import PictureFetcher
from aggregator.model.settings import Configuration, Settings
from aggregator.text.signed_pictures import Picture
from tests.support.fetching import NOW
from tests.support.origin import (
    Behaviour,
    Canary,
    Origin,
    bomb,
    endless,
    head,
    redirect,
    send,
)
from tests.support.pictures import PICTURES, PNG, picture

MOST = 20_000
Make = Callable[..., PictureFetcher]


@pytest.fixture
def make(origin: Origin) -> Iterator[Make]:
    """Build a fetcher that may reach the origin, whatever the settings say."""
    with ExitStack() as stack:

        def build(policy: AddressPolicy | None = None) -> PictureFetcher:
            values = {"images": {"max_bytes": MOST}, "fetch": {"pause": "0s"}}
            settings = Settings.model_validate(values)
            wanted = Configuration(
                root="/", folder="/", settings=settings, categories=(), sources=()
            )
            reachable = AddressPolicy(exceptions=frozenset({(origin.host, origin.port)}))
            fetcher = PictureFetcher(wanted, "tests/1", Budget(2), policy or reachable)
            return stack.enter_context(closing(fetcher))

        yield build


def failure(fetcher: PictureFetcher, url: str, site: str = "") -> FetchError:
    """How fetching fails."""
    with pytest.raises(FetchError) as caught:
        fetcher.fetch(Picture(url, site), NOW)
    return caught.value


@pytest.mark.parametrize("media_type", PICTURES)
def test_pictures_of_each_kind_are_taken(origin: Origin, make: Make, media_type: str) -> None:
    """What calls itself a picture and is one comes byte for byte; no cookie goes out or stays."""
    body = PICTURES[media_type]
    url = origin.serve("/p", body, content_type=media_type, headers={"Set-Cookie": "id=1"})
    fetcher = make()
    assert [fetcher.fetch(Picture(url), NOW) for _ in "12"] == [body, body]
    for seen in origin.asked("/p"):
        assert set(seen.headers) == {"host", "user-agent", "accept", "accept-encoding"}
        assert seen.headers["accept"].startswith("image/")
    assert len(origin.asked("/robots.txt")) == 1


def test_a_picture_may_be_called_another_kind_of_picture(origin: Origin, make: Make) -> None:
    """Servers confuse them, and the first bytes decide what it is sent on as."""
    url = origin.serve("/p", PNG, content_type="image/jpg; charset=binary")
    assert make().fetch(Picture(url), NOW) == PNG


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        (PNG, "text/html"),
        (PNG, "application/octet-stream"),
        (b"<html><script>alert(1)</script>", "image/png"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "image/svg+xml"),
        (b"", "image/png"),
    ],
)
def test_what_is_no_picture_is_refused(
    origin: Origin, make: Make, body: bytes, content_type: str
) -> None:
    """The name and the bytes must both say that it is one."""
    error = failure(make(), origin.serve("/p", body, content_type=content_type))
    assert (error.reason, error.status) == (FetchReason.BAD_RESPONSE, 200)


@pytest.mark.parametrize(("size", "fits"), [(MOST - 1, True), (MOST, True), (MOST + 1, False)])
def test_a_picture_has_a_largest_size(origin: Origin, make: Make, size: int, fits: bool) -> None:
    """One byte below and at the limit of pictures it comes, one above it does not."""
    url = origin.serve("/p", picture(size), content_type="image/png")
    if fits:
        assert len(make().fetch(Picture(url), NOW)) == size
    else:
        assert failure(make(), url).reason is FetchReason.TOO_LARGE


def test_endless_and_unpacking_bodies_end_at_the_limit(origin: Origin, make: Make) -> None:
    """A body without end and a small one that unpacks to much are both too large."""
    start = head(200, {"Content-Type": "image/png"})
    packed = {"Content-Type": "image/png", "Content-Encoding": "gzip"}
    never = origin.behave("/endless", endless(start + PNG))
    much = origin.behave("/bomb", send(head(200, packed) + bomb(10_000_000)))
    for url in (never, much):
        assert failure(make(), url).reason is FetchReason.TOO_LARGE


def test_no_redirect_leads_inside(origin: Origin, make: Make) -> None:
    """Neither a redirect nor the address itself reaches what the guard refuses."""
    fetcher = make()
    with Canary() as canary:
        inside = f"http://127.0.0.1:{canary.port}/a.png"
        away = origin.behave("/away", redirect(inside))
        for url in (away, inside, "http://169.254.169.254/latest/", "http://[::1]/a.png"):
            error = failure(fetcher, url)
            assert error.reason is FetchReason.BLOCKED_ADDRESS
        assert canary.knocks == 0


def test_a_name_that_is_pointed_elsewhere_meanwhile_leads_nowhere(make: Make) -> None:
    """A name is judged by the address that is connected to (rebinding)."""
    with Canary() as canary:
        answers = iter(["93.184.216.34", "127.0.0.1", "127.0.0.1"])
        policy = AddressPolicy(resolve=lambda _host, _port: [next(answers), "127.0.0.1"])
        error = failure(make(policy), f"http://flip.example:{canary.port}/a.png")
        assert (error.reason, canary.knocks) == (FetchReason.BLOCKED_ADDRESS, 0)


def test_private_networks_are_for_articles_that_live_there(origin: Origin, make: Make) -> None:
    """With `allow_private`, a stranger's article gets nothing from inside, one of ours does."""
    url = origin.serve("/p", PNG, content_type="image/png")
    fetcher = make(AddressPolicy(allow_private=True))
    assert fetcher.fetch(Picture(url, f"http://{origin.host}/"), NOW) == PNG
    for stranger in ("https://stranger.example/", "http://127.0.0.2/", ""):
        assert failure(fetcher, url, stranger).reason is FetchReason.BLOCKED_ADDRESS
    assert len(origin.asked("/p")) == 1


def guest(behaviours: dict[str, Behaviour]) -> Behaviour:
    """Answer by where the request says that it comes from."""
    return lambda wire, seen: behaviours[seen.headers.get("referer", "")](wire, seen)


ENDS = {"Connection": "close"}
SENT = send(head(200, {"Content-Type": "image/png", **ENDS}, length=len(PNG)) + PNG)
REFUSALS = {
    "refused": send(head(403, ENDS, length=0)),
    "asked to log in": send(head(401, ENDS, length=0)),
    "a page instead": send(head(200, {"Content-Type": "text/html", **ENDS}, length=2) + b"no"),
}


@pytest.mark.parametrize("refusal", REFUSALS)
def test_who_fends_off_links_from_elsewhere_is_asked_the_other_way(
    origin: Origin, make: Make, refusal: str
) -> None:
    """A picture of another site is asked for without a word, then as from the article's site."""
    site = "http://site.example/"
    url = origin.behave("/p", guest({"": REFUSALS[refusal], site: SENT}))
    assert make().fetch(Picture(url, site), NOW) == PNG
    assert [seen.headers.get("referer") for seen in origin.asked("/p")] == [None, site]


def test_a_picture_of_the_site_itself_is_asked_for_from_there(origin: Origin, make: Make) -> None:
    """First as a page of the site would, and without that where it refuses."""
    site = f"http://{origin.netloc}/"
    url = origin.behave("/p", guest({"": SENT, site: REFUSALS["refused"]}))
    assert make().fetch(Picture(url, site), NOW) == PNG
    assert [seen.headers.get("referer") for seen in origin.asked("/p")] == [site, None]


def test_nobody_is_asked_twice_for_what_is_not_there(origin: Origin, make: Make) -> None:
    """Only what looks like fending off is worth another request; no more than one."""
    assert failure(make(), origin.url("/nothing"), "http://site.example/").status == 404
    assert len(origin.asked("/nothing")) == 1
    url = origin.behave("/p", REFUSALS["refused"])
    assert failure(make(), url, "http://site.example/").status == 403
    assert len(origin.asked("/p")) == 2


def test_a_site_with_tls_is_not_told_without_it(origin: Origin, make: Make) -> None:
    """From an https page to an http picture nothing is told, as browsers do."""
    url = origin.serve("/p", PNG, content_type="image/png")
    assert make().fetch(Picture(url, f"https://{origin.host}/"), NOW) == PNG
    assert "referer" not in origin.asked("/p")[0].headers


def test_a_domain_that_rests_is_not_asked(origin: Origin, make: Make) -> None:
    """Pictures share the politeness of feeds: who asked for a pause gets it."""
    busy = origin.behave("/busy", send(head(429, {"Retry-After": "30", **ENDS}, length=0)))
    url = origin.serve("/p", PNG, content_type="image/png")
    fetcher = make()
    assert failure(fetcher, busy).retry_after == 30
    waiting = failure(fetcher, url)
    assert (waiting.reason, waiting.status) == (FetchReason.RATE_LIMITED, 0)
    assert origin.asked("/p") == []


def test_robots_are_kept_out_where_a_site_says_so(origin: Origin, make: Make) -> None:
    """What robots.txt closes is not asked for; the rest of the site is."""
    origin.serve("/robots.txt", "User-agent: *\nDisallow: /closed/", content_type="text/plain")
    closed = origin.serve("/closed/p", PNG, content_type="image/png")
    free = origin.serve("/free/p", PNG, content_type="image/png")
    fetcher = make()
    assert failure(fetcher, closed, "http://site.example/").reason is FetchReason.ROBOTS
    assert fetcher.fetch(Picture(free), NOW) == PNG
    assert origin.asked("/closed/p") == []
