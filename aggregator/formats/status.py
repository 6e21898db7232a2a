"""The status page: how every source is doing, for everybody to see.

Server-made like the other pages: no script, the same style sheet, nothing that anybody outside may
not read (`text.redaction` sees to addresses). What it shows comes in whole; nothing is asked here.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import partial
from typing import Any

from aggregator.formats.common import writable
from aggregator.formats.health_words import ago, ahead, error_in_words, health_words, span
from aggregator.formats.pages import Frame, render_page
from aggregator.formats.sparklines import Sparkline
from aggregator.formats.why_words import why_in_words
from aggregator.model.health import Condition, SourceDay
from aggregator.model.results import SourceHealth
from aggregator.text.redaction import showable

DAYS = 30
"""How far back the pictures reach."""


@dataclass(frozen=True, slots=True)
class StatusPage:
    """What the page shows.

    `sources` come in the order in which they stand, with the days on which each was read; `more`
    counts those that are left out. `faults` are what is wrong with the configuration files,
    `problems` what keeps the service from its work, a sentence each.
    """

    frame: Frame
    now: datetime
    conditions: Mapping[Condition, int]
    sources: Sequence[tuple[SourceHealth, Sequence[SourceDay]]]
    more: int = 0
    faults: Sequence[str] = ()
    problems: Sequence[str] = ()


@dataclass(frozen=True, slots=True)
class _Picture:
    """A sparkline with its name and what it shows, in words."""

    kind: str
    title: str
    text: str
    line: Sparkline


def render_status(page: StatusPage) -> bytes:
    """Write the page; the same input always gives the same bytes."""
    words = health_words(page.frame.language)
    return render_page(
        "status.html",
        page.frame,
        page=page,
        faults=[writable(showable(fault)) for fault in page.faults],
        said=words,
        summary=_summary(page.conditions, words),
        sources=[_shown(health, days, page, words) for health, days in page.sources],
        ago=partial(ago, now=page.now, words=words),
        ahead=partial(ahead, now=page.now, words=words),
        days=DAYS,
    )


def _summary(conditions: Mapping[Condition, int], words: Mapping[str, str]) -> str:
    ok, waiting = conditions.get(Condition.OK, 0), conditions.get(Condition.WAITING, 0)
    trouble = sum(conditions.values()) - ok - waiting
    return words["summary"].format(ok=ok, waiting=waiting, trouble=trouble)


def _shown(
    health: SourceHealth, days: Sequence[SourceDay], page: StatusPage, words: Mapping[str, str]
) -> dict[str, Any]:
    """One source as the template needs it."""
    state = health.state
    return {
        "id": health.source_id,
        "title": writable(health.title),
        "condition": health.condition.value,
        "error": error_in_words(state.last_error, words),
        "detail": writable(showable(state.last_error)),
        "failures": state.failures,
        "moved_to": writable(showable(state.moved_to)),
        "last_ok_at": state.last_ok_at,
        "next_due_at": state.next_due_at,
        "every": span(state.interval, words),
        "why": why_in_words(state.why, words),
        "articles": health.articles,
        "new_per_day": f"{health.new_per_day:.1f}",
        "pictures": _pictures(days, page.now, words) if days else [],
    }


def _pictures(days: Sequence[SourceDay], now: datetime, words: Mapping[str, str]) -> list[_Picture]:
    by_day = {each.day: each for each in days}
    dates = [(now - timedelta(days=back)).date() for back in reversed(range(DAYS))]
    row = [by_day.get(date) for date in dates]
    shown = [each for each in row if each]
    new = [each.new for each in shown]
    texts: dict[str, dict[str, float | str]] = {
        "new": {"total": sum(new), "most": max(new, default=0)},
        "seconds": {"most": f"{max((each.seconds for each in shown), default=0):.1f}"},
        "failures": {
            "total": sum(each.failures for each in shown),
            "fetches": sum(each.fetches for each in shown),
        },
    }
    return [
        _Picture(
            kind,
            words[f"chart_{kind}"],
            words[f"chart_{kind}_text"].format_map(numbers),
            Sparkline([getattr(each, kind, None) for each in row]),
        )
        for kind, numbers in texts.items()
    ]
