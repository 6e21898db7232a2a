"""The archive of a feed as data: which documents it has, and what goes into which one.

Documents are named by months (in UTC), busy months have several: `2026-10`, `2026-10-2`. The last
one is open, all others are closed and never change again. What comes late for a closed one, or
was edited since, goes into the one that is open. Pure; `archive` reads and writes.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from aggregator.model.published import Candidate

MOST = 1000
"""Articles that one document holds."""
_DECEMBER = 12


@dataclass(frozen=True, slots=True)
class Chain:
    """The documents of an archive, oldest first, and the newest time that stands in them."""

    documents: tuple[str, ...] = ()
    covered: datetime = datetime(1, 1, 1, tzinfo=UTC)

    @property
    def open(self) -> str:
        """The document that still grows; "" without any."""
        return self.documents[-1] if self.documents else ""


@dataclass(frozen=True, slots=True)
class Plan:
    """What an archive is to become: its documents, and what stands in those that are written.

    Of `contents`, in the order of the chain, all but the last are closed from now on.
    """

    chain: Chain
    contents: Mapping[str, Sequence[Candidate]]


def is_due(chain: Chain, shown: Sequence[datetime], limit: int) -> bool:
    """Whether the archive lacks something, going by the times of what the feed shows.

    `shown` are newest first, `limit` is how many a feed shows at most: articles may have fallen
    out of one that is full.
    """
    if not shown:
        return False
    is_full = len(shown) >= limit
    if not chain.documents:
        return is_full or month_of(shown[0]) != month_of(shown[-1])
    return shown[0] >= end_of(chain.open) or (is_full and shown[-1] > chain.covered)


def extended(chain: Chain, waiting: Iterable[Candidate]) -> Plan:
    """The archive with what waits: everything that no closed document has as it is now."""
    rest = sorted(waiting, key=lambda each: (each.published_at, each.token))
    if not rest:
        return Plan(chain, {})
    documents = list(chain.documents) or [month_of(rest[0].published_at)]
    contents: dict[str, Sequence[Candidate]] = {}
    start = 0
    while True:
        name = documents[-1]
        end = bisect_left(rest, end_of(name), start, key=lambda each: each.published_at)
        contents[name] = rest[start : min(end, start + MOST)]
        start += len(contents[name])
        if start == len(rest):
            covered = max(chain.covered, rest[-1].published_at)
            return Plan(Chain(tuple(documents), covered), contents)
        is_same_month = start < end
        documents.append(_next_part(name) if is_same_month else month_of(rest[start].published_at))


def month_of(moment: datetime) -> str:
    """The name of the first document of the month of a time."""
    return f"{moment.astimezone(UTC):%Y-%m}"


def end_of(name: str) -> datetime:
    """The first moment after the month of a document."""
    year, month = int(name[:4]), int(name[5:7])
    years, month = divmod(month, _DECEMBER)
    return datetime(year + years, month + 1, 1, tzinfo=UTC)


def _next_part(name: str) -> str:
    """The name of the next document of the same month."""
    year, month, *part = name.split("-")
    return f"{year}-{month}-{int(part[0]) + 1 if part else 2}"
