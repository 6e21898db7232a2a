"""One source in, one SourceResult out, whatever happened: the way of an article, in one file.

    Recipe ─locate─▶ fetch ─Page─▶ digest ─Digest─▶ writer ─Tally─▶ SourceResult
                       │             │ parse ▸ recognise ▸ clean ▸ rules   (in a worker process)
                       │             │                     decide ▸ store  (in the one writer)
                       └─────────────┴─ NotModified, FetchError, ParseError: a result all the same

A source is one address with one document, or a folder with many; a folder is stored in several
digests, so that 100,000 posts need no more memory than a few hundred. Only a database that refuses
is an exception here (`StoreError`): then there is no place where a result could be recorded.
"""

from __future__ import annotations

import random
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from aggregator.contracts import Clock, Fetcher, IngestStore, KnownEntries
from aggregator.errors import FetchError, ParseError
from aggregator.fetch import due
from aggregator.fetch.folder import read, scan
from aggregator.ingest.digest import digest_files, digest_page
from aggregator.ingest.recipe import Recipe
from aggregator.ingest.workers import Workers
from aggregator.ingest.writer import Writer
from aggregator.model.pages import FetchState, Folder, NotModified, Page, Request
from aggregator.model.results import Digest, Outcome, SourceResult, SourceStatus, Tally
from aggregator.sources import kinds
from aggregator.text.redaction import showable

FILES_AT_ONCE = 200
"""Files of a folder that are read, digested and stored together."""


@dataclass(frozen=True)
class Stages:
    """What a source passes through on its way; shared by all threads.

    `known` is what worker processes look entries up with, so it must be picklable.
    """

    fetcher: Fetcher
    workers: Workers
    known: KnownEntries
    store: IngestStore
    writer: Writer
    clock: Clock


@dataclass(frozen=True)
class Visit:
    """One reading of one source: which, with what remembered, since when."""

    recipe: Recipe
    state: FetchState
    started_at: datetime
    began: float

    @property
    def duration(self) -> timedelta:
        """Time since the start, by a clock that nobody sets."""
        return timedelta(seconds=time.monotonic() - self.began)


def ingest(recipe: Recipe, stages: Stages) -> SourceResult:
    """Read one source, store what it brought, and record how it went.

    Raises:
        StoreError: the database refused; nothing is recorded, and the source stays due.
    """
    state = stages.store.fetch_state(recipe.spec.id)
    visit = Visit(recipe, state, stages.clock(), time.monotonic())
    place = kinds()[recipe.spec.kind].locate(recipe.spec, recipe.folder)
    try:
        if isinstance(place, Folder):
            return _ingest_folder(visit, place, stages)
        return _ingest_address(visit, place, stages)
    except (FetchError, ParseError) as error:
        return _record(stages, None, _failed(visit, error, stages.clock()))


def _ingest_address(visit: Visit, request: Request, stages: Stages) -> SourceResult:
    """A source of one document."""
    if visit.state.moved_to:
        request = replace(request, url=visit.state.moved_to)
    answer = stages.fetcher.fetch(request, visit.state.validators, visit.started_at)
    if isinstance(answer, NotModified):
        return _record(stages, None, _not_modified(visit, answer, stages.clock()))
    digest = stages.workers.run(
        digest_page, visit.recipe, answer, visit.state.identity, stages.known, answer.fetched_at
    )
    return _record(stages, digest, _read(visit, answer, digest, stages.clock()))


def _ingest_folder(visit: Visit, folder: Folder, stages: Stages) -> SourceResult:
    """A source of many documents: only the files that changed are read, some at a time."""
    source_id = visit.recipe.spec.id
    changes = scan(folder, stages.store.stamps(source_id))
    if not changes.changed and not changes.vanished:
        unchanged = SourceResult(
            source_id,
            SourceStatus.NOT_MODIFIED,
            visit.started_at,
            visit.duration,
            due.after_success(visit.state, visit.recipe.plan, stages.clock()),
        )
        return _record(stages, None, unchanged)
    tally, size = Tally(), 0
    parts = list(_parts(changes.changed)) or [{}]
    for stamps in parts[:-1]:
        digest, read_bytes = _digest_files(visit, folder, stamps, stages)
        tally, size = tally + stages.writer.record(Outcome(digest, None)), size + read_bytes
    digest, read_bytes = _digest_files(visit, folder, parts[-1], stages)
    digest = replace(digest, vanished=tuple(changes.vanished))
    result = SourceResult(
        source_id,
        SourceStatus.OK,
        visit.started_at,
        visit.duration,
        due.after_success(visit.state, visit.recipe.plan, stages.clock()),
        tally=tally,
        bytes_read=size + read_bytes,
    )
    return _record(stages, digest, result)


def _parts(stamps: Mapping[str, str]) -> Iterator[Mapping[str, str]]:
    """The changed files, so many at a time."""
    names = list(stamps)
    for start in range(0, len(names), FILES_AT_ONCE):
        yield {name: stamps[name] for name in names[start : start + FILES_AT_ONCE]}


def _digest_files(
    visit: Visit, folder: Folder, stamps: Mapping[str, str], stages: Stages
) -> tuple[Digest, int]:
    """Read and digest some files; gives the bytes read, too."""
    pages, unreadable = _read_files(folder, list(stamps), visit.started_at)
    digest = stages.workers.run(digest_files, visit.recipe, pages, stages.known, visit.started_at)
    read_stamps = {name: stamp for name, stamp in stamps.items() if name not in unreadable}
    warnings = tuple(f"{name}: {why}" for name, why in unreadable.items())
    size = sum(len(page.body) for page in pages)
    return replace(digest, stamps=read_stamps, warnings=(*digest.warnings, *warnings)), size


def _read_files(
    folder: Folder, names: Sequence[str], now: datetime
) -> tuple[list[Page], dict[str, str]]:
    """The files that can be read, and why the others cannot."""
    pages, unreadable = list[Page](), dict[str, str]()
    for name in names:
        try:
            pages.append(read(folder, name, now))
        except FetchError as error:
            unreadable[name] = str(error)
    return pages, unreadable


def _record(stages: Stages, digest: Digest | None, result: SourceResult) -> SourceResult:
    """Store what a visit brought together with its record; the one exit of every visit.

    From here on anybody may read what it says: tables, pages, feeds and logs show it.
    """
    result = replace(
        result,
        error=showable(result.error),
        warnings=tuple(showable(warning) for warning in result.warnings),
        state=replace(result.state, last_error=showable(result.state.last_error)),
    )
    tally = stages.writer.record(Outcome(digest, result))
    return replace(result, tally=result.tally + tally)


def _read(visit: Visit, page: Page, digest: Digest, now: datetime) -> SourceResult:
    """A document came and could be read."""
    state = due.after_success(visit.state, visit.recipe.plan, now)
    return SourceResult(
        source_id=visit.recipe.spec.id,
        status=SourceStatus.OK,
        started_at=visit.started_at,
        duration=visit.duration,
        state=replace(state, validators=page.validators, identity=digest.identity),
        http_status=page.status,
        bytes_read=len(page.body),
        warnings=digest.warnings,
    )


def _not_modified(visit: Visit, answer: NotModified, now: datetime) -> SourceResult:
    """Nothing new at the origin."""
    state = due.after_success(visit.state, visit.recipe.plan, now)
    return SourceResult(
        source_id=visit.recipe.spec.id,
        status=SourceStatus.NOT_MODIFIED,
        started_at=visit.started_at,
        duration=visit.duration,
        state=replace(state, validators=answer.validators),
        http_status=answer.status,
        bytes_read=answer.bytes_read,
    )


def _failed(visit: Visit, error: FetchError | ParseError, now: datetime) -> SourceResult:
    """The source could not be read; the validators of the last good document stay."""
    jitter = random.random()  # noqa: S311 - it spreads sources, it guards no secret
    return SourceResult(
        source_id=visit.recipe.spec.id,
        status=SourceStatus.FAILED,
        started_at=visit.started_at,
        duration=visit.duration,
        state=due.after_failure(visit.state, error, visit.recipe.plan, now, jitter),
        error=str(error),
        http_status=error.status if isinstance(error, FetchError) else 0,
    )
