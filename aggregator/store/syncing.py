"""Brings the sources and categories in the database in line with the configuration.

Nothing is deleted: a source that left keeps its state and its lines in the ledger, so that nothing
is posted again when it comes back.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, bindparam, select, update

from aggregator.model.categories import CategorySpec
from aggregator.model.entries import Origin
from aggregator.model.pages import FetchState, Validators
from aggregator.model.schedule import Hints
from aggregator.model.settings import FROM_POST, Configuration, SourceSpec
from aggregator.store.database import chunks, insert
from aggregator.store.electing import elect
from aggregator.store.placing import mark_changed, place_again
from aggregator.store.rows import Columns, from_origin, line, state_columns, to_state
from aggregator.store.tables import (
    CATEGORY,
    COPY,
    DOCUMENT,
    EVERYTHING,
    SOURCE,
    CategoryRow,
    SourceRow,
)
from aggregator.text.hashing import fingerprint

_MOVING = ("categories", "priority")
"""Columns of a source that decide where its articles stand, and which copy."""

_COMPARED = (
    SOURCE.c.id,
    SOURCE.c.active,
    SOURCE.c.domain,
    SOURCE.c.spec_hash,
    *(SOURCE.c[name] for name in _MOVING),
)
"""What is looked at of every source; the rest is read of those that changed only."""

_NEWER = ("domain", "priority")
"""Columns that an older version did not have: it left nothing in them, though no key changed."""

FirstDue = Callable[[SourceSpec, datetime], datetime]
DomainOf = Callable[[SourceSpec], str]


def on_its_own(spec: SourceSpec) -> str:
    """A domain that the source shares with no other."""
    return spec.id


def sync_configuration(
    connection: Connection,
    configuration: Configuration,
    now: datetime,
    first_due: FirstDue,
    domain_of: DomainOf,
) -> None:
    """Write every source and category of the configuration; rest what left it.

    A source that is new or came back is due at `first_due`; one whose keys changed is due now, and
    is read as if for the first time. `domain_of` says whose server a source asks.
    """
    sources = select(*_COMPARED).order_by(SOURCE.c.id).with_for_update()
    known = {row.id: row for row in connection.execute(sources)}
    sync = _Sync(connection, configuration, now, first_due, domain_of)
    specs = {spec.id: spec for spec in configuration.sources}
    sync.add([spec for spec in configuration.sources if spec.id not in known])
    sync.rest([row for row in known.values() if row.active and row.id not in specs])
    for source_id in known.keys() & specs.keys():
        sync.follow(known[source_id], specs[source_id])
    touched = _place_again(connection, sorted(sync.moved))
    _write_categories(connection, sorted({EVERYTHING, *_paths(configuration.categories)}))
    _write_moves(connection, dict(_moves(configuration.categories)))
    mark_changed(connection, touched)


@dataclass
class _Sync:
    """Writes sources; `moved` gathers those whose articles stand elsewhere from now on."""

    connection: Connection
    configuration: Configuration
    now: datetime
    first_due: FirstDue
    domain_of: DomainOf

    def __post_init__(self) -> None:
        self.moved = set[str]()

    def add(self, specs: Sequence[SourceSpec]) -> None:
        """Sources that were never named before."""
        intervals = {spec.id: self._interval(spec) for spec in specs}
        never_read = {  # made once, not once for each of thousands
            every: state_columns(FetchState(self.now, every)) for every in set(intervals.values())
        }
        unknown = from_origin(Origin())
        rows = [
            {
                **never_read[intervals[spec.id]],
                **self._spec_columns(spec),
                "next_due_at": self.first_due(spec, self.now),
                "id": spec.id,
                "origin": unknown,
            }
            for spec in specs
        ]
        if rows:
            self.connection.execute(insert(self.connection, SourceRow), rows)

    def rest(self, rows: Sequence[Row[Any]]) -> None:
        """Sources that left the configuration."""
        self.moved |= {row.id for row in rows}
        if rows:
            left = [{"of_source": row.id} for row in rows]
            named = update(SOURCE).where(SOURCE.c.id == bindparam("of_source"))
            self.connection.execute(named.values(active=False), left)

    def follow(self, row: Row[Any], spec: SourceSpec) -> None:
        """A source that is named and known."""
        after = self._spec_columns(spec)
        newer = {name: after[name] for name in _NEWER if getattr(row, name) != after[name]}
        if newer:
            self._update(row.id, newer)
        if row.spec_hash != after["spec_hash"]:
            self._reset(row, spec, after)
        elif not row.active:
            self._update(row.id, {"active": True, "next_due_at": self.first_due(spec, self.now)})
        if not row.active or any(getattr(row, name) != after[name] for name in _MOVING):
            self.moved.add(row.id)

    def _reset(self, row: Row[Any], spec: SourceSpec, after: Columns) -> None:
        """Read it as if for the first time; what it brought before is known all the same."""
        whole = self.connection.execute(select(SOURCE).where(SOURCE.c.id == row.id)).one()
        state = replace(
            to_state(whole),
            next_due_at=self.now,
            interval=self._interval(spec),
            validators=Validators(),
            failures=0,
            moved_to="",
            moving_to="",
            moves=0,
            hints=Hints(),
            gone=False,
            was_read=False,
        )
        self._update(row.id, {**after, **state_columns(state)})
        documents = update(DOCUMENT).where(DOCUMENT.c.source_id == row.id)
        self.connection.execute(documents.values(stamp=""))
        self._follow_own_paths(row.id, row.categories, after["categories"])

    def _follow_own_paths(
        self, source_id: str, before: Collection[str], after: Collection[str]
    ) -> None:
        """The entries' own paths count no more, or have to be read out of the entries again."""
        copies = update(COPY).where(COPY.c.source_id == source_id)
        if FROM_POST in before and FROM_POST not in after:
            self.connection.execute(copies.values(own_paths=[]))
        if FROM_POST in after and FROM_POST not in before:
            self.connection.execute(copies.values(entry_hash=""))

    def _update(self, source_id: str, columns: Columns) -> None:
        source = update(SOURCE).where(SOURCE.c.id == source_id)
        self.connection.execute(source.values(**columns))

    def _spec_columns(self, spec: SourceSpec) -> Columns:
        return {
            "active": True,
            "domain": line(self.domain_of(spec)),
            "title": line(spec.title),
            "spec_hash": fingerprint(spec.model_dump_json()),
            "categories": list(spec.category),
            "priority": spec.priority,
        }

    def _interval(self, spec: SourceSpec) -> timedelta:
        return spec.every or self.configuration.settings.fetch.every


def _place_again(connection: Connection, source_ids: Sequence[str]) -> set[str]:
    """Bring every article of these sources to its places; returns the paths touched.

    Where the copy that stood counts no more, or counts for more, another one may stand.
    """
    numbers = set[int]()
    for part in chunks(source_ids):
        own = select(COPY.c.article_id).where(COPY.c.source_id.in_(part))
        numbers.update(connection.execute(own).scalars())
    return elect(connection, numbers) | place_again(connection, numbers)


def _paths(categories: Sequence[CategorySpec], parent: str = "") -> Iterator[str]:
    """The path of every category of a tree."""
    for category in categories:
        path = f"{parent}{category.id}"
        yield path
        yield from _paths(category.categories, f"{path}/")


def _write_categories(connection: Connection, paths: Sequence[str]) -> None:
    """Say which categories the configuration names; one that is new is published, even empty."""
    connection.execute(update(CATEGORY).where(CATEGORY.c.configured).values(configured=False))
    rows = [{"path": path} for path in paths]
    named = insert(connection, CategoryRow).values(
        title="", configured=True, changed=1, published=0
    )
    connection.execute(
        named.on_conflict_do_update(
            index_elements=["path"], set_={"configured": True, "moved_to": ""}
        ),
        rows,
    )


def _moves(categories: Sequence[CategorySpec], parent: str = "") -> Iterator[tuple[str, str]]:
    """The paths that categories had before, with those that they have."""
    for category in categories:
        path = f"{parent}{category.id}"
        yield from ((was.strip("/"), path) for was in category.was)
        yield from _moves(category.categories, f"{path}/")


def _write_moves(connection: Connection, moves: Mapping[str, str]) -> None:
    """Remember where categories went, also when the configuration does not say it any more."""
    rows = [{"path": was, "moved_to": path} for was, path in sorted(moves.items()) if was]
    if not rows:
        return
    moved = insert(connection, CategoryRow).values(
        title="", configured=False, changed=0, published=0
    )
    connection.execute(
        moved.on_conflict_do_update(
            index_elements=["path"],
            set_={"moved_to": moved.excluded.moved_to},
            where=CATEGORY.c.configured.is_(False),
        ),
        rows,
    )
