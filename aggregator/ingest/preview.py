"""What would become of a source, step by step, with nothing stored: for people who write selectors.

The steps are those of `digest`, taken one at a time and written down. Which other sources have the
same article is not asked: that needs the store.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta, timezone
from zoneinfo import ZoneInfo

from aggregator.clean.times import EARLIEST, FURTHEST_AHEAD
from aggregator.contracts import Fetcher
from aggregator.dedupe.identity import identify
from aggregator.errors import FetchError, FetchReason, ParseError
from aggregator.fetch.folder import read, scan
from aggregator.ingest.digest import (
    MAX_ENTRIES,
    Batch,
    judged,
    left_out,
    prepared,
    reference,
    unreadable,
)
from aggregator.ingest.hits import Hit, hits
from aggregator.ingest.recipe import Recipe
from aggregator.ingest.workers import Workers
from aggregator.model.articles import Article, Dropped, DropReason, EntryRef
from aggregator.model.entries import ParsedDocument, RawEntry
from aggregator.model.pages import Folder, IdentityRule, NotModified, Page, Request, Validators
from aggregator.sources import kinds
from aggregator.sources.discovery import FeedLink, feed_links
from aggregator.text.dates import parse_date
from aggregator.text.encodings import decode
from aggregator.text.lines import one_line

MOST_FILES = 500
"""Files of a folder that a preview reads; the first by name."""
_BEGINNING = 300
_FAR_AWAY = timezone(timedelta(hours=-11, minutes=-7))
"""A zone that no source is in."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What an origin answered: the facts that tell what a document is."""

    url: str
    status: int
    content_type: str
    size: int
    beginning: str


@dataclass(frozen=True, slots=True)
class DateTrail:
    """Where a date came from.

    `text` is what the source wrote in `field` (published or updated); `zone` is the one that was
    used for it, "" where the text names its own; `why` says why there is no date.
    """

    text: str
    field: str
    zone: str
    why: str = ""


@dataclass(frozen=True, slots=True)
class EntryTrail:
    """One entry on its way: as found, after cleaning, and after the rules."""

    raw: RawEntry
    date: DateTrail
    before_rules: Article | Dropped
    outcome: Article | Dropped


@dataclass(frozen=True, slots=True)
class Preview:
    """What would come out of a source now.

    `error` says why nothing could be read, "" if something was; `links` are the feeds that a page
    names which came instead of a feed. `found` counts all entries, `entries` shows the first.
    """

    source_id: str
    kind: str
    answer: Answer | None = None
    error: str = ""
    links: tuple[FeedLink, ...] = ()
    found: int = 0
    entries: tuple[EntryTrail, ...] = ()
    dropped: tuple[Dropped, ...] = ()
    hits: tuple[Hit, ...] = ()
    warnings: tuple[str, ...] = ()


def preview(
    recipe: Recipe, fetcher: Fetcher, workers: Workers, now: datetime, limit: int
) -> Preview:
    """Read a source as it would be read now, and show its first entries; never fails."""
    spec = recipe.spec
    place = kinds()[spec.kind].locate(spec, recipe.folder)
    answer, links = None, tuple[FeedLink, ...]()
    try:
        if isinstance(place, Folder):
            return workers.run(trace, recipe, _files(place, now), now, limit)
        page = _page(place, fetcher, now)
        answer = facts(page)
        if spec.kind == "feed":
            links = workers.run(feed_links, page)
        return replace(workers.run(trace, recipe, [page], now, limit), answer=answer)
    except (FetchError, ParseError) as error:
        return Preview(spec.id, spec.kind, answer, str(error), links)


def facts(page: Page) -> Answer:
    """What a document is, for people who expected another."""
    return Answer(
        url=page.final_url,
        status=page.status,
        content_type=page.headers.get("content-type", ""),
        size=len(page.body),
        beginning=one_line(decode(page.body[:4096], page.headers), _BEGINNING),
    )


def trace(recipe: Recipe, pages: Sequence[Page], now: datetime, limit: int) -> Preview:
    """Take the entries of some documents through every step; runs in a worker.

    Raises:
        ParseError: the one document of a source that has one is not what was promised.
    """
    documents, dropped = _documents(recipe, pages)
    whole = tuple(entry for document in documents for entry in document.entries)
    found = identify(whole[:MAX_ENTRIES], IdentityRule.GUID, {})
    origin = documents[0] if len(documents) == 1 else ParsedDocument(())
    batch = Batch(recipe, origin, now)
    shown = found.entries[:limit]
    repeated = [left_out(recipe, raw, DropReason.REPEATED_IN_DOCUMENT) for raw in found.repeated]
    over = [left_out(recipe, raw, DropReason.OVER_ENTRY_LIMIT) for raw in whole[MAX_ENTRIES:]]
    warnings = [found.warning, *(document.broken for document in documents)]
    return Preview(
        source_id=recipe.spec.id,
        kind=recipe.spec.kind,
        found=len(whole),
        entries=tuple(_trail(batch, each.raw, reference(recipe, each)) for each in shown),
        dropped=(*dropped, *repeated, *over),
        hits=tuple(hits(recipe.spec, whole)),
        warnings=tuple(dict.fromkeys(each for each in warnings if each)),
    )


def _page(request: Request, fetcher: Fetcher, now: datetime) -> Page:
    answer = fetcher.fetch(request, Validators(), now)
    if isinstance(answer, NotModified):
        raise TypeError("an origin said that nothing changed without being asked that")
    return answer


def _files(folder: Folder, now: datetime) -> list[Page]:
    """The first files of a folder.

    Raises:
        FetchError: the folder cannot be listed, holds no such file, or one of them cannot be read.
    """
    names = list(scan(folder, {}).changed)[:MOST_FILES]
    if not names:
        raise FetchError(FetchReason.UNREADABLE, f"no file is named like path: {folder.pattern}")
    return [read(folder, name, now) for name in names]


def _documents(recipe: Recipe, pages: Sequence[Page]) -> tuple[list[ParsedDocument], list[Dropped]]:
    """What the kind reads out of the pages; a file of a folder that cannot be read falls alone."""
    kind = kinds()[recipe.spec.kind]
    documents, dropped = list[ParsedDocument](), list[Dropped]()
    for page in pages:
        try:
            documents.append(kind.parse(page, recipe.spec))
        except ParseError as error:
            if not page.name:
                raise
            dropped.append(unreadable(recipe, page, error))
    return documents, dropped


def _trail(batch: Batch, raw: RawEntry, ref: EntryRef) -> EntryTrail:
    before = prepared(batch, raw, ref)
    date = date_trail(raw, batch.recipe.cleaning.timezone, batch.now)
    return EntryTrail(raw, date, before, judged(batch, before))


def date_trail(raw: RawEntry, zone: str, now: datetime) -> DateTrail:
    """Where the published date of an entry came from, or why it has none.

    A text names its own zone when it means the same moment whatever zone is assumed.
    """
    field = "published" if raw.published_text.strip() or not raw.updated_text.strip() else "updated"
    text = (raw.published_text if field == "published" else raw.updated_text).strip()
    if not text:
        return DateTrail("", "", "", "the source gives no date")
    moment = parse_date(text, now, ZoneInfo(zone))
    if moment is None:
        return DateTrail(text, field, "", "this cannot be read as a date")
    if moment < EARLIEST:
        return DateTrail(text, field, "", f"before {EARLIEST:%Y}, which cannot be")
    if moment > now + FURTHEST_AHEAD:
        return DateTrail(text, field, "", "more than a day ahead, which cannot be")
    elsewhere = parse_date(text, now, _FAR_AWAY)
    return DateTrail(text, field, "" if moment == elsewhere else zone)
