"""Subscribing to hubs, over real HTTP both ways: a hub on loopback, and our own web side."""

from __future__ import annotations

import hmac
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from aggregator.fetch.budget import Budget
from aggregator.fetch.http import HttpFetcher
from aggregator.ingest.engine import Report, Unstored
from aggregator.ingest.pushed import Push
from aggregator.model.results import SourceStatus, Tally
from aggregator.model.schedule import Hints
from aggregator.model.settings import Fetch
from aggregator.model.websub import Subscription
from aggregator.scheduling.clock import ClockWatch
from aggregator.scheduling.leaving import MOST_TRIES as LEAVING_TRIES
from aggregator.scheduling.leaving import WAIT as LEAVING_WAIT
from aggregator.scheduling.subscriptions import (
    AFTER_DENIAL,
    FIRST_WAIT,
    LONGEST_LEASE,
    MOST_WAITING,
    SHORTEST_LEASE,
    Around,
    Subscriber,
)
from aggregator.web.app import create_app
from aggregator.web.websub import MOST_BYTES, Callbacks
from tests.support.hub import CHALLENGE, Form, Hub
from tests.support.outcomes import result, state
from tests.support.serving import Client, Condition, serving

NOON = datetime(2026, 1, 31, 12, tzinfo=UTC)
DAY, SECOND = timedelta(days=1), timedelta(seconds=1)
TOPIC = "https://wire.example/feed.xml"
REST = timedelta(hours=24)


class Shelf:
    """Subscriptions in a dictionary, and the sources that were told to rest."""

    def __init__(self) -> None:
        self.kept: dict[str, Subscription] = {}
        self.rested: list[tuple[str, datetime]] = []

    def subscriptions(self) -> list[Subscription]:
        """All of them."""
        return list(self.kept.values())

    def keep_subscription(self, subscription: Subscription) -> None:
        """Put one in the place of another."""
        self.kept[subscription.source_id] = subscription

    def drop_subscription(self, source_id: str) -> None:
        """Forget one."""
        self.kept.pop(source_id, None)

    def rest(self, source_id: str, until: datetime, why: str) -> None:
        """Note who rests."""
        assert why
        self.rested.append((source_id, until))


class World:
    """A subscriber with its web side, a hub, and the time of day."""

    def __init__(self, fetcher: HttpFetcher, hub: Hub) -> None:
        self.now = NOON
        self.set_by = timedelta()
        self.hub = hub
        self.fetcher = fetcher
        self.shelf = Shelf()
        self.sources = {"wire"}
        self.callbacks = ""
        self.address = hub.url
        self.subscribes = True
        self.busy = False
        self.pushes: list[Push] = []
        self.subscriber = self.again()

    def again(self) -> Subscriber:
        """A subscriber that begins with what is stored, as after a restart."""
        around = Around(
            fetcher=lambda: self.fetcher,
            clock=lambda: self.now,
            callbacks=lambda: self.callbacks,
            subscribes=lambda: self.subscribes,
            sources=lambda: self.sources,
            address=lambda _source_id: self.address,
            rest=lambda: REST,
            ingest=self._ingest,
            clocks=ClockWatch(lambda: self.now, lambda: self.steady),
        )
        return Subscriber(self.shelf, around)

    @property
    def steady(self) -> float:
        """The seconds of a clock that nobody sets."""
        return (self.now - self.set_by - NOON).total_seconds()

    def set_clock(self, by: timedelta) -> None:
        """Somebody sets the clock."""
        self.now += by
        self.set_by += by

    def _ingest(self, source_id: str, push: Push, ended: Report) -> bool:
        if not self.busy:
            self.pushes.append(push)
            ended(result(source_id))
        return not self.busy

    # What the web side asks; it goes on after a restart.

    def confirm(self, token: str, said: dict[str, str]) -> bool:
        """See `Subscriber`."""
        return self.subscriber.confirm(token, said)

    def knows(self, token: str) -> bool:
        """See `Subscriber`."""
        return self.subscriber.knows(token)

    def pushed(self, token: str, signature: str, body: bytes, content_type: str) -> bool:
        """See `Subscriber`."""
        return self.subscriber.pushed(token, signature, body, content_type)

    def poll(self, new: int = 0, hub: str | None = None, topic: str = TOPIC) -> None:
        """The source is read at its own address."""
        address = self.hub.url if hub is None else hub
        hints = Hints(hub=address, topic=topic if address else "")
        self.subscriber.polled(result(state=state(hints=hints), tally=Tally(new=new)))

    def beat(self, after: timedelta = timedelta()) -> list[Form]:
        """Time goes on; what the hub was asked."""
        self.now += after
        self.hub.forms.clear()
        self.subscriber()
        return list(self.hub.forms)

    def subscribe(self) -> Form:
        """The whole way: announced, asked for, confirmed."""
        self.poll()
        (form,) = self.beat()
        assert self.hub.verify(form) == (200, CHALLENGE)
        return form

    def push(self, form: Form, body: bytes = b"<rss/>", signature: str | None = None) -> int:
        """The hub sends something, and it is looked at."""
        status = self.hub.push(form, body, signature)
        self.subscriber.ingest()
        return status

    @property
    def kept(self) -> Subscription:
        """How the subscription stands."""
        return self.shelf.kept["wire"]


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    """Everything up, and nothing subscribed to."""
    settings = Fetch(allow_private=True)
    with Hub() as hub, HttpFetcher(settings, "test/1", budget=Budget(9, 0)) as fetcher:
        made = World(fetcher, hub)
        with serving(create_app(tmp_path, Condition({}), callbacks=Callbacks(made))) as client:
            made.callbacks = f"http://{client.host}:{client.port}/websub/"
            yield made


def client_of(world: World) -> Client:
    """Whoever knows our address."""
    host, _, port = world.callbacks.split("/")[2].rpartition(":")
    return Client(host, int(port))


def test_a_hub_that_a_source_announces_is_asked(world: World) -> None:
    """The request has all that the specification asks for, and a callback of its own."""
    world.poll()
    (form,) = world.beat()
    token = world.kept.token
    assert form["hub.mode"] == ["subscribe"]
    assert form["hub.topic"] == [TOPIC]
    assert form["hub.callback"] == [world.callbacks + token]
    assert form["hub.secret"] == [world.kept.secret]
    assert form["hub.lease_seconds"] == ["864000"]
    assert len(token) == 32
    assert len(world.kept.secret) == 64
    assert world.beat() == []


def test_a_source_without_a_hub_is_left_alone(world: World) -> None:
    """Nothing announced, nobody asked."""
    world.poll(hub="")
    assert world.beat() == []
    assert world.shelf.kept == {}


def test_a_hub_at_home_is_asked_for_a_source_at_home_only(world: World) -> None:
    """A source elsewhere cannot send us to a private network, also where sources live there."""
    world.address = "https://wire.example/rss"
    world.poll()
    assert world.beat() == []
    world.address = world.hub.url
    assert len(world.beat(FIRST_WAIT)) == 1


def test_nobody_subscribes_without_an_address_of_our_own(world: World) -> None:
    """Where hubs cannot call back, none is asked; what was subscribed to before is let go."""
    world.subscribe()
    world.subscribes = False
    assert [form["hub.mode"] for form in world.beat()] == [["unsubscribe"]]
    world.poll()
    assert world.shelf.kept == {}


def test_a_hub_that_asks_back_gets_its_challenge(world: World) -> None:
    """The lease that it grants counts, and renewal comes before its end."""
    world.hub.lease = 1000
    form = world.subscribe()
    assert world.kept.expires_at == NOON + 1000 * SECOND
    assert world.beat(800 * SECOND - SECOND) == []
    (again,) = world.beat(SECOND)
    assert again == form
    assert world.hub.verify(again)[0] == 200
    assert world.kept.expires_at == NOON + 1800 * SECOND


@pytest.mark.parametrize("by", [timedelta(hours=-1), timedelta(days=-3650)])
def test_a_clock_that_is_set_back_delays_no_renewal(world: World, by: timedelta) -> None:
    """The lease goes on at the hub: it is asked for anew after as many seconds as before."""
    world.hub.lease = 1000
    world.subscribe()
    assert world.beat(100 * SECOND) == []
    world.set_clock(by)
    assert world.beat(700 * SECOND - SECOND) == []
    assert world.kept.expires_at == NOON + 1000 * SECOND + by
    assert len(world.beat(SECOND)) == 1


def test_a_machine_that_slept_asks_at_once(world: World) -> None:
    """While the clock went on without us, the lease at the hub went on, too."""
    world.hub.lease = 1000
    world.subscribe()
    world.set_clock(800 * SECOND)
    assert len(world.beat()) == 1


@pytest.mark.parametrize(
    ("granted", "lease"),
    [
        ("299", SHORTEST_LEASE),
        ("300", SHORTEST_LEASE),
        ("301", timedelta(seconds=301)),
        ("5184000", LONGEST_LEASE),
        ("5184001", LONGEST_LEASE),
        ("9" * 99, LONGEST_LEASE),
        ("soon", 10 * DAY),
        ("", 10 * DAY),
    ],
)
def test_leases_stay_within_reason(world: World, granted: str, lease: timedelta) -> None:
    """Whatever a hub grants, we neither renew without end nor believe it for years."""
    world.poll()
    (form,) = world.beat()
    world.hub.verify(form, lease_seconds=granted)
    assert world.kept.expires_at == NOON + lease


@pytest.mark.parametrize(
    "changes",
    [{"topic": TOPIC + "x"}, {"mode": "unsubscribe"}, {"mode": ""}, {"challenge": "x" * 2001}],
)
def test_what_we_did_not_ask_for_is_not_confirmed(world: World, changes: dict[str, str]) -> None:
    """Another topic, an end that we did not want, a challenge without end: nothing is there."""
    world.poll()
    (form,) = world.beat()
    status, body = world.hub.verify(form, **changes)
    assert status == 404
    assert CHALLENGE not in body
    assert world.kept.expires_at is None


def test_a_question_that_we_do_not_wait_for_is_not_confirmed(world: World) -> None:
    """Once confirmed, and with another token, nothing is confirmed; nor before we asked."""
    form = world.subscribe()
    assert world.hub.verify(form)[0] == 404
    other = {**form, "hub.callback": [world.callbacks + "x" * 32]}
    assert world.hub.verify(other)[0] == 404


def test_a_challenge_is_no_page(world: World) -> None:
    """What a stranger wrote comes back as plain text that no browser takes for anything else."""
    world.poll()
    (form,) = world.beat()
    path = form["hub.callback"][0].removeprefix(world.callbacks.removesuffix("/websub/"))
    query = "hub.mode=subscribe&hub.topic=https%3A%2F%2Fwire.example%2Ffeed.xml"
    reply = client_of(world).get(f"{path}?{query}&hub.challenge=%3Cscript%3E")
    assert (reply.status, reply.body) == (200, b"<script>")
    assert reply.headers["content-type"] == "text/plain; charset=utf-8"
    assert reply.headers["x-content-type-options"] == "nosniff"


def test_a_hub_that_does_not_answer_is_asked_less_and_less(world: World) -> None:
    """The wait doubles, whether it failed or took the request and said no more."""
    world.hub.answers = [500, 202]
    world.poll()
    assert len(world.beat()) == 1
    assert world.beat(FIRST_WAIT - SECOND) == []
    assert len(world.beat(SECOND)) == 1
    assert world.beat(2 * FIRST_WAIT - SECOND) == []
    assert len(world.beat(SECOND)) == 1


def test_a_hub_that_refuses_is_left_alone_for_a_week(world: World) -> None:
    """`denied` ends what there was."""
    form = world.subscribe()
    assert world.hub.verify(form, mode="denied", reason="no")[0] == 200
    assert world.kept.expires_at is None
    assert world.beat(AFTER_DENIAL - SECOND) == []
    assert len(world.beat(SECOND)) == 1


def test_a_signed_push_is_ingested_and_the_source_rests(world: World) -> None:
    """What the hub sent is read as it is; the next poll is a day away, or at the lease's end."""
    form = world.subscribe()
    assert world.push(form, "<rss>新</rss>".encode()) == 202
    (push,) = world.pushes
    assert push.body.decode() == "<rss>新</rss>"
    assert (push.content_type, push.hub, push.topic) == (
        "application/rss+xml",
        world.hub.url,
        TOPIC,
    )
    assert world.kept.pushed_at == NOON
    assert world.shelf.rested == [("wire", NOON + REST)]


def test_no_rest_goes_beyond_the_lease(world: World) -> None:
    """When the hub is no longer bound to tell, the source is read again."""
    world.hub.lease = 3600
    form = world.subscribe()
    world.push(form)
    assert world.shelf.rested == [("wire", NOON + timedelta(hours=1))]
    world.now += timedelta(hours=1)
    world.poll()
    assert len(world.shelf.rested) == 1


@pytest.mark.parametrize(
    "signature",
    ["", "sha256=", "sha256=" + "0" * 64, "md5=" + "0" * 32, "sha256", "=", "sha256=ü"],
)
def test_a_push_without_the_right_signature_is_refused(world: World, signature: str) -> None:
    """Nothing of it is read, whoever sent it."""
    form = world.subscribe()
    if signature.isascii():
        assert world.push(form, signature=signature) == 403
    token = form["hub.callback"][0].rpartition("/")[2]
    assert not world.subscriber.pushed(token, signature, b"<rss/>", "")
    world.subscriber.ingest()
    assert world.pushes == []


@pytest.mark.parametrize("method", ["sha1", "sha256", "sha384", "sha512"])
def test_every_signature_of_the_specification_is_taken(world: World, method: str) -> None:
    """Hubs choose how they sign."""
    form = world.subscribe()
    digest = hmac.new(form["hub.secret"][0].encode(), b"<rss/>", method).hexdigest()
    assert world.push(form, signature=f"{method}={digest}") == 202


def test_a_push_to_nobody_is_gone(world: World) -> None:
    """A hub that we no longer know is told to stop."""
    form = world.subscribe()
    world.sources = set()
    world.beat()
    assert world.push(form) == 410
    assert world.pushes == []


@pytest.mark.parametrize(("size", "status"), [(MOST_BYTES, 202), (MOST_BYTES + 1, 413)])
def test_a_push_has_a_largest_size(world: World, size: int, status: int) -> None:
    """More than that is not taken in."""
    assert world.push(world.subscribe(), b" " * size) == status


def test_only_callbacks_take_a_body(world: World) -> None:
    """Elsewhere a long body ends the connection, as before."""
    request = b"POST /all/rss.xml HTTP/1.1\r\nHost: t\r\nContent-Length: 200000\r\n\r\n"
    assert client_of(world).send(request + b"x" * 70_000).status in {405, 431}


def test_a_push_waits_while_its_source_is_being_read(world: World) -> None:
    """Pushes keep their order; beyond a few, older ones give way."""
    form = world.subscribe()
    world.busy = True
    for number in range(MOST_WAITING + 1):
        assert world.push(form, str(number).encode()) == 202
    world.busy = False
    for _ in range(MOST_WAITING + 1):
        world.subscriber.ingest()
    assert [push.body for push in world.pushes] == [b"1", b"2", b"3", b"4"]


def test_a_source_rests_only_while_pushes_come(world: World) -> None:
    """A subscription alone is no promise; a poll that finds what was not pushed ends the rest."""
    form = world.subscribe()
    world.poll()
    assert world.shelf.rested == []
    world.push(form)
    world.poll()
    assert len(world.shelf.rested) == 2
    world.poll(new=1)
    world.poll()
    assert len(world.shelf.rested) == 2
    world.push(form)
    assert len(world.shelf.rested) == 3


def leave(world: World) -> Form:
    """A source leaves the configuration, and its hub hears of it."""
    world.sources = set()
    (form,) = world.beat()
    return form


def test_a_hub_hears_that_a_source_left(world: World) -> None:
    """It is asked to tell no more of the same callback, asks back once, and that is all."""
    before = world.subscribe()
    form = leave(world)
    assert form == {
        "hub.mode": ["unsubscribe"],
        "hub.topic": [TOPIC],
        "hub.callback": before["hub.callback"],
    }
    assert world.hub.verify(form, topic=TOPIC + "x")[0] == 404
    assert world.hub.verify(form) == (200, CHALLENGE)
    assert world.hub.verify(form)[0] == 404
    assert world.beat(DAY) == []


def test_a_hub_that_does_not_ask_back_is_left_to_its_lease(world: World) -> None:
    """Whether it fails or says nothing, it is asked a few times and then no more."""
    world.subscribe()
    world.hub.answers = [500]
    leave(world)
    heard = [len(world.beat(LEAVING_WAIT)) for _ in range(LEAVING_TRIES + 1)]
    assert heard == [1] * (LEAVING_TRIES - 1) + [0, 0]
    assert world.beat(LEAVING_WAIT - SECOND) == []


def test_a_clock_that_is_set_back_delays_no_leaving(world: World) -> None:
    """The hub is asked again at the latest when it would have been before."""
    world.subscribe()
    world.hub.answers = [500]
    leave(world)
    world.set_clock(-DAY)
    assert len(world.beat(LEAVING_WAIT)) == 1


def test_what_was_never_granted_needs_no_leaving(world: World) -> None:
    """Before its confirmation and after the end of its lease a hub is bound to nothing."""
    world.poll()
    world.beat()
    world.sources = set()
    assert world.beat() == []
    world.sources = {"wire"}
    world.hub.lease = 3600
    form = world.subscribe()
    world.now += timedelta(hours=1)
    world.sources = set()
    assert [each["hub.mode"] for each in world.beat()] == []
    assert world.hub.verify(form, mode="unsubscribe")[0] == 404


@pytest.mark.parametrize("hub", ["", "other"])
def test_the_hub_of_before_hears_that_another_took_its_place(world: World, hub: str) -> None:
    """A source that stops announcing a hub, or names another one, leaves the first."""
    before = world.subscribe()
    world.poll(hub=hub and world.hub.url + "?2")
    told = {form["hub.mode"][0]: form for form in world.beat()}
    assert told["unsubscribe"]["hub.callback"] == before["hub.callback"]
    assert world.hub.verify(told["unsubscribe"])[0] == 200
    assert ("subscribe" in told) == bool(hub)
    assert not hub or told["subscribe"]["hub.callback"] != before["hub.callback"]


def test_failures_tell_nothing(world: World) -> None:
    """A source that cannot be read, or stored, changes nothing about its hub."""
    world.subscribe()
    before = world.kept
    world.subscriber.polled(result(status=SourceStatus.FAILED, state=state()))
    world.subscriber.polled(Unstored("wire", "no room"))
    assert world.kept == before


@pytest.mark.parametrize("change", ["hub", "topic", "none"])
def test_another_hub_is_another_subscription(world: World, change: str) -> None:
    """With the announcement goes the old token; a hub that is no longer announced is let go."""
    form = world.subscribe()
    before = world.kept
    if change == "none":
        world.poll(hub="")
        assert world.shelf.kept == {}
    else:
        other = before.hub + "?2"
        world.poll(hub=other if change == "hub" else None, topic=other)
        assert world.kept.token != before.token
        assert world.kept.expires_at is None
    assert world.push(form) == 410


def test_a_restart_goes_on_where_it_stopped(world: World) -> None:
    """Subscriptions stand in the database: pushes are taken, leases are renewed."""
    form = world.subscribe()
    world.subscriber = world.again()
    assert world.beat() == []
    assert world.push(form) == 202
    assert world.kept == replace(world.kept, trusted=True, pushed_at=NOON)
    assert len(world.beat(9 * DAY)) == 1


def test_a_push_may_come_in_one_piece(world: World) -> None:
    """Head and body that arrive together are taken as if they came one after the other."""
    form = world.subscribe()
    path = form["hub.callback"][0].removeprefix(world.callbacks.removesuffix("/websub/"))
    body = b" " * 150_000
    signature = hmac.new(form["hub.secret"][0].encode(), body, "sha256").hexdigest()
    head = f"POST {path} HTTP/1.1\r\nHost: t\r\nX-Hub-Signature: sha256={signature}\r\n"
    request = f"{head}Content-Length: {len(body)}\r\n\r\n".encode() + body
    assert client_of(world).send(request).status == 202
