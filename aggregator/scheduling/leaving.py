"""Gives up WebSub subscriptions: a hub is asked to tell us no more, and asks back if we mean it.

What waits is kept in memory and soon given up: a hub that was not reached pushes in vain (410)
until the lease ends. https://www.w3.org/TR/websub/ §5.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import datetime, timedelta
from urllib.parse import urlsplit

import structlog

from aggregator.contracts import Clock, Fetcher
from aggregator.errors import FetchError
from aggregator.model.pages import Request, Validators
from aggregator.model.websub import Subscription
from aggregator.scheduling.clock import rests
from aggregator.scheduling.hub_requests import hub_request

_log = structlog.get_logger("aggregator.scheduling")

WAIT = timedelta(minutes=5)
MOST_TRIES = 3
"""After so many requests without its question a hub is left to its lease."""


class Leaving:
    """Subscriptions that nobody wants any more.

    `callbacks` is what tokens are appended to, `address` tells the address of a source.
    """

    def __init__(
        self,
        fetcher: Callable[[], Fetcher],
        clock: Clock,
        callbacks: Callable[[], str],
        address: Callable[[str], str],
    ) -> None:
        self._address = address
        self._fetcher = fetcher
        self._clock = clock
        self._callbacks = callbacks
        self._lock = threading.Lock()
        self._waiting: dict[str, tuple[Subscription, int, datetime]] = {}

    def add(self, subscription: Subscription) -> None:
        """Give up a subscription, if its hub is bound to tell of anything."""
        now = self._clock()
        if subscription.expires_at is not None and now < subscription.expires_at:
            with self._lock:
                self._waiting[subscription.token] = (subscription, 0, now)

    def __call__(self) -> None:
        """Ask the hubs whose time has come."""
        for each in self._due(self._clock()):
            try:
                self._fetcher().fetch(self._request(each), Validators(), self._clock())
            except FetchError as error:
                host = urlsplit(each.hub).hostname
                _log.warning("not unsubscribed", source=each.source_id, hub=host, error=str(error))

    def confirm(self, token: str, topic: str) -> bool:
        """Whether we meant to leave; a hub asks once."""
        with self._lock:
            subscription, _, _ = self._waiting.get(token, (None, 0, None))
            if subscription is None or subscription.topic != topic:
                return False
            del self._waiting[token]
        _log.info("unsubscribed", source=subscription.source_id)
        return True

    def _due(self, now: datetime) -> list[Subscription]:
        """Those to ask for now; asked so often in vain, they are let go."""
        with self._lock:
            due = [each for each in self._waiting.values() if not rests(each[2], WAIT, now)]
            for subscription, tries, _ in due:
                self._waiting[subscription.token] = (subscription, tries + 1, now + WAIT)
                if tries >= MOST_TRIES:
                    del self._waiting[subscription.token]
            return [subscription for subscription, tries, _ in due if tries < MOST_TRIES]

    def _request(self, subscription: Subscription) -> Request:
        fields = {
            "hub.mode": "unsubscribe",
            "hub.topic": subscription.topic,
            "hub.callback": self._callbacks() + subscription.token,
        }
        return hub_request(subscription.hub, fields, self._address(subscription.source_id))
