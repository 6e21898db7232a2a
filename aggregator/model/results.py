"""How reading a source ended: one `Digest` out of a worker, one `SourceResult` for the record."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from aggregator.model.articles import Article, Dropped
from aggregator.model.entries import Origin
from aggregator.model.health import Condition
from aggregator.model.pages import ArticlePage, FetchState, IdentityRule
from aggregator.model.schedule import Hints


@dataclass(frozen=True, slots=True)
class Digest:
    """What a worker made of some pages of one source: ready to be decided on and stored.

    `articles` come in document order, newest first. `unchanged` counts entries that were recognised
    before anything was cleaned. `stamps` are the change stamps of the documents read, by name;
    `vanished` names documents that are no longer there. `pages` are the articles' own pages that
    were tried. `warnings` are for the source's health, `hints` for its schedule.
    """

    source_id: str
    articles: tuple[Article, ...] = ()
    unchanged: int = 0
    dropped: tuple[Dropped, ...] = ()
    stamps: Mapping[str, str] = field(default_factory=dict)
    vanished: tuple[str, ...] = ()
    origin: Origin = Origin()
    identity: IdentityRule = IdentityRule.GUID
    pages: tuple[ArticlePage, ...] = ()
    warnings: tuple[str, ...] = ()
    hints: Hints = Hints()


class SourceStatus(StrEnum):
    """How a fetch of a source ended."""

    OK = "ok"
    NOT_MODIFIED = "not_modified"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Tally:
    """How many articles met which end."""

    new: int = 0
    changed: int = 0
    unchanged: int = 0
    duplicate: int = 0
    dropped: Mapping[str, int] = field(default_factory=dict)

    @property
    def brings_news(self) -> bool:
        """Whether something may have to be published for it."""
        return bool(self.new or self.changed or self.duplicate)

    def __add__(self, other: Tally) -> Tally:
        """Sum of two tallies, reason by reason."""
        reasons = {
            reason: self.dropped.get(reason, 0) + other.dropped.get(reason, 0)
            for reason in sorted({*self.dropped, *other.dropped})
        }
        return Tally(
            self.new + other.new,
            self.changed + other.changed,
            self.unchanged + other.unchanged,
            self.duplicate + other.duplicate,
            reasons,
        )


@dataclass(frozen=True, slots=True)
class SourceResult:
    """The one record of one fetch of one source, whatever happened.

    `error` is `reason: detail`, "" where none; `http_status` 0 where there was no answer;
    `duration` is the whole time from asking to cleaned; `bytes_read` after decompression.
    """

    source_id: str
    status: SourceStatus
    started_at: datetime
    duration: timedelta
    state: FetchState
    tally: Tally = Tally()
    error: str = ""
    http_status: int = 0
    bytes_read: int = 0
    warnings: tuple[str, ...] = ()

    @property
    def reason(self) -> str:
        """The stable word that `error` begins with, "" where there is none."""
        return self.error.partition(":")[0]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What is written in one go: the articles of a digest, and the record that closes a fetch.

    A folder of many documents is stored in several digests, of which only the last comes with a
    `result`; a source that failed or did not change has a `result` alone.
    """

    digest: Digest | None
    result: SourceResult | None


@dataclass(frozen=True, slots=True)
class SourceHealth:
    """How a source is doing, as `aggregator sources` and the status page show it.

    `articles` counts those that it has a copy of; `new_per_day` is the mean over the last 30 days;
    `last` is the newest record of a fetch, None before the first one. `silent`: it has posted
    nothing for far longer than usual.
    """

    source_id: str
    title: str
    state: FetchState
    last: SourceResult | None
    articles: int
    new_per_day: float
    silent: bool = False

    @property
    def condition(self) -> Condition:
        """How it is, in one word."""
        if self.state.gone:
            return Condition.GONE
        if self.state.failures:
            return Condition.FAILING
        if self.state.last_ok_at is None:
            return Condition.WAITING
        return Condition.SILENT if self.silent else Condition.OK


_WORST_FIRST = list(Condition)


def worst_first(sources: Iterable[SourceHealth]) -> list[SourceHealth]:
    """Sources by trouble: by condition, then the longest failing, then by id."""
    return sorted(
        sources,
        key=lambda each: (
            _WORST_FIRST.index(each.condition), -each.state.failures, each.source_id
        ),
    )  # fmt: skip
