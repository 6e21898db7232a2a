"""What is remembered about a WebSub subscription to a source (https://www.w3.org/TR/websub/)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Subscription:
    """That a hub was asked to tell of a source's changes, and how that stands.

    `token` ends the callback's address, `secret` signs what the hub sends. At `next_try_at` the hub
    is asked (again), after `tries` without its confirmation. `expires_at` is set once it confirmed.
    `trusted` says that pushes come: the last news of the source came by one.
    """

    source_id: str
    hub: str
    topic: str
    token: str
    secret: str
    next_try_at: datetime
    tries: int = 0
    expires_at: datetime | None = None
    pushed_at: datetime | None = None
    trusted: bool = False

    def is_live(self, now: datetime) -> bool:
        """Whether the hub is bound to tell of changes, and does so."""
        return self.trusted and self.expires_at is not None and now < self.expires_at
