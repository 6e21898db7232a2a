"""A preview on the terminal: what was found by what, then every entry with what became of it."""

from __future__ import annotations

import re
from collections.abc import Iterator

from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.rule import Rule
from rich.table import Table
from rich.text import Text

from aggregator.cli.preview.looking import Look
from aggregator.cli.preview.story import Fact, Story, hit_words, story
from aggregator.ingest.hits import Hit
from aggregator.ingest.preview import Answer
from aggregator.text.counts import counted
from aggregator.text.lines import shorten

_LONGEST_BODY = 400
_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")


def render(look: Look) -> Group:
    """Everything about a preview."""
    return Group(*_parts(look))


def _parts(look: Look) -> Iterator[RenderableType]:
    seen = look.preview
    yield _line(f"{seen.source_id}: {seen.kind} at {look.address}", "bold")
    if seen.answer:
        yield _answer(seen.answer, with_beginning=bool(seen.error))
    if seen.documents > 1:
        yield _line(f"the list was read over {seen.documents} documents", "dim")
    for other in look.others:
        yield _line(f"the page has another feed: {other.url} ({other.title})", "dim")
    for warning in seen.warnings:
        yield _line(f"odd: {warning}", "yellow")
    if seen.error:
        yield _line(f"failed: {seen.error}", "red")
        for link in seen.links:
            yield _line(f"the page names this feed: {link.url} ({link.title})", "yellow")
        return
    if seen.hits:
        yield _hits(seen.hits)
    for number, trail in enumerate(seen.entries, 1):
        yield from _entry(story(number, trail))
    for dropped in seen.dropped:
        why = f"{dropped.reason.replace('_', ' ')} {dropped.detail}".strip()
        yield _line(f"dropped: {dropped.title}: {why}", "yellow")
    yield Rule(style="dim")
    yield _line(total(look))


def total(look: Look) -> str:
    """What came of it in one line."""
    seen = look.preview
    published = sum(story(0, trail).is_published for trail in seen.entries)
    shown = len(seen.entries)
    dropped = shown - published + len(seen.dropped)
    left = seen.found - shown - len(seen.dropped)
    more = f"; {left} more not shown, see --limit" if left > 0 else ""
    found = counted(seen.found, "entry", "entries")
    return f"{found} found: {published} published, {dropped} dropped{more}"


def _line(text: str, style: str = "") -> Text:
    return Text(_visible(text), style=style)


def _visible(text: str) -> str:
    """Text without what could command a terminal: strangers wrote it."""
    return _CONTROL.sub("", text)


def _answer(answer: Answer, *, with_beginning: bool) -> Text:
    kind = answer.content_type or "no content type"
    text = _line(f"HTTP {answer.status}, {kind}, {answer.size:,} bytes", "dim")
    if with_beginning:
        text.append(f"\nthe document begins: {_visible(answer.beginning)}", "yellow")
    return text


def _hits(hits: tuple[Hit, ...]) -> Table:
    table = Table(box=None, pad_edge=False, show_header=False, padding=(0, 2, 0, 0))
    for hit in hits:
        style = "" if hit.hits else "red"
        cells = (hit.key, hit.expression, hit_words(hit))
        table.add_row(*(_line(cell, style) for cell in cells))
    return table


def _entry(entry: Story) -> Iterator[RenderableType]:
    yield Rule(style="dim")
    heading = _line(f"{entry.number}. {entry.title or '(no title)'}", "bold")
    if not entry.is_published:
        heading.stylize("dim")
    yield heading
    facts = Table(box=None, pad_edge=False, show_header=False, padding=(0, 1, 0, 0))
    facts.add_column(style="dim", min_width=10)
    facts.add_column(overflow="fold")
    for fact in entry.facts:
        facts.add_row(fact.label, _fact(fact))
    yield facts
    if entry.before:
        yield _body("before", entry.before)
    if entry.after:
        yield _body("after", entry.after)


def _fact(fact: Fact) -> Text:
    text = _line(fact.text, "yellow" if fact.is_odd else "")
    if fact.note:
        text.append(f"  ({_visible(fact.note)})", "dim")
    return text


def _body(label: str, body: str) -> Padding:
    text = Text(f"{label}: ", style="dim")
    text.append(_visible(shorten(" ".join(body.split()), _LONGEST_BODY)))
    return Padding(text, (0, 0, 0, 2))
