"""Tells WebSub hubs which feeds changed: soon, again where it failed, and never in anybody's way.

What waits is kept in memory: a hub that missed a ping hears of the feed at its next change. Which
feeds changed is for `publish` to say; subscribing to others' feeds is not done here.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from urllib.parse import urlencode, urlsplit

import structlog

from aggregator.contracts import Clock, Fetcher
from aggregator.errors import FetchError
from aggregator.model.pages import Request, Validators

_log = structlog.get_logger("aggregator.scheduling")

FIRST_WAIT = timedelta(seconds=30)
LONGEST_WAIT = timedelta(hours=1)
MOST_TRIES = 8
"""After so many failures, over some three hours, the hub is not told any more."""
AT_ONCE = 100
"""Feeds that are named in one request."""
_FORM = {"Content-Type": "application/x-www-form-urlencoded"}


@dataclass
class _Waiting:
    """The feeds that a hub is to be told of, and when it is asked next."""

    topics: dict[str, None] = field(default_factory=dict)
    tries: int = 0
    not_before: datetime | None = None


class Pings:
    """What hubs are to be told; filled by whoever publishes, emptied by a thread of its own.

    `fetcher` gives the one in force: hubs are reached by the rules that hold for sources.
    """

    def __init__(self, fetcher: Callable[[], Fetcher], clock: Clock) -> None:
        self._fetcher = fetcher
        self._clock = clock
        self._waiting: dict[str, _Waiting] = {}
        self._lock = threading.Lock()

    def add(self, hubs: Sequence[str], topics: Iterable[str]) -> None:
        """Have these hubs told that these feeds changed; hubs that are no longer named are left."""
        changed = dict.fromkeys(topics)
        with self._lock:
            for gone in self._waiting.keys() - set(hubs):
                del self._waiting[gone]
            for hub in hubs if changed else ():
                self._waiting.setdefault(hub, _Waiting()).topics |= changed

    def __call__(self) -> None:
        """Tell every hub whose time has come; each gets one request."""
        now = self._clock()
        for hub, topics in self._take(now).items():
            try:
                self._fetcher().fetch(_ping(hub, topics), Validators(), now)
            except FetchError as error:
                self._failed(hub, topics, error, now)
            else:
                self._told(hub, topics)

    def _take(self, now: datetime) -> dict[str, list[str]]:
        """What is to be told now; a feed that changes from here on is told again."""
        taken = {}
        with self._lock:
            for hub, waiting in self._waiting.items():
                if waiting.not_before is None or waiting.not_before <= now:
                    taken[hub] = list(waiting.topics)[:AT_ONCE]
                    waiting.topics = dict.fromkeys(list(waiting.topics)[AT_ONCE:])
        return {hub: topics for hub, topics in taken.items() if topics}

    def _told(self, hub: str, topics: Sequence[str]) -> None:
        _log.debug("hub told", hub=_shown(hub), feeds=len(topics))
        with self._lock:
            if waiting := self._waiting.pop(hub, None):
                self._waiting[hub] = _Waiting(waiting.topics)

    def _failed(self, hub: str, topics: Sequence[str], error: FetchError, now: datetime) -> None:
        with self._lock:
            waiting = self._waiting.get(hub)
            if waiting is None:
                return
            waiting.tries += 1
            asked = timedelta(seconds=error.retry_after or 0)
            wait = max(min(FIRST_WAIT * 2 ** (waiting.tries - 1), LONGEST_WAIT), asked)
            waiting.not_before = now + wait
            waiting.topics = dict.fromkeys(topics) | waiting.topics
            if waiting.tries >= MOST_TRIES:
                self._waiting[hub] = _Waiting()
        _log.warning("hub not told", hub=_shown(hub), error=str(error), tries=waiting.tries)


def _ping(hub: str, topics: Sequence[str]) -> Request:
    """What a publisher sends; hubs differ in how they call the feed (WebSub §6 leaves it open)."""
    fields = [("hub.mode", "publish")]
    for topic in topics:
        fields += [("hub.url", topic), ("hub.topic", topic)]
    return Request(hub, "POST", _FORM, urlencode(fields).encode())


def _shown(hub: str) -> str:
    """The host of a hub: its path may hold a secret."""
    return urlsplit(hub).hostname or ""
