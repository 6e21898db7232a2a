"""Stores what the lines of an exported ledger say, beside what the database has already.

What is there stays as it is; only what is missing is added. A withdrawal alone goes further: it is
for good, so that an article that was taken back goes, though it is here. Within one transaction.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, bindparam, delete, exists, func, select, tuple_, update

from aggregator.store import searching
from aggregator.store.carried.lines import KINDS, Kind
from aggregator.store.database import chunks, insert
from aggregator.store.electing import elect
from aggregator.store.naming import token_of
from aggregator.store.placing import mark_changed, place_again
from aggregator.store.rows import Columns
from aggregator.store.tables import ARTICLE, CATEGORY, COPY, HEALTH, SOURCE
from aggregator.store.withdrawing import remove

Numbered = tuple[int, Columns]
"""The number of a line, and what it says."""


class Storing:
    """Adds lines in the order of `KINDS`; `settle` does what is left to be done at the end."""

    def __init__(self, connection: Connection) -> None:
        self.added = Counter[str]()
        self.known = Counter[str]()
        self._connection = connection
        newest = select(func.coalesce(func.max(ARTICLE.c.id), 0))
        self._before: int = connection.execute(newest).scalar_one()
        self._joined = set[int]()
        self._parts: list[Columns] = []
        self._withdrawn: list[str] = []

    def add(self, kind: str, lines: Sequence[Numbered]) -> list[tuple[int, str]]:
        """Store some lines of one kind; returns what cannot be, by the number of its line."""
        self._give_way(kind, lines)
        missing = self._missing(KINDS[kind], lines)
        self.added[kind] += len(missing)
        self.known[kind] += len(lines) - len(missing)
        if kind == "withdrawal":
            self._withdrawn += [values["token"] for _, values in lines]
        if kind == "copy":
            return self._add_copies(missing)
        prepare = {"category": _category, "article": self._article}.get(kind, _as_it_is)
        self._insert(KINDS[kind], [prepare(values) for _, values in missing])
        return []

    def settle(self, now: datetime, told: Callable[[int], None]) -> None:
        """Put the articles that came in, or got a copy, in their places, and let them be found."""
        if self._parts:
            self._connection.execute(_PART_OF, self._parts)
        new = self._connection.execute(_NEW, {"before": self._before}).all()
        touched = elect(
            self._connection, self._joined | {row.id for row in new if not row.has_standing}
        )
        touched |= place_again(self._connection, self._joined)
        done = 0
        for part in chunks([row.id for row in new]):
            touched |= place_again(self._connection, part)
            searching.index(self._connection, part)
            done += len(part)
            told(done)
        mark_changed(self._connection, touched | ({HEALTH} if self.added["event"] else set()))
        self._withdraw(now)

    def _give_way(self, kind: str, lines: Sequence[Numbered]) -> None:
        """Let go what was only made because the configuration names it, and says nothing yet."""
        if kind == "source":
            ids = [values["id"] for _, values in lines if values["last_ok_at"]]
            self._connection.execute(_FORGET_UNREAD.where(SOURCE.c.id.in_(ids)))
        moves = [
            {"of_path": values["path"], "to": values["moved_to"]}
            for _, values in lines
            if kind == "category" and values["moved_to"]
        ]
        if moves:
            self._connection.execute(_MOVE, moves)

    def _missing(self, kind: Kind, lines: Sequence[Numbered]) -> list[Numbered]:
        """Those of the lines that say something that is not in the database, each once."""
        key = [kind.table.c[name] for name in kind.key]
        keyed = {tuple(values[name] for name in kind.key): (n, values) for n, values in lines[::-1]}
        there = set[tuple[Any, ...]]()
        for part in chunks(list(keyed)):
            found = select(*key).where(tuple_(*key).in_(part))
            there |= {tuple(row) for row in self._connection.execute(found)}
        return sorted(
            (each for name, each in keyed.items() if name not in there), key=lambda each: each[0]
        )

    def _article(self, values: Columns) -> Columns:
        whole = values.pop("part_of")
        if whole is not None:
            self._parts.append({"part": values["story_key"], "whole": whole})
        return {**values, "token": token_of(values["story_key"])}

    def _add_copies(self, lines: Sequence[Numbered]) -> list[tuple[int, str]]:
        """Copies; one that joins an article that was here before does not stand at first."""
        articles = self._numbers({values["story_key"] for _, values in lines})
        sources = self._known_sources({values["source_id"] for _, values in lines})
        rows, faults = list[Columns](), list[tuple[int, str]]()
        for line, values in lines:
            number = articles.get(values.pop("story_key"))
            if number is None:
                faults.append((line, "copy.story_key: no article before has it"))
            elif values["source_id"] not in sources:
                faults.append((line, "copy.source_id: no source before has it"))
            else:
                is_new = number > self._before
                stands = values["standing"] and is_new
                rows.append({**values, "article_id": number, "standing": stands})
                self._joined |= set() if is_new else {number}
        self._insert(KINDS["copy"], rows)
        return faults

    def _numbers(self, story_keys: Collection[str]) -> dict[str, int]:
        wanted = select(ARTICLE.c.story_key, ARTICLE.c.id)
        rows = self._connection.execute(wanted.where(ARTICLE.c.story_key.in_(story_keys)))
        return {row.story_key: row.id for row in rows}

    def _known_sources(self, ids: Collection[str]) -> set[str]:
        wanted = select(SOURCE.c.id).where(SOURCE.c.id.in_(ids))
        return set(self._connection.execute(wanted).scalars())

    def _insert(self, kind: Kind, rows: list[Columns]) -> None:
        if rows:
            self._connection.execute(insert(self._connection, kind.model), rows)

    def _withdraw(self, now: datetime) -> None:
        """Empty what the file says was withdrawn and is here all the same."""
        for part in chunks(self._withdrawn):
            here = select(ARTICLE.c.id).where(
                ARTICLE.c.token.in_(part), ARTICLE.c.removed_at.is_(None)
            )
            if numbers := sorted(self._connection.execute(here).scalars()):
                remove(self._connection, numbers, now)


def _as_it_is(values: Columns) -> Columns:
    return values


def _category(values: Columns) -> Columns:
    """A category that is to be published again, whether or not it ever was."""
    was_published = values.pop("was_published")
    return {**values, "changed": 2, "published": int(was_published)}


_FORGET_UNREAD = delete(SOURCE).where(
    SOURCE.c.last_ok_at.is_(None), ~exists().where(COPY.c.source_id == SOURCE.c.id)
)
_MOVE = (
    update(CATEGORY)
    .where(CATEGORY.c.path == bindparam("of_path"), CATEGORY.c.moved_to == "")
    .where(CATEGORY.c.configured.is_(False))
    .values(moved_to=bindparam("to"))
)
_HAS_STANDING = exists().where(COPY.c.article_id == ARTICLE.c.id, COPY.c.standing)
_NEW = (
    select(ARTICLE.c.id, _HAS_STANDING.label("has_standing"))
    .where(ARTICLE.c.id > bindparam("before"))
    .order_by(ARTICLE.c.id)
)
_WHOLE = ARTICLE.alias("whole")
_PART_OF = (
    update(ARTICLE)
    .where(ARTICLE.c.story_key == bindparam("part"))
    .values(
        merged_into=select(_WHOLE.c.id)
        .where(_WHOLE.c.story_key == bindparam("whole"))
        .scalar_subquery()
    )
)
