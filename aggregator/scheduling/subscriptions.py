"""Subscribes to sources whose feeds announce a WebSub hub, and lets their polling rest meanwhile.

    poll ─hub announced─▶ ask the hub ─it asks back─▶ bound for a lease ─pushes─▶ ingest, rest
                              ▲ again, later                 │ renewed before it ends
    a poll that finds what no push brought ─▶ polled as before, until a push comes

What is known stands in the database. https://www.w3.org/TR/websub/; told by `web.websub` what
hubs say.
"""

from __future__ import annotations

import hmac
import secrets
import threading
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Protocol
from urllib.parse import urlsplit

import structlog

from aggregator.contracts import Clock, Fetcher
from aggregator.errors import AggregatorError, FetchError
from aggregator.ingest.engine import Unstored
from aggregator.ingest.pushed import Push
from aggregator.model.pages import Validators
from aggregator.model.results import SourceResult, SourceStatus
from aggregator.model.websub import Subscription
from aggregator.scheduling.clock import ClockWatch
from aggregator.scheduling.hub_requests import hub_request
from aggregator.scheduling.leaving import Leaving

_log = structlog.get_logger("aggregator.scheduling")

LEASE = timedelta(days=10)
"""How long we ask to be told; the hub may grant another time."""
SHORTEST_LEASE, LONGEST_LEASE = timedelta(minutes=5), timedelta(days=60)
RENEWED_AFTER = 0.8
"""The share of a lease after which it is asked for anew."""
FIRST_WAIT, LONGEST_WAIT = timedelta(minutes=5), timedelta(days=1)
AFTER_DENIAL = timedelta(days=7)
MOST_WAITING = 4
"""Pushes of one source that wait while it is being read; older ones are dropped for newer."""
_SIGNED_BY = ("sha1", "sha256", "sha384", "sha512")


class SubscriptionStore(Protocol):
    """What subscribing needs of the store."""

    def subscriptions(self) -> list[Subscription]:
        """All that are known."""

    def keep_subscription(self, subscription: Subscription) -> None:
        """Remember how a subscription stands."""

    def drop_subscription(self, source_id: str) -> None:
        """Forget a subscription."""

    def rest(self, source_id: str, until: datetime, why: str) -> None:
        """Have a source read at that moment, unless it is due later anyway."""


@dataclass(frozen=True)
class Around:
    """What a subscriber lives in; each is asked anew, because the configuration may change.

    `callbacks` is the address that tokens are appended to, `subscribes` whether anybody does so.
    `address` is that of a source, "" where it has none any more.
    `ingest` starts to read a source from a push, and says whether it could; what came of it goes
    to the callable that it is given. `clocks` notices that the clock was set.
    """

    fetcher: Callable[[], Fetcher]
    clock: Clock
    callbacks: Callable[[], str]
    subscribes: Callable[[], bool]
    sources: Callable[[], Collection[str]]
    address: Callable[[str], str]
    rest: Callable[[], timedelta]
    ingest: Callable[[str, Push, Callable[[SourceResult | Unstored], None]], bool]
    clocks: ClockWatch


class Subscriber:
    """Keeps subscriptions; told of polls, pushes and questions by several threads."""

    def __init__(self, store: SubscriptionStore, around: Around) -> None:
        self._store = store
        self._around = around
        self._lock = threading.RLock()
        self._known = {each.source_id: each for each in store.subscriptions()}
        self._waiting: dict[str, list[Push]] = {}
        self._leaving = Leaving(around.fetcher, around.clock, around.callbacks, around.address)

    def __call__(self) -> None:
        """Ask the hubs whose time has come, and let go what nobody wants."""
        try:
            self._follow_clock()
            for each in self._due():
                self._ask(each)
            self._leaving()
        except AggregatorError as error:
            _log.error("subscriptions are not looked after", error=str(error))

    def _follow_clock(self) -> None:
        """Where the clock was set back, set what was planned back with it: leases end as before.

        Forward it may have gone in a machine that slept, and hubs' leases went on meanwhile.
        """
        jump = self._around.clocks.jump()
        if jump < timedelta(0):
            with self._lock:
                for each in list(self._known.values()):
                    self._keep(_moved(each, jump))
        self._around.clocks.agree()

    def _due(self) -> list[Subscription]:
        with self._lock:
            wanted = set(self._around.sources()) if self._around.subscribes() else set()
            for gone in self._known.keys() - wanted:
                self._drop(gone)
            now = self._around.clock()
            return [each for each in self._known.values() if each.next_try_at <= now]

    def polled(self, result: SourceResult | Unstored) -> None:
        """A source was read at its own address: look what it announces, and what a push missed."""
        if isinstance(result, Unstored) or result.status is SourceStatus.FAILED:
            return
        try:
            self._learn(result, self._around.clock())
        except AggregatorError as error:  # whoever calls must get its thread back
            _log.error("subscription not kept", source=result.source_id, error=str(error))

    def _learn(self, result: SourceResult, now: datetime) -> None:
        hints = result.state.hints
        with self._lock:
            known = self._known.get(result.source_id)
            if known and (known.hub, known.topic) != (hints.hub, hints.topic):
                self._drop(known.source_id)
                known = None
            if known is None:
                if hints.hub and self._around.subscribes():
                    self._keep(_new(result.source_id, hints.hub, hints.topic, now))
            elif known.is_live(now) and result.tally.new:
                _log.warning("a push is missing; polled as before", source=known.source_id)
                self._keep(replace(known, trusted=False))
            elif known.is_live(now):
                self._rest(known, now)

    def confirm(self, token: str, said: Mapping[str, str]) -> bool:
        """Whether we meant what a hub asks about (§5.3); what it grants counts from now on.

        `said` are the parameters of its question by name.
        """
        topic = said.get("hub.topic", "")
        if said.get("hub.mode") == "unsubscribe":
            return self._leaving.confirm(token, topic)
        with self._lock:
            known = self._by_token(token)
            if known is None or topic != known.topic:
                return False
            now = self._around.clock()
            if said.get("hub.mode") == "denied":
                _log.warning("a hub refused", source=known.source_id, hub=_host(known.hub))
                self._keep(replace(known, expires_at=None, next_try_at=now + AFTER_DENIAL))
                return True
            if said.get("hub.mode") != "subscribe" or not known.tries:
                return False
            lease = _lease(said.get("hub.lease_seconds", ""))
            renewal = now + lease * RENEWED_AFTER
            self._keep(replace(known, tries=0, expires_at=now + lease, next_try_at=renewal))
            _log.info("subscribed", source=known.source_id, hub=_host(known.hub))
            return True

    def knows(self, token: str) -> bool:
        """Whether a push to this address may be ours; asked before anything of it is read."""
        with self._lock:
            return self._by_token(token) is not None

    def pushed(self, token: str, signature: str, body: bytes, content_type: str) -> bool:
        """Take what a hub sent, if its signature is right (§7.1); it is ingested soon."""
        with self._lock:
            known = self._by_token(token)
            if known is None or not _is_signed(known.secret, signature, body):
                return False
            push = Push(body, content_type, known.hub, known.topic)
            waiting = self._waiting.setdefault(known.source_id, [])
            waiting.append(push)
            del waiting[:-MOST_WAITING]
            return True

    def ingest(self) -> None:
        """Hand over the oldest push of each source that is not being read at the moment."""
        with self._lock:
            first = {source_id: pushes[0] for source_id, pushes in self._waiting.items() if pushes}
        for source_id, push in first.items():
            if self._around.ingest(source_id, push, self._ingested):
                with self._lock:
                    waiting = self._waiting.get(source_id, [])
                    self._waiting[source_id] = [each for each in waiting if each is not push]

    def _ingested(self, result: SourceResult | Unstored) -> None:
        """A push was read: from now on its source rests."""
        if isinstance(result, Unstored) or result.status is SourceStatus.FAILED:
            return
        now = self._around.clock()
        try:
            with self._lock:
                if known := self._known.get(result.source_id):
                    known = replace(known, pushed_at=now, trusted=True)
                    self._keep(known)
                    if known.is_live(now):
                        self._rest(known, now)
        except AggregatorError as error:
            _log.error("subscription not kept", source=result.source_id, error=str(error))

    def _rest(self, known: Subscription, now: datetime) -> None:
        until = now + self._around.rest()
        if known.expires_at is not None:
            until = min(until, known.expires_at)
        self._store.rest(known.source_id, until, "its hub tells of changes")

    def _ask(self, known: Subscription) -> None:
        """Ask a hub to tell us; until it asks back, it is asked again, less and less often."""
        now = self._around.clock()
        wait = min(FIRST_WAIT * 2 ** min(known.tries, 20), LONGEST_WAIT)
        asked = replace(known, tries=known.tries + 1, next_try_at=now + wait)
        with self._lock:
            if self._known.get(known.source_id) != known:
                return
            self._keep(asked)  # before it is sent: a hub may ask back at once
        fields = {
            "hub.mode": "subscribe",
            "hub.topic": known.topic,
            "hub.callback": self._around.callbacks() + known.token,
            "hub.secret": known.secret,
            "hub.lease_seconds": str(int(LEASE.total_seconds())),
        }
        request = hub_request(known.hub, fields, self._around.address(known.source_id))
        try:
            self._around.fetcher().fetch(request, Validators(), now)
        except FetchError as error:
            _log.warning(
                "not subscribed", source=known.source_id, hub=_host(known.hub), error=str(error)
            )

    def _keep(self, subscription: Subscription) -> None:
        self._store.keep_subscription(subscription)
        self._known[subscription.source_id] = subscription

    def _drop(self, source_id: str) -> None:
        self._store.drop_subscription(source_id)
        if known := self._known.pop(source_id, None):
            self._leaving.add(known)
        self._waiting.pop(source_id, None)

    def _by_token(self, token: str) -> Subscription | None:
        return next((each for each in self._known.values() if each.token == token), None)


def _new(source_id: str, hub: str, topic: str, now: datetime) -> Subscription:
    """A subscription that is asked for at once."""
    token, secret = secrets.token_urlsafe(24), secrets.token_hex(32)
    return Subscription(source_id, hub, topic, token, secret, next_try_at=now)


def _moved(subscription: Subscription, by: timedelta) -> Subscription:
    """The subscription with every moment to come moved."""
    ends = subscription.expires_at and subscription.expires_at + by
    return replace(subscription, next_try_at=subscription.next_try_at + by, expires_at=ends)


def _lease(seconds: str) -> timedelta:
    """What a hub grants, within reason; what we asked for where it says nothing readable."""
    if not (seconds.isascii() and seconds.isdigit()):
        return LEASE
    granted = timedelta(seconds=min(int(seconds[:12]), LONGEST_LEASE.total_seconds()))
    return max(granted, SHORTEST_LEASE)


def _is_signed(secret: str, signature: str, body: bytes) -> bool:
    method, _, digest = signature.partition("=")
    if method.lower() not in _SIGNED_BY:
        return False
    right = hmac.new(secret.encode(), body, method.lower()).hexdigest()
    return hmac.compare_digest(digest.strip().lower().encode("utf-8", "replace"), right.encode())


def _host(url: str) -> str:
    """The host of a hub, for the log."""
    return urlsplit(url).hostname or ""
