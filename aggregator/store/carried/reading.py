"""Takes an exported ledger in: all of it in one transaction, or nothing.

What is wrong with a file is told line by line, as far as it can be read.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import Connection

from aggregator.errors import Fault, LedgerError
from aggregator.model.ledger import TakenIn
from aggregator.store.carried.lines import HEADER, KINDS, VERSION, UnreadableLineError, from_text
from aggregator.store.carried.storing import Numbered, Storing
from aggregator.store.carried.writing import Told
from aggregator.text.counts import counted

_AT_ONCE = 500
_MOST_FAULTS = 20
"""Of a file that is damaged all through, nobody wants to read more."""
_NO_HEADER = (
    f"the first line should be that of `export ledger`, of version {VERSION};"
    " what a newer program wrote is for that one"
)


def read(
    connection: Connection, lines: Iterable[bytes], name: str, now: datetime, told: Told
) -> TakenIn:
    """Take in every line of a file; `name` is what the file is called.

    Raises:
        LedgerError: it is no export of a ledger, or not a whole one; nothing is to be stored.
    """
    reading = _Reading(name, Storing(connection), told)
    last = 0
    for last, text in enumerate(lines, 1):
        reading.line(last, text)
    reading.end(last + 1)
    reading.storing.settle(now, reading.has_placed)
    added, known = reading.storing.added, reading.storing.known
    return TakenIn(
        {kind: (added[kind], known[kind]) for kind in KINDS if added[kind] + known[kind]}
    )


@dataclass
class _Reading:
    """A file while it is read: the lines that wait to be stored together, and what is wrong."""

    name: str
    storing: Storing
    told: Told
    promised: Mapping[str, int] = field(default_factory=dict)
    seen: Counter[str] = field(default_factory=Counter)
    faults: list[Fault] = field(default_factory=list)
    kind: str = HEADER
    waiting: list[Numbered] = field(default_factory=list)

    def line(self, number: int, text: bytes) -> None:
        """Take one line; what is wrong with it is noted."""
        try:
            kind, values = from_text(text)
        except UnreadableLineError as error:
            for each in error.faults:
                self._fault(number, each)
            kind, values = "", {}
        if (kind == HEADER) is not (number == 1):
            self._fault(number, _NO_HEADER if number == 1 else "a second first line")
        if number == 1:
            self._give_up_on_faults()
            self.promised = values["lines"]
            return
        self.seen[kind] += 1
        if kind != self.kind or len(self.waiting) >= _AT_ONCE:
            self._store()
            self.kind = kind
        self.waiting.append((number, values))

    def end(self, number: int) -> None:
        """The file is over: it should hold what it promised."""
        self._store()
        if number == 1:
            self._fault(1, "the file is empty", _NO_HEADER)
        for kind, count in self.promised.items():
            if not self.faults and self.seen[kind] != count:
                what = f"the file ends with {counted(self.seen[kind], 'line')} of kind {kind}"
                self._fault(number, what, f"its first line promises {count}: export it again")
        self._give_up_on_faults()

    def has_placed(self, articles: int) -> None:
        """So many of the new articles are in their places."""
        lines = sum(self.promised.values())
        self.told(lines + articles, self._total)

    @property
    def _total(self) -> int:
        """Lines to read, and then articles to put in their places."""
        return sum(self.promised.values()) + self.promised.get("article", 0)

    def _store(self) -> None:
        """Store what waits; after the first fault nothing is, as nothing will be kept."""
        if self.waiting and not self.faults:
            for number, what in self.storing.add(self.kind, self.waiting):
                self._fault(number, what)
        self.waiting = []
        self.told(sum(self.seen.values()), self._total)

    def _fault(self, number: int, what: str, hint: str = "") -> None:
        self.faults.append(Fault(self.name, number, 1, "", what, hint))
        if len(self.faults) >= _MOST_FAULTS:
            self._give_up_on_faults()

    def _give_up_on_faults(self) -> None:
        if self.faults:
            raise LedgerError(tuple(self.faults))
