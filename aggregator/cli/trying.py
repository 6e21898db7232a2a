"""`aggregator rules try`: what rules would do to what is stored, feed by feed, and doing it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import groupby
from typing import Any

from aggregator.cli.naming import check_source
from aggregator.contracts import Decide
from aggregator.ingest.recipe import recipes
from aggregator.ingest.replay import Replayed, replay_stored, replay_withheld
from aggregator.model.articles import Article, Dropped
from aggregator.model.ledger import Ruling, Withheld
from aggregator.model.results import Digest, Outcome
from aggregator.model.settings import Configuration
from aggregator.service.assembly import decide_by, take_over
from aggregator.store.store import Store
from aggregator.text.counts import counted

_A_TRANSACTION = 500


@dataclass(frozen=True, slots=True)
class Wish:
    """What a person wants tried: on which source ("" is all), and whether it is applied."""

    source_id: str = ""
    apply: bool = False
    shown: int = 10


@dataclass(frozen=True, slots=True)
class Line:
    """An article that would come into a feed or leave it, and why."""

    token: str
    title: str
    note: str


@dataclass
class Change:
    """What would change in one feed; of each kind the first articles are kept to be shown."""

    come: int = 0
    go: int = 0
    coming: list[Line] = field(default_factory=list)
    going: list[Line] = field(default_factory=list)


@dataclass
class Trial:
    """What came of trying rules; of articles that change the first are kept to be shown."""

    shown: int
    applied: bool
    judged: int = 0
    come: int = 0
    go: int = 0
    move: int = 0
    change: int = 0
    changing: list[Line] = field(default_factory=list)
    feeds: dict[str, Change] = field(default_factory=lambda: defaultdict(Change))

    def add(self, replayed: Replayed) -> None:
        """Count one more article."""
        self.judged += 1
        came, left = replayed.after - replayed.before, replayed.before - replayed.after
        self.come += not replayed.before and bool(came)
        self.go += not replayed.after and bool(left)
        self.move += bool(replayed.before and replayed.after and (came or left))
        self.change += bool(replayed.changed)
        if replayed.changed and len(self.changing) < self.shown:
            note = ", ".join(replayed.changed)
            self.changing.append(Line(replayed.token, replayed.title, note))
        for path in came:
            self._note(path, replayed, "come", _from(left))
        for path in left:
            self._note(path, replayed, "go", replayed.dropped_by or _to(came))

    def _note(self, path: str, replayed: Replayed, way: str, note: str) -> None:
        change = self.feeds[path]
        if way == "come":
            change.come += 1
        else:
            change.go += 1
        shown = change.coming if way == "come" else change.going
        if len(shown) < self.shown:
            shown.append(Line(replayed.token, replayed.title, note))

    def lines(self) -> Iterator[str]:
        """For people."""
        would = "" if self.applied else "would "
        for path, change in sorted(self.feeds.items()):
            yield f"{path}: {change.come} {would}come, {change.go} {would}go"
            yield from _shown("+", change.coming, change.come)
            yield from _shown("-", change.going, change.go)
        if self.change:
            yield f"{self.change} {would}change"
            yield from _shown("~", self.changing, self.change)
        yield (
            f"{counted(self.judged, 'article')} judged: {self.come} {would}come, "
            f"{self.go} {would}go, {self.move} {would}move, {self.change} {would}change"
        )
        if (self.feeds or self.change) and not self.applied:
            yield "nothing was changed; --apply does it"

    def data(self) -> dict[str, Any]:
        """For programs."""
        return {
            "applied": self.applied,
            "articles": {
                "judged": self.judged, "come": self.come, "go": self.go, "move": self.move,
                "change": self.change,
            },
            "change": _data(self.changing),
            "feeds": {
                path: {
                    "come": {"count": change.come, "articles": _data(change.coming)},
                    "go": {"count": change.go, "articles": _data(change.going)},
                }
                for path, change in sorted(self.feeds.items())
            },
        }  # fmt: skip


def _from(paths: frozenset[str]) -> str:
    return f"from {', '.join(sorted(paths))}" if paths else ""


def _to(paths: frozenset[str]) -> str:
    return f"to {', '.join(sorted(paths))}" if paths else ""


def _shown(sign: str, lines: Sequence[Line], count: int) -> Iterator[str]:
    for line in lines:
        yield f"  {sign} {line.title}" + (f"  ({line.note})" if line.note else "")
    if count > len(lines):
        yield f"  {sign} and {count - len(lines)} more"


def _data(lines: Sequence[Line]) -> list[dict[str, str]]:
    return [{"token": line.token, "title": line.title, "note": line.note} for line in lines]


def try_rules(configuration: Configuration, store: Store, wish: Wish, now: datetime) -> Trial:
    """Put all that is stored before the rules of a configuration, and apply them if it is wanted.

    Raises:
        AggregatorError: the source is not in the configuration, or the database refuses.
    """
    if wish.source_id:
        check_source(configuration, wish.source_id)
    known = recipes(configuration)
    if wish.apply:
        take_over(store, configuration, now)
    trial, decide = Trial(wish.shown, wish.apply), decide_by(configuration)
    for page in _stored(store, wish.source_id):
        replayed = [replay_stored(each, known, now) for each in page]
        if wish.apply:
            _apply(store, [said for each in replayed for said in each.rulings], decide, now)
        for each in replayed:
            trial.add(each)
    for held in _withheld(store, wish.source_id):
        replayed = [
            replay_withheld(each, known[each.article.entry.source_id], now)
            for each in held
            if each.article.entry.source_id in known
        ]
        if wish.apply:
            made = [each.made for each in replayed if each.made is not None]
            store.record(list(_outcomes(made)), decide, now)
        for each in replayed:
            trial.add(each)
    return trial


def _stored(store: Store, source_id: str) -> Iterator[Sequence[Any]]:
    """What is stored, some articles at a time."""
    page = store.ruled_articles(0, source_id, _A_TRANSACTION)
    while page:
        yield page
        page = store.ruled_articles(page[-1].number, source_id, _A_TRANSACTION)


def _withheld(store: Store, source_id: str) -> Iterator[Sequence[Withheld]]:
    """What rules dropped before it was stored, some entries at a time."""
    page = store.withheld(("", ""), source_id, _A_TRANSACTION)
    while page:
        yield page
        last = page[-1].article.entry
        page = store.withheld((last.source_id, last.entry_key), source_id, _A_TRANSACTION)


def _apply(store: Store, rulings: Sequence[Ruling], decide: Decide, now: datetime) -> None:
    """Let stored copies follow the rules; what says something else now is stored as an edit."""
    store.apply_rulings([each for each in rulings if not each.remade], now)
    edited = sorted((each.article for each in rulings if each.remade), key=_source_of)
    store.record(list(_outcomes(edited)), decide, now)


def _outcomes(made: Iterable[Article | Dropped]) -> Iterator[Outcome]:
    """Entries as if their source had just been read; those of one source follow one another."""
    for source_id, group in groupby(made, key=_source_of):
        some = list(group)
        articles = tuple(each for each in some if isinstance(each, Article))
        dropped = tuple(each for each in some if isinstance(each, Dropped))
        yield Outcome(Digest(source_id, articles, dropped=dropped), None)


def _source_of(made: Article | Dropped) -> str:
    return made.entry.source_id if isinstance(made, Article) else made.source_id
