"""The part of the store by which people put articles right: split, merge, withdraw."""

from __future__ import annotations

from datetime import datetime

from aggregator.model.published import Withdrawal
from aggregator.store import correcting, withdrawing
from aggregator.store.database import Database
from aggregator.store.showing import ShownArticles


class CorrectedArticles(ShownArticles):
    """Each method is one transaction; `authority` is the host in new public ids."""

    def __init__(self, opened: Database, authority: str) -> None:
        super().__init__(opened)
        self._authority = authority

    def split(self, copy: str, now: datetime) -> tuple[str, str]:
        """Make a copy an article of its own (see `correcting`)."""
        return self._database.write(lambda each: correcting.split(each, copy, now, self._authority))

    def merge(self, one: str, other: str, now: datetime) -> tuple[str, str]:
        """Make two articles one, by their tokens (see `correcting`)."""
        return self._database.write(lambda each: correcting.merge(each, one, other, now))

    def withdraw(self, token: str, why: str, now: datetime) -> Withdrawal:
        """Take an article back, for good (see `withdrawing`)."""
        return self._database.write(lambda each: withdrawing.withdraw(each, token, why, now))
