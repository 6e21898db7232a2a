"""Politeness towards one registrable domain, whatever number of sources lives there.

At most so many requests are under way at once, and a domain that said that it is too much is left
alone for a while, by all of its sources. What one source does after that is for `due`; this
remembers only while the process runs.
"""

from __future__ import annotations

import ipaddress
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache, lru_cache

from publicsuffixlist import PublicSuffixList

from aggregator.errors import FetchError, FetchReason

PAUSE = 60.0
"""Seconds that a domain is left alone when it did not say how long."""

LONGEST_PAUSE = 3600.0
"""Longest pause for a whole domain: one source may be asked to wait longer, not all its peers."""


@cache
def _public_suffixes() -> PublicSuffixList:
    """The list that comes with the library; nothing is ever downloaded."""
    return PublicSuffixList()


@lru_cache(maxsize=10_000)
def registrable_domain(host: str) -> str:
    """Whom a host belongs to: news.example.co.uk to example.co.uk, an address to itself."""
    host = host.strip("[]").rstrip(".").lower()
    try:
        return str(ipaddress.ip_address(host))
    except ValueError:
        return str(_public_suffixes().privatesuffix(host) or host)


class Budget:
    """What may be under way at once; shared by all threads."""

    def __init__(self, per_domain: int) -> None:
        self._per_domain = per_domain
        self._changed = threading.Condition()
        self._busy = Counter[str]()
        self._paused_until: dict[str, float] = {}

    @contextmanager
    def turn(self, host: str, seconds: float) -> Iterator[None]:
        """Make one request inside; waits up to so many seconds for a place.

        Raises:
            FetchError: the domain is to be left alone, or no place came free.
        """
        domain = registrable_domain(host)
        with self._changed:
            is_free = self._changed.wait_for(lambda: self._has_place(domain), seconds)
            if not is_free:
                raise FetchError(
                    FetchReason.RATE_LIMITED,
                    f"{domain} had {self._per_domain} requests under way all the time; "
                    "fetch.per_domain allows more",
                )
            self._busy[domain] += 1
        try:
            yield
        finally:
            with self._changed:
                self._busy[domain] -= 1
                if not self._busy[domain]:
                    del self._busy[domain]
                self._changed.notify_all()

    def pause(self, host: str, seconds: float | None) -> None:
        """Leave the host's domain alone for so long; None: it did not say."""
        domain = registrable_domain(host)
        wait = PAUSE if seconds is None else min(seconds, LONGEST_PAUSE)
        with self._changed:
            until = max(time.monotonic() + wait, self._paused_until.get(domain, 0.0))
            self._paused_until[domain] = until
            self._changed.notify_all()

    def _has_place(self, domain: str) -> bool:
        """Whether one more request may go out; refuses at once where waiting is of no use."""
        left = self._paused_until.get(domain, 0.0) - time.monotonic()
        if left > 0:
            raise FetchError(
                FetchReason.RATE_LIMITED,
                f"{domain} asked to be left alone, so it was not asked again",
                retry_after=left,
            )
        self._paused_until.pop(domain, None)
        return self._busy[domain] < self._per_domain
