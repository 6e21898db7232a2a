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

import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from aggregator.errors import FetchError, ParseError, ParseReason
from aggregator.fetch.folder import read, scan
from aggregator.ingest import ending
from aggregator.ingest.digest import digest_files, digest_page, make, recognise
from aggregator.ingest.discover import feed_behind
from aggregator.ingest.full_text import ArticlePages, let_go, read_article_pages
from aggregator.ingest.further import Asker
from aggregator.ingest.listing import read_listing
from aggregator.ingest.recipe import Recipe
from aggregator.ingest.stages import Stages, Visit
from aggregator.model.pages import FetchState, Folder, NotModified, Page, Request, Validators
from aggregator.model.results import Digest, Outcome, SourceResult, Tally
from aggregator.sources import kinds
from aggregator.text.redaction import showable

FILES_AT_ONCE = 200
"""Files of a folder that are read, digested and stored together."""
MOST_WARNINGS = 20
"""Files of a folder that are told of in one visit, where they cannot be read."""


def ingest(recipe: Recipe, stages: Stages, state: FetchState | None = None) -> SourceResult:
    """Read one source, store what it brought, and record how it went.

    `state` is what is remembered of it, where that was read already.

    Raises:
        StoreError: the database refused; nothing is recorded, and the source stays due.
    """
    state = state or stages.store.fetch_state(recipe.spec.id)
    visit = Visit(recipe, state, stages.clock(), time.monotonic())
    place = kinds()[recipe.spec.kind].locate(recipe.spec, recipe.folder)
    try:
        if isinstance(place, Folder):
            return _ingest_folder(visit, place, stages)
        return _ingest_address(visit, place, stages)
    except (FetchError, ParseError) as error:
        return _record(stages, None, ending.failed(visit, error, stages.clock()))


def _ingest_address(visit: Visit, request: Request, stages: Stages) -> SourceResult:
    """A source of one document."""
    if visit.state.moved_to:
        request = replace(request, url=visit.state.moved_to)
    waiting = _waiting_pages(visit, stages)
    # Entries whose own page is to be tried again are needed even if the document did not change.
    validators = Validators() if waiting else visit.state.validators
    fetcher = stages.pages if kinds()[visit.recipe.spec.kind].obeys_robots else stages.fetcher
    answer = fetcher.fetch(request, validators, visit.started_at)
    if isinstance(answer, NotModified):
        return _record(stages, None, ending.not_modified(visit, answer, stages.clock()))
    request = replace(request, from_outside=answer.from_outside)
    try:
        answer, digest = _digest(visit, request, answer, waiting, stages)
    except ParseError as error:
        visit, request, answer = _behind(visit, request, answer, error, stages)
        answer, digest = _digest(visit, request, answer, waiting, stages)
    return _record(stages, digest, ending.read(visit, answer, digest, stages.clock()))


def _behind(
    visit: Visit, request: Request, page: Page, error: ParseError, stages: Stages
) -> tuple[Visit, Request, Page]:
    """The feed that a page names at the address of a feed; from now on that is asked.

    Only where no feed was ever read there: the page that takes a feed's place for an hour, because
    its site is broken, links to other feeds as well.

    Raises:
        ParseError: there is none, so that the page itself is what is wrong.
    """
    is_page = visit.recipe.spec.kind == "feed" and error.reason is ParseReason.NOT_A_FEED
    if not is_page or visit.state.was_read:
        raise error
    asker = Asker(stages.fetcher, stages.pages, stages.workers, visit.started_at)
    found = feed_behind(page, asker)
    if found is None:
        raise error
    url, feed = found
    state = replace(visit.state, moved_to=url)
    request = replace(request, url=url, from_outside=feed.from_outside)
    return replace(visit, state=state), request, feed


def _digest(
    visit: Visit, request: Request, page: Page, waiting: frozenset[str], stages: Stages
) -> tuple[Page, Digest]:
    """Articles out of a document, in one step or in several."""
    recipe = visit.recipe
    if recipe.spec.full_text or recipe.spec.most_pages > 1:
        return _digest_in_steps(visit, request, page, waiting, stages)
    digest = stages.workers.run(
        digest_page, recipe, page, visit.state.identity, stages.known, page.fetched_at
    )
    return page, digest


def _digest_in_steps(
    visit: Visit, request: Request, page: Page, waiting: frozenset[str], stages: Stages
) -> tuple[Page, Digest]:
    """A source that needs more pages than its one: steps in a worker, with fetching between them.

    The document comes back without validators where it has to be read again all the same.
    """
    recipe, run = visit.recipe, stages.workers.run
    asker = Asker(stages.fetcher, stages.pages, stages.workers, visit.started_at)
    listing = read_listing(recipe, request, page, asker)
    if not listing.is_settled:
        page = replace(page, validators=Validators())
    found = run(recognise, recipe, listing.document, visit.state.identity, stages.known, waiting)
    pages = ArticlePages()
    if how := recipe.spec.full_text:
        known = stages.store.article_pages(
            recipe.spec.id, [each.ref.entry_key for each in found.todo]
        )
        pages = read_article_pages(how, request, found.todo, known, asker)
    digest = run(make, recipe, found, pages.by_entry, page.fetched_at)
    left = let_go(visit, waiting, found.todo, stages) if listing.is_whole else ()
    return page, replace(
        digest, pages=(*pages.tried, *left), warnings=(*digest.warnings, *pages.warnings)
    )


def _waiting_pages(visit: Visit, stages: Stages) -> frozenset[str]:
    """The entries whose own page is to be tried again now."""
    if visit.recipe.spec.full_text is None:
        return frozenset()
    return stages.store.pages_due(visit.recipe.spec.id, visit.started_at)


def _ingest_folder(visit: Visit, folder: Folder, stages: Stages) -> SourceResult:
    """A source of many documents: only the files that changed are read, some at a time."""
    source_id = visit.recipe.spec.id
    known = stages.store.stamps(source_id)
    changes = scan(folder, known)
    if not changes.changed and not changes.vanished:
        result = ending.folder_unchanged(visit, stages.clock())
        odd = () if known else (f"no file is named like path: {folder.pattern}",)
        return _record(stages, None, replace(result, warnings=odd))
    tally, size, warnings = Tally(), 0, list[str]()
    parts = list(_parts(changes.changed)) or [{}]
    for stamps in parts[:-1]:
        digest, read_bytes = _digest_files(visit, folder, stamps, stages)
        tally, size = tally + stages.writer.record(Outcome(digest, None)), size + read_bytes
        warnings += digest.warnings
    digest, read_bytes = _digest_files(visit, folder, parts[-1], stages)
    digest = replace(digest, vanished=tuple(changes.vanished))
    result = ending.folder_read(visit, tally, size + read_bytes, stages.clock())
    warnings += digest.warnings
    return _record(stages, digest, replace(result, warnings=tuple(warnings[:MOST_WARNINGS])))


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
    if result.error or result.warnings or result.state.last_error:
        result = replace(
            result,
            error=showable(result.error),
            warnings=tuple(showable(warning) for warning in result.warnings),
            state=replace(result.state, last_error=showable(result.state.last_error)),
        )
    tally = stages.writer.record(Outcome(digest, result))
    return replace(result, tally=result.tally + tally)
