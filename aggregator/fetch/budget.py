"""Politeness towards one registrable domain, whatever number of sources lives there.

So many requests are under way at once, and so much time passes from one to the next. A domain that
says that it is too much (429, 503 with a wait), or that fends us off again and again (403, 503), is
left alone for a while, by all of its sources, and asked at half the speed after that; when all goes
well for long, it is asked faster again. What was learned is kept by a `PaceStore`, over restarts.

Servers that are at home, on this machine or a private network, are ours: there the pause from one
request to the next is left out. What a source does after it was refused is for `due`.
"""

from __future__ import annotations

import contextlib
import ipaddress
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache, lru_cache

from publicsuffixlist import PublicSuffixList

from aggregator.contracts import PaceStore
from aggregator.errors import AggregatorError, FetchError, FetchReason
from aggregator.fetch.connectivity import Connectivity
from aggregator.model.schedule import DomainPace

REST = 60.0
"""Seconds that a domain is left alone when it did not say how long."""
LONGEST_REST = 3600.0
"""Longest rest of a whole domain: one source may be asked to wait longer, not all its peers."""
FIRST_PAUSE, LONGEST_PAUSE = 2.0, 60.0
"""Seconds from one request to the next, after the first complaint and at most."""
BURST, BURST_SECONDS = 5, 300.0
"""So many refusals within this time, and no good answer in between, are a complaint."""
GOOD_ANSWERS = 50
"""After so many good answers in a row a slow domain is asked twice as fast."""
MOST_DOMAINS = 10_000
"""Domains that are remembered at once before idle ones are forgotten."""


@cache
def _public_suffixes() -> PublicSuffixList:
    """The list that comes with the library; nothing is ever downloaded."""
    return PublicSuffixList()


@lru_cache(maxsize=100_000)
def registrable_domain(host: str) -> str:
    """Whom a host belongs to: news.example.co.uk to example.co.uk, an address to itself."""
    host = host.strip("[]").rstrip(".").lower()
    if ":" in host or host[-1:].isdigit():  # no name ends so, and asking is dear for thousands
        with contextlib.suppress(ValueError):
            return str(ipaddress.ip_address(host))
    return str(_public_suffixes().privatesuffix(host) or host)


class Steady:
    """The clock that nobody sets, and waiting by it; a simulation hands in one of its own."""

    def now(self) -> float:
        """Seconds since some moment."""
        return time.monotonic()

    def wait(self, change: threading.Condition, seconds: float) -> bool:
        """Wait for a change of what the condition guards; False when the time is over."""
        return change.wait(seconds)


@dataclass
class _Domain:
    """One domain; moments are those of the monotonic clock, `learned` is 0 where nothing was."""

    busy: int = 0
    not_before: float = 0.0
    rest_until: float = 0.0
    learned: float = 0.0
    is_at_home: bool = False
    refusals: int = 0
    refused_at: float = 0.0
    good: int = 0

    def is_idle(self, now: float) -> bool:
        """Whether nothing would be lost by forgetting it."""
        return not (self.busy or self.learned) and max(self.not_before, self.rest_until) < now


class Budget:
    """What may be asked, of whom, and when; one for all threads and everything that they ask for.

    Args:
        per_domain: requests under way at once.
        pause: seconds from the start of one request to that of the next.
        clock: what pauses and rests are measured by.
    """

    def __init__(self, per_domain: int, pause: float = 0.0, clock: Steady | None = None) -> None:
        self._per_domain = per_domain
        self._pause = pause
        self._clock = clock or Steady()
        self._changed = threading.Condition()
        self._domains: dict[str, _Domain] = {}
        self._store: PaceStore | None = None
        self.connectivity = Connectivity()

    def adopt(self, per_domain: int, pause: float) -> None:
        """Go by other settings from now on; what is under way and what was learned still counts."""
        with self._changed:
            self._per_domain, self._pause = per_domain, pause
            self._changed.notify_all()

    def keep_in(self, store: PaceStore, now: datetime) -> None:
        """Go by what is known of domains already, and keep there what is learned.

        A rest that no domain gets came of a clock that was set back since: it is cut, there too.

        Raises:
            StoreError: the database refused.
        """
        for pace in store.paces():
            rest = (pace.rest_until - now).total_seconds()
            known = _Domain(learned=min(pace.pause.total_seconds(), LONGEST_PAUSE))
            known.rest_until = self._clock.now() + min(rest, LONGEST_REST)
            with self._changed:
                self._domains[pace.domain] = known
            if rest > LONGEST_REST:
                store.keep_pace(self._pace(pace.domain, known, now))
        self._store = store

    @contextmanager
    def turn(self, host: str, seconds: float) -> Iterator[None]:
        """Make one request inside; waits up to so many seconds for its turn.

        Raises:
            FetchError: the domain is to be left alone, or its turn does not come in time.
        """
        name = registrable_domain(host)
        with self._changed:
            domain = self._wait_for_turn(name, self._clock.now() + seconds)
            domain.busy += 1
            domain.not_before = self._clock.now() + self._pause_of(domain)
        try:
            yield
        finally:
            with self._changed:
                domain.busy -= 1
                self._changed.notify_all()

    def _wait_for_turn(self, name: str, end: float) -> _Domain:
        """Let time pass until one more request may go out."""
        while True:
            domain, now = self._domain(name), self._clock.now()
            if domain.rest_until > now:
                why = "is left alone for a while, so it was not asked"
                raise _not_now(name, why, domain.rest_until - now)
            if domain.busy >= self._per_domain:
                if now >= end or not self._clock.wait(self._changed, end - now):
                    places = f"{self._per_domain} requests under way all the time"
                    raise _not_now(name, f"had {places}; fetch.per_domain allows more", None)
            elif domain.not_before <= now:
                return domain
            elif domain.not_before > end:
                raise _not_now(name, "has many requests waiting", domain.not_before - now)
            else:
                self._clock.wait(self._changed, domain.not_before - now)

    def _domain(self, name: str) -> _Domain:
        if len(self._domains) > MOST_DOMAINS:
            now = self._clock.now()
            self._domains = {n: each for n, each in self._domains.items() if not each.is_idle(now)}
        return self._domains.setdefault(name, _Domain())

    def _pause_of(self, domain: _Domain) -> float:
        return max(domain.learned, 0.0 if domain.is_at_home else self._pause)

    def is_at_home(self, host: str) -> None:
        """The host's server turned out to be on this machine or a private network."""
        with self._changed:
            domain = self._domain(registrable_domain(host))
            if not domain.is_at_home:
                domain.is_at_home = True
                domain.not_before = 0.0
                self._changed.notify_all()

    def complaint(self, host: str, seconds: float | None, now: datetime) -> None:
        """Leave the host's domain alone for so long (None: it did not say), then go slower."""
        wait = REST if seconds is None else min(seconds, LONGEST_REST)
        with self._changed:
            name = registrable_domain(host)
            domain, moment = self._domain(name), self._clock.now()
            if domain.rest_until <= moment:  # requests under way complain together, and count once
                domain.learned = min(max(domain.learned * 2, FIRST_PAUSE), LONGEST_PAUSE)
            domain.rest_until = max(moment + wait, domain.rest_until)
            domain.refusals = domain.good = 0
            pace = self._pace(name, domain, now)
            self._changed.notify_all()
        self._keep(pace)

    def refusal(self, host: str, now: datetime) -> None:
        """The host would not answer, and did not say why; a burst of that is a complaint."""
        with self._changed:
            domain, moment = self._domain(registrable_domain(host)), self._clock.now()
            if moment - domain.refused_at > BURST_SECONDS:
                domain.refusals = 0
            domain.refused_at = moment
            domain.refusals += 1
            domain.good = 0
            is_burst = domain.refusals >= BURST
        if is_burst:
            self.complaint(host, None, now)

    def good_answer(self, host: str, now: datetime) -> None:
        """The host answered as it should; so many of that make a slow domain faster."""
        with self._changed:
            name = registrable_domain(host)
            domain = self._domain(name)
            domain.refusals = 0
            domain.good += 1
            if not domain.learned or domain.good < GOOD_ANSWERS:
                return
            domain.good = 0
            half = domain.learned / 2
            domain.learned = half if half >= FIRST_PAUSE else 0.0
            pace = self._pace(name, domain, now)
        self._keep(pace)

    def _keep(self, pace: DomainPace) -> None:
        """Politeness does not depend on the database: what it does not take counts all the same."""
        if self._store is None:
            return
        with contextlib.suppress(AggregatorError):
            if pace.pause:
                self._store.keep_pace(pace)
            else:
                self._store.forget_pace(pace.domain)

    def _pace(self, name: str, domain: _Domain, now: datetime) -> DomainPace:
        left = max(domain.rest_until - self._clock.now(), 0.0)
        return DomainPace(name, timedelta(seconds=domain.learned), now + timedelta(seconds=left))


def _not_now(name: str, why: str, wait: float | None) -> FetchError:
    """We held a request back ourselves: there is no status."""
    return FetchError(FetchReason.RATE_LIMITED, f"{name} {why}", retry_after=wait)
