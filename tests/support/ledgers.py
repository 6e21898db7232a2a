"""Ledgers that are written out and read in again, and a store with something of every kind."""

from __future__ import annotations

from collections.abc import Sequence

from aggregator.model.articles import Dropped, DropReason, Stage, Unruled
from aggregator.model.health import EventKind
from aggregator.model.ledger import TakenIn
from aggregator.model.pages import ArticlePage
from aggregator.model.published import Edition
from aggregator.model.results import Outcome, SourceStatus
from aggregator.model.settings import Keep
from aggregator.store.store import Store
from tests.support.outcomes import (
    HOUR,
    NOON,
    article,
    configuration,
    decide,
    digest,
    due_at_once,
    result,
    state,
)

YEAR = 24 * 365 * HOUR


def unheard(_done: int, _total: int) -> None:
    """Nobody watches how far it is."""


def written(store: Store) -> list[str]:
    """The lines of a store's ledger."""
    lines: list[str] = []
    store.export_ledger(lines.append, unheard)
    return lines


def taken_in(store: Store, lines: Sequence[str]) -> TakenIn:
    """Read these lines into a store."""
    return store.import_ledger(
        lambda: (f"{line}\n".encode() for line in lines), "old.jsonl", NOON, unheard
    )


def with_everything(store: Store) -> None:
    """Let a store see whatever can become a line: edits, copies, corrections, removals, events."""
    store.sync_configuration(configuration(), NOON, due_at_once)
    page = ArticlePage(article("storm").entry.entry_key, "0" * 64, NOON, "<p>Its page</p>")
    rain = Dropped(
        "wire",
        "Ad",
        Stage.RULES,
        DropReason.RULE,
        "drop: Ad",
        "https://wire.example/ad",
        "a" * 64,
        article("rain"),
    )
    stories = [
        article("storm", aliases=("gale",), title="Storm é 风暴 ]]> &amp;lt; 🌪 عاصفة"),
        article("flood", enclosures=(), image=None, date_is_known=False),
        article("fire", document="a.md"),
        article("ancient", published_at=NOON - 2 * YEAR),
        article("wrong"),
        article("quake", unruled=Unruled(title="Before rules", tags=("x",))),
        article("shake"),
    ]
    first = digest(*stories, dropped=(rain,), pages=(page,), stamps={"a.md": "1"})
    broken = result("echo", status=SourceStatus.FAILED, error="dns: no", state=state(failures=3))
    store.record([Outcome(first, result())], decide(), NOON - YEAR)
    store.record(
        [
            Outcome(
                digest(article("flood", "echo"), article("fire", "echo"), source="echo"), broken
            ),
            Outcome(digest(article("storm", body="<p>Edited.</p>")), result()),
        ],
        decide(),
        NOON,
    )
    store.housekeeping(NOON, Keep(articles=YEAR, fetches=YEAR))
    names = {each.title: each.token for each in store.articles()}
    store.withdraw(names["The whole long story of the wrong"], "It was wrong.", NOON)
    store.split(_copy_of(store, "flood", "echo"), NOON)
    quake, shake = (names[f"The whole long story of the {each}"] for each in ("quake", "shake"))
    store.merge(quake, shake, NOON)
    store.keep_edition(Edition("daily", NOON, NOON - HOUR, "tag:x", "A day", "", "", ("0" * 20,)))
    store.mark_published(store.changed_categories())
    assert EventKind.BROKEN in {each.kind for each in store.events(9)}


def _copy_of(store: Store, name: str, source: str) -> str:
    key = article(name, source).entry.entry_key
    return next(
        copy.name
        for each in store.articles()
        for copy in store.copies(each.token)
        if (copy.source_id, copy.entry_key) == (source, key)
    )
