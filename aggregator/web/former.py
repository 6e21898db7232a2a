"""Addresses that feeds had: 301 to where a category moved, 410 for one that was removed.

What is known stands in a note of the published folder (see `publish.former`), read once per change.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from starlette.responses import RedirectResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from aggregator.web.addresses import address
from aggregator.web.answers import is_for_people, page, plain

_NOTE = ".addresses"
_MOST_MOVES = 10


@dataclass(frozen=True, slots=True)
class Former:
    """What became of a category: where an address below it leads now, or that it was removed."""

    path: str
    now: str = ""


class FormerAddresses:
    """Answers for categories that are not there any more."""

    def __init__(
        self,
        folder: Path,
        headers: Mapping[str, str],
        gone: Callable[[str], bytes] | None = None,
    ) -> None:
        self._page = gone
        self._note = folder / _NOTE
        self._headers = headers
        self._changed = 0
        self._moved: dict[str, str] = {}
        self._gone: frozenset[str] = frozenset()

    def answer(self, names: tuple[str, ...]) -> ASGIApp | None:
        """301 or 410 for an address at or below a former one; None for any other."""
        former = self.find(names)
        if former is None:
            return None
        if former.now:
            there = address(tuple(former.now.split("/")))
            return RedirectResponse(there, 301, self._headers)
        return self.removed(former)

    def find(self, names: tuple[str, ...]) -> Former | None:
        """What became of the category at or above an address; None where nothing is noted."""
        self._look()
        for end in range(len(names), 0, -1):
            path = "/".join(names[:end])
            if path in self._moved:
                return Former(path, "/".join((self._now(path), *names[end:])))
            if path in self._gone:
                return Former(path)
        return None

    def removed(self, former: Former) -> ASGIApp:
        """410 for a category that was removed."""
        return partial(self._removed, former.path)

    async def _removed(self, path: str, scope: Scope, receive: Receive, send: Send) -> None:
        """Say so, to people by a page."""
        answer: ASGIApp = plain(410, "What was here was removed for good.")
        if self._page is not None and is_for_people(scope):
            answer = page(410, self._page(path))
        await answer(scope, receive, send)

    def _now(self, path: str) -> str:
        """Where a category is now that moved, it may be several times."""
        for _ in range(_MOST_MOVES):
            path = self._moved.get(path, path)
        return path

    def _look(self) -> None:
        try:
            changed = self._note.stat().st_mtime_ns
            if changed != self._changed:
                noted = json.loads(self._note.read_bytes())
                self._moved, self._gone = noted["moved"], frozenset(noted["gone"])
                self._changed = changed
        except OSError:
            self._moved, self._gone, self._changed = {}, frozenset(), 0
