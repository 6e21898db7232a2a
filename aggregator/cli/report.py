"""What a command has to tell, in words and tables that a person understands."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from rich.table import Table
from rich.text import Text

from aggregator.cli.tables import minute, plain_table
from aggregator.formats.health_words import ENGLISH, ago, ahead, error_in_words, span
from aggregator.ingest.engine import Unstored
from aggregator.model.health import Condition
from aggregator.model.published import StoredArticle
from aggregator.model.results import (
    SourceHealth,
    SourceResult,
    SourceStatus,
    Tally,
    worst_first,
)
from aggregator.publish.report import PublishReport
from aggregator.text.counts import counted
from aggregator.text.redaction import showable


@dataclass
class IngestSummary:
    """Adds up how sources ended, one at a time."""

    tally: Tally = field(default_factory=Tally)
    read: int = 0
    not_modified: int = 0
    failed: dict[str, str] = field(default_factory=dict)
    warnings: dict[str, tuple[str, ...]] = field(default_factory=dict)

    def add(self, result: SourceResult | Unstored) -> None:
        """Count one more source."""
        if isinstance(result, Unstored):
            self.failed[result.source_id] = f"not stored: {result.error}"
            return
        self.tally = self.tally + result.tally
        self.read += result.status is SourceStatus.OK
        self.not_modified += result.status is SourceStatus.NOT_MODIFIED
        if result.status is SourceStatus.FAILED:
            self.failed[result.source_id] = result.error
        if result.warnings:
            self.warnings[result.source_id] = result.warnings

    def lines(self) -> Iterable[str]:
        """The summary for people, one line each."""
        tally = self.tally
        yield (
            f"{counted(self.read, 'source')} read, {self.not_modified} not modified, "
            f"{len(self.failed)} failed"
        )
        yield (
            f"articles: {tally.new} new, {tally.changed} updated, "
            f"{counted(tally.duplicate, 'duplicate')}, {tally.unchanged} unchanged, "
            f"{sum(tally.dropped.values())} dropped"
        )
        for reason, number in tally.dropped.items():
            yield f"  dropped because {reason.replace('_', ' ')}: {number}"
        for source_id, warnings in sorted(self.warnings.items()):
            yield from (f"  {source_id} is odd: {warning}" for warning in warnings)
        for source_id, error in sorted(self.failed.items()):
            yield f"  {source_id} failed: {error}"

    def data(self) -> dict[str, Any]:
        """The summary for programs."""
        tally = self.tally
        return {
            "sources": {"read": self.read, "not_modified": self.not_modified},
            "articles": {
                "new": tally.new,
                "updated": tally.changed,
                "duplicates": tally.duplicate,
                "unchanged": tally.unchanged,
                "dropped": dict(tally.dropped),
            },
            "failed": self.failed,
            "warnings": {key: list(value) for key, value in self.warnings.items()},
        }


def publish_lines(report: PublishReport) -> Iterable[str]:
    """What was published, for people."""
    yield (
        f"feeds: {counted(len(report.written), 'file')} written, {report.unchanged} unchanged, "
        f"{len(report.removed)} removed"
    )
    for file, public_id, why in report.left_out:
        yield f"  left out of {file}: {public_id}: {why}"
    for path, why in sorted(report.failed.items()):
        yield f"  {path or 'home page'} not published: {why}"


def health_table(sources: Sequence[SourceHealth], now: datetime) -> Table:
    """How the sources are doing; those in trouble come first."""
    headings = (
        "source",
        "state",
        "last good",
        "next",
        "every",
        "why",
        "articles",
        "a day",
        "error",
    )
    table = plain_table(headings, numbers=("articles", "a day"))
    for health in worst_first(sources):
        state = health.state
        table.add_row(
            health.source_id,
            Text(_state_words(health), style=_STYLES.get(health.condition, "")),
            ago(state.last_ok_at, now, ENGLISH),
            ahead(state.next_due_at, now, ENGLISH),
            span(state.interval, ENGLISH),
            Text(_why(health)),
            str(health.articles),
            f"{health.new_per_day:.1f}",
            Text(_error_words(state.last_error)),
        )
    return table


_STYLES = {Condition.GONE: "red", Condition.FAILING: "red", Condition.SILENT: "yellow"}


def _state_words(health: SourceHealth) -> str:
    """How a source is, with the length of its streak: `failing (3)`."""
    failures = health.state.failures
    words = ENGLISH[f"state_{health.condition}"]
    return f"{words} ({failures})" if failures else words


def _why(health: SourceHealth) -> str:
    """How the interval came about, and where the source is asked instead of its own address."""
    moved_to = health.state.moved_to
    return f"{health.state.why}; moved to {showable(moved_to)}" if moved_to else health.state.why


def _error_words(error: str) -> str:
    return f"{error_in_words(error, ENGLISH)} {showable(error)}" if error else ""


def health_data(health: SourceHealth) -> dict[str, Any]:
    """One source for programs."""
    state = health.state
    return {
        "id": health.source_id,
        "title": health.title,
        "state": health.condition,
        "last_ok_at": state.last_ok_at,
        "next_due_at": state.next_due_at,
        "interval_seconds": state.interval.total_seconds(),
        "why": state.why,
        "failures": state.failures,
        "reason": state.last_error.partition(":")[0],
        "error": showable(state.last_error),
        "moved_to": showable(state.moved_to),
        "identity": state.identity,
        "articles": health.articles,
        "new_per_day": health.new_per_day,
    }


def article_table(articles: Sequence[StoredArticle]) -> Table:
    """Articles, one a row."""
    headings = ("article", "published (UTC)", "source", "categories", "title")
    table = plain_table(headings, whole=headings[:2])
    for article in articles:
        published = minute(article.published_at)
        table.add_row(
            article.token,
            published if article.date_is_known else f"{published}?",
            article.source_id,
            " ".join(article.paths),
            article.title,
        )
    return table


def article_data(article: StoredArticle) -> dict[str, Any]:
    """One article for programs, without its body."""
    return {
        "token": article.token,
        "id": article.public_id,
        "title": article.title,
        "link": article.link,
        "author": article.author,
        "published_at": article.published_at,
        "date_is_known": article.date_is_known,
        "updated_at": article.updated_at,
        "source": article.source_id,
        "categories": article.paths,
        "tags": article.tags,
    }


def as_json(data: Any) -> str:
    """JSON as people read it, as far as the terminal has their letters; times as RFC 3339."""
    speaks_all = (sys.stdout.encoding or "utf-8").lower().startswith("utf")
    return json.dumps(data, ensure_ascii=not speaks_all, indent=2, default=_plain)


def _plain(value: object) -> str:
    return value.isoformat() if isinstance(value, datetime) else str(value)
