"""Up to when each WebSub hub has been told of every feed that was written: a note among the feeds.

With the times of the files it says, after a restart or a power cut, what a hub missed. Telling is
not done here.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta

from aggregator.publish.folder import FeedFolder
from aggregator.text.hashing import fingerprint

EVER = datetime(1970, 1, 2, tzinfo=UTC)
"""Up to when a hub was told that is new; all feeds are, and were all written to name it."""
_COARSE = timedelta(milliseconds=10)
"""Files get the time of the last tick of the system's clock; better told twice than never."""
_NOTE = ".told"


class Told:
    """The note in a folder of feeds. Hubs are kept by a hash: their addresses may hold secrets."""

    def __init__(self, folder: FeedFolder) -> None:
        self._folder = folder

    def until(self, hub: str) -> datetime:
        """The moment up to which a hub was told of everything.

        Raises:
            OSError: the note cannot be read.
        """
        seconds = self._noted().get(_name(hub))
        return datetime.fromtimestamp(seconds, UTC) - _COARSE if seconds else EVER

    def note(self, hub: str, moment: datetime) -> None:
        """Remember that a hub was told of everything up to a moment, and of nothing after it.

        Raises:
            OSError: the folder does not take it.
        """
        noted = {**self._noted(), _name(hub): moment.timestamp()}
        self._folder.note(_NOTE, json.dumps(noted, sort_keys=True).encode())

    def _noted(self) -> dict[str, float]:
        try:
            noted: dict[str, float] = json.loads(self._folder.noted(_NOTE) or b"{}")
        except ValueError:
            return {}
        return noted


def _name(hub: str) -> str:
    return fingerprint(hub)[:16]
