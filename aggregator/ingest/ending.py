"""How a visit ended: what its record says, and what is remembered until the next one.

Values only: nothing is fetched or stored here (see `pipeline`).
"""

from __future__ import annotations

import random
from dataclasses import replace
from datetime import datetime

from aggregator.errors import FetchError, ParseError, ParseReason
from aggregator.fetch import due, moves
from aggregator.fetch.freshness import lifetime
from aggregator.fetch.rhythm import learn
from aggregator.ingest.stages import Visit
from aggregator.model.pages import FetchState, NotModified, Page
from aggregator.model.results import Digest, SourceResult, SourceStatus, Tally


def read(visit: Visit, page: Page, digest: Digest, now: datetime) -> SourceResult:
    """A document came and could be read."""
    state = _answered(visit, page, digest, now)
    return replace(
        _ended(visit, SourceStatus.OK, state),
        http_status=page.status,
        bytes_read=len(page.body),
        warnings=digest.warnings,
    )


def not_modified(visit: Visit, answer: NotModified, now: datetime) -> SourceResult:
    """Nothing new at the origin."""
    state = _answered(visit, answer, None, now)
    return replace(
        _ended(visit, SourceStatus.NOT_MODIFIED, state),
        http_status=answer.status,
        bytes_read=answer.bytes_read,
    )


def failed(visit: Visit, error: FetchError | ParseError, now: datetime) -> SourceResult:
    """The source could not be read; the validators of the last good document stay."""
    error = _vanished(error, visit.state)
    jitter = random.random()  # noqa: S311 - it spreads sources, it guards no secret
    state = due.after_failure(visit.state, error, visit.recipe.plan, now, jitter)
    return replace(
        _ended(visit, SourceStatus.FAILED, state),
        error=str(error),
        http_status=error.status if isinstance(error, FetchError) else 0,
    )


def folder_read(visit: Visit, tally: Tally, bytes_read: int, now: datetime) -> SourceResult:
    """Files of a folder changed and were read."""
    changed = replace(folder_unchanged(visit, now), status=SourceStatus.OK)
    return replace(changed, tally=tally, bytes_read=bytes_read)


def folder_unchanged(visit: Visit, now: datetime) -> SourceResult:
    """A folder was looked through: that costs nobody anything, so there is nothing to learn."""
    state = due.after_success(visit.state, replace(visit.recipe.plan, fixed=True), now)
    return _ended(visit, SourceStatus.NOT_MODIFIED, state)


def _ended(visit: Visit, status: SourceStatus, state: FetchState) -> SourceResult:
    """What the record of every visit says, however it ended."""
    return SourceResult(
        source_id=visit.recipe.spec.id,
        status=status,
        started_at=visit.started_at,
        duration=visit.duration,
        state=state,
    )


def _vanished(error: FetchError | ParseError, state: FetchState) -> FetchError | ParseError:
    """What it means that nothing was found, where there was something before."""
    if error.reason is not ParseReason.NO_ITEMS or not state.was_read:
        return error
    detail = f"{error.detail}, where there was something before; its articles stay"
    return ParseError(ParseReason.LAYOUT_CHANGED, detail)


def _answered(
    visit: Visit, answer: Page | NotModified, digest: Digest | None, now: datetime
) -> FetchState:
    """What is remembered after an answer: where it leads, how the source posts, when to return."""
    state = moves.after_answer(visit.state, answer.moved_to)
    if digest:
        posted = [article.published_at for article in digest.articles]
        rhythm = learn(state.rhythm, posted, now) if posted else state.rhythm
        hints, identity = digest.hints, digest.identity
        state = replace(state, rhythm=rhythm, hints=hints, identity=identity, was_read=True)
    state = replace(state, validators=answer.validators)
    fresh = lifetime(answer.headers, answer.fetched_at)
    return due.after_success(state, visit.recipe.plan, now, fresh)
