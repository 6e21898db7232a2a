"""What is told of sources: what happened to them, and how they did from day to day."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum


class EventKind(StrEnum):
    """A turn in the life of a source, or of a feed of ours, that a person wants to hear of."""

    BROKEN = "broken"
    LAYOUT_CHANGED = "layout_changed"
    GONE = "gone"
    MOVED = "moved"
    SILENT = "silent"
    RECOVERED = "recovered"
    RESUMED = "resumed"
    REFUSED = "refused"
    ACCEPTED = "accepted"


OF_FEEDS = (EventKind.REFUSED, EventKind.ACCEPTED)
"""What happens to our own feeds: there `source_id` is the path of the feed."""


@dataclass(frozen=True, slots=True)
class SourceEvent:
    """One such turn, as it was recorded; nothing of it changes afterwards.

    `title` is what the source was called then. `detail` is the error, or the new address, without
    secrets; "" where there is nothing to add. `public_id` is a `tag:` URI.
    """

    public_id: str
    source_id: str
    title: str
    kind: EventKind
    happened_at: datetime
    detail: str


@dataclass(frozen=True, slots=True)
class GateVerdict:
    """What the gate said of a feed: why it was held back, or "" where it was published."""

    path: str
    title: str
    refused: str = ""


@dataclass(frozen=True, slots=True)
class SourceDay:
    """How a source did on one day (UTC): fetches, failed ones, mean seconds, new articles."""

    day: date
    fetches: int
    failures: int
    seconds: float
    new: int


class Condition(StrEnum):
    """How a source is, in one word; those that want a person's eye come first."""

    GONE = "gone"
    FAILING = "failing"
    SILENT = "silent"
    WAITING = "waiting"
    OK = "ok"


@dataclass(frozen=True, slots=True)
class Overview:
    """The whole stock in a few numbers: for metrics, which are asked for often.

    `due` counts the sources whose time has come, those that are being read among them;
    `oldest_due_at` is the time of the source that is due longest, or next; None without sources.
    """

    articles: int
    sources: Mapping[Condition, int]
    due: int
    oldest_due_at: datetime | None
