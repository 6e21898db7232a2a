"""Whether it is us who are cut off: of all who used to answer, nobody does any more.

A source that cannot be reached while nobody can has not failed, and should not be left alone longer
and longer for it. Counts domains, not requests: one that is down says nothing about the others.
"""

from __future__ import annotations

import threading

from aggregator.errors import FetchReason

FEWEST = 3
"""So many domains must have answered before, for their silence to say anything."""
ENOUGH = 10
"""So many that fail, with no answer from anybody in between, are enough among however many."""
UNREACHED = frozenset({FetchReason.DNS, FetchReason.CONNECT, FetchReason.TIMEOUT})
"""What a request ends with where there is no network; not all of these mean that."""


class Connectivity:
    """What became of the latest requests to the open internet; safe from several threads."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._good = set[str]()
        self._silent = set[str]()

    def answered(self, domain: str) -> None:
        """Somebody answered, whatever it said."""
        with self._lock:
            self._silent.clear()
            if len(self._good) < ENOUGH:
                self._good.add(domain)

    def failed(self, domain: str) -> bool:
        """Somebody could not be reached; whether that holds for everybody."""
        with self._lock:
            if len(self._silent) < ENOUGH:
                self._silent.add(domain)
            return FEWEST <= len(self._good) <= len(self._silent)
