"""Tells WebSub hubs which feeds changed: soon, again where it failed, and never in anybody's way.

What waits is kept in memory; up to when a hub was told of everything is noted, so that what it
missed is found again after a restart. Which feeds changed is for `publish` to say; subscribing to
others' feeds is not done here.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Protocol
from urllib.parse import urlencode, urlsplit

import structlog

from aggregator.contracts import Clock, Fetcher
from aggregator.errors import FetchError
from aggregator.model.pages import Request, Validators
from aggregator.publish.told import EVER
from aggregator.scheduling.clock import LONG_AGO, rests

_log = structlog.get_logger("aggregator.scheduling")

FIRST_WAIT = timedelta(seconds=30)
LONGEST_WAIT = timedelta(hours=1)
MOST_TRIES = 10
"""After so many failures, over some three hours, the hub is left alone until the next change."""
AT_ONCE = 100
"""Feeds that are named in one request."""
_FORM = {"Content-Type": "application/x-www-form-urlencoded"}


@dataclass
class _Waiting:
    """The feeds that a hub is to be told of, and when it is asked next."""

    complete: datetime
    topics: dict[str, None] = field(default_factory=dict)
    tries: int = 0
    not_before: datetime = LONG_AGO
    rest: timedelta = timedelta(0)


class Told(Protocol):
    """Where it is noted up to when hubs were told of everything."""

    def until(self, hub: str) -> datetime:
        """That moment for a hub.

        Raises:
            OSError: it cannot be read.
        """

    def note(self, hub: str, moment: datetime) -> None:
        """Remember another one.

        Raises:
            OSError: it cannot be kept.
        """


class Pings:
    """What hubs are to be told; filled by whoever publishes, emptied by a thread of its own.

    `fetcher` gives the one in force: hubs are reached by the rules that hold for sources.
    """

    def __init__(self, fetcher: Callable[[], Fetcher], clock: Clock, told: Told) -> None:
        self._fetcher = fetcher
        self._clock = clock
        self._told = told
        self._waiting: dict[str, _Waiting] = {}
        self._lock = threading.Lock()

    def add(self, hubs: Sequence[str], topics: Iterable[str]) -> None:
        """Have these hubs told that these feeds changed; hubs that are no longer named are left."""
        changed, now = dict.fromkeys(topics), self._clock()
        for hub in hubs if changed else ():
            self._told_until(hub, now)
        with self._lock:
            for gone in self._waiting.keys() - set(hubs):
                del self._waiting[gone]
            for hub in hubs if changed else ():
                self._wait(hub, changed, now)

    def recall(self, hubs: Sequence[str], written: Callable[[datetime], Iterable[str]]) -> None:
        """Have hubs told of what they missed before this process; `written` gives feeds since when.

        Raises:
            StoreError: it cannot be said.
        """
        now = self._clock()
        for hub in hubs:
            missed = dict.fromkeys(written(self._told_until(hub, now)))
            with self._lock:
                self._wait(hub, missed, now)

    def __call__(self) -> None:
        """Tell every hub whose time has come; each gets one request."""
        self.tell()

    def tell(self) -> bool:
        """As above; False where no hub's time had come."""
        now = self._clock()
        taken = self._take(now)
        for hub, topics in taken.items():
            try:
                self._fetcher().fetch(_ping(hub, topics), Validators(), now)
            except FetchError as error:
                self._failed(hub, topics, error, now)
            else:
                self._succeeded(hub, topics)
        return bool(taken)

    def _told_until(self, hub: str, now: datetime) -> datetime:
        """Up to when a hub was told of everything.

        Where the clock was set back, a note of a time to come would hide what is written until
        then: a hub is rather told of everything once more.
        """
        try:
            until = self._told.until(hub)
            if until > now:
                until = EVER
                self._told.note(hub, until)
        except OSError as error:
            _log.warning("not known what a hub was told", error=str(error))
            return EVER
        return until

    def _wait(self, hub: str, topics: Mapping[str, None], now: datetime) -> None:
        """What is to be told is complete up to now; a hub that was given up gets another chance."""
        waiting = self._waiting.setdefault(hub, _Waiting(now))
        waiting.complete = now
        waiting.topics |= topics
        if waiting.tries >= MOST_TRIES:
            waiting.tries, waiting.not_before = 0, LONG_AGO

    def _take(self, now: datetime) -> dict[str, list[str]]:
        """What is to be told now; a feed that changes from here on is told again."""
        taken = {}
        with self._lock:
            for hub, waiting in self._waiting.items():
                is_time = not rests(waiting.not_before, waiting.rest, now)
                if is_time and waiting.tries < MOST_TRIES:
                    taken[hub] = list(waiting.topics)[:AT_ONCE]
                    waiting.topics = dict.fromkeys(list(waiting.topics)[AT_ONCE:])
        return {hub: topics for hub, topics in taken.items() if topics}

    def _succeeded(self, hub: str, topics: Sequence[str]) -> None:
        _log.debug("hub told", hub=_shown(hub), feeds=len(topics))
        with self._lock:
            waiting = self._waiting.pop(hub, None)
            if waiting is None:
                return
            if waiting.topics:
                self._waiting[hub] = _Waiting(waiting.complete, waiting.topics)
                return
        try:
            self._told.note(hub, waiting.complete)
        except OSError as error:
            _log.warning("not noted what a hub was told", error=str(error))

    def _failed(self, hub: str, topics: Sequence[str], error: FetchError, now: datetime) -> None:
        with self._lock:
            waiting = self._waiting.get(hub)
            if waiting is None:
                return
            waiting.tries += 1
            asked = timedelta(seconds=error.retry_after or 0)
            waiting.rest = max(min(FIRST_WAIT * 2 ** (waiting.tries - 1), LONGEST_WAIT), asked)
            waiting.not_before = now + waiting.rest
            waiting.topics = dict.fromkeys(topics) | waiting.topics
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
