"""What would become of a source, step by step, with nothing stored: for people who write selectors.

The steps are those of the service, taken one at a time and written down: the list is followed as
far as the source says, and articles' own pages are read, of the first entries. Which other sources
have the same article is not asked: that needs the store.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta, timezone
from zoneinfo import ZoneInfo

from aggregator.clean.times import EARLIEST, FURTHEST_AHEAD
from aggregator.dedupe.identity import identify
from aggregator.errors import FetchError, FetchReason, ParseError
from aggregator.fetch.folder import read, scan
from aggregator.ingest.digest import (
    MAX_ENTRIES,
    Batch,
    judged,
    left_out,
    prepared,
    recognise,
    reference,
    unreadable,
)
from aggregator.ingest.discover import feed_behind
from aggregator.ingest.full_text import ArticlePages, read_article_pages
from aggregator.ingest.fuller import filled
from aggregator.ingest.further import Asker, fetch_whole
from aggregator.ingest.hits import Hit, hits
from aggregator.ingest.listing import Listing, read_listing
from aggregator.ingest.recipe import Recipe
from aggregator.model.articles import Article, Dropped, DropReason, EntryRef
from aggregator.model.entries import ParsedDocument, RawEntry
from aggregator.model.known import EntryMark
from aggregator.model.pages import ArticlePage, Folder, IdentityRule, Page, Request
from aggregator.model.settings import SourceSpec
from aggregator.sources import kinds
from aggregator.sources.discovery import FeedLink, feed_links
from aggregator.text.dates import parse_date
from aggregator.text.encodings import decode
from aggregator.text.lines import one_line

MOST_FILES = 500
"""Files of a folder that a preview reads; the first by name."""
MOST_ARTICLE_PAGES = 10
"""Articles whose own pages a preview reads, the first; a person waits for them."""
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
    """One entry on its way: as found, after cleaning, and after the rules.

    `page_text` is the text of its own page where that stands instead of the source's, else "".
    """

    raw: RawEntry
    date: DateTrail
    before_rules: Article | Dropped
    outcome: Article | Dropped
    page_text: str = ""


@dataclass(frozen=True, slots=True)
class Preview:
    """What would come out of a source now.

    `error` says why nothing could be read, "" if something was; `links` are the feeds that a page
    names which came instead of a feed. `found` counts all entries, in so many `documents`;
    `entries` shows the first.
    """

    source_id: str
    kind: str
    answer: Answer | None = None
    error: str = ""
    links: tuple[FeedLink, ...] = ()
    documents: int = 1
    found: int = 0
    entries: tuple[EntryTrail, ...] = ()
    dropped: tuple[Dropped, ...] = ()
    hits: tuple[Hit, ...] = ()
    warnings: tuple[str, ...] = ()


def preview(recipe: Recipe, asker: Asker, limit: int) -> Preview:
    """Read a source as it would be read now, and show its first entries; never fails."""
    spec = recipe.spec
    place = kinds()[spec.kind].locate(spec, recipe.folder)
    answer, links = None, tuple[FeedLink, ...]()
    try:
        if isinstance(place, Folder):
            files = _files(place, asker.now)
            return asker.workers.run(trace_files, recipe, files, asker.now, limit)
        fetcher = asker.pages if kinds()[spec.kind].obeys_robots else asker.fetcher
        page = fetch_whole(fetcher, place, asker.now)
        place = replace(place, from_outside=page.from_outside)
        answer = facts(page)
        if spec.kind == "feed":
            links = asker.workers.run(feed_links, page)
        try:
            return replace(_whole(recipe, place, page, asker, limit), answer=answer)
        except ParseError:
            if seen := _behind(recipe, place, page, asker, limit):
                return seen
            raise
    except (FetchError, ParseError) as error:
        return Preview(spec.id, spec.kind, answer, str(error), links)


def _behind(recipe: Recipe, place: Request, page: Page, asker: Asker, limit: int) -> Preview | None:
    """The feed that a page names at the address of a feed; None where there is none."""
    found = feed_behind(page, asker) if recipe.spec.kind == "feed" else None
    if found is None:
        return None
    url, feed = found
    place = replace(place, url=url, from_outside=feed.from_outside)
    seen = _whole(recipe, place, feed, asker, limit)
    note = f"this is a page; the feed that it names is read: {url}"
    return replace(seen, answer=facts(feed), warnings=(note, *seen.warnings))


def _whole(recipe: Recipe, place: Request, page: Page, asker: Asker, limit: int) -> Preview:
    """The entries of a list, with the pages of the articles where the source wants them."""
    listing = read_listing(recipe, place, page, asker)
    pages = ArticlePages()
    if how := recipe.spec.full_text:
        count = min(limit, MOST_ARTICLE_PAGES)
        todo = recognise(recipe, listing.document, IdentityRule.GUID, NothingKnown()).todo[:count]
        pages = read_article_pages(how, place, todo, {}, asker)
    seen = asker.workers.run(trace, recipe, [listing.document], asker.now, limit, pages.by_entry)
    warnings = [*_about_list(recipe.spec, listing), *seen.warnings, *pages.warnings]
    return replace(seen, documents=listing.documents, warnings=tuple(warnings))


class NothingKnown:
    """A `contracts.KnownEntries` that has no entry."""

    def known_entries(self, source_id: str, entry_keys: Iterable[str]) -> Mapping[str, EntryMark]:  # noqa: ARG002 - the contract's shape
        """None."""
        return {}


def _about_list(spec: SourceSpec, listing: Listing) -> Iterator[str]:
    """What is odd about the way in which the list goes on."""
    following = getattr(spec, "next", None)
    if following and spec.most_pages == 1:
        yield f"next: {following} is not followed, because pages is 1"
    elif following and listing.documents == 1:
        yield f"next: {following} found no further page"


def facts(page: Page) -> Answer:
    """What a document is, for people who expected another."""
    return Answer(
        url=page.final_url,
        status=page.status,
        content_type=page.headers.get("content-type", ""),
        size=len(page.body),
        beginning=one_line(decode(page.body[:4096], page.headers), _BEGINNING),
    )


def trace_files(recipe: Recipe, pages: Sequence[Page], now: datetime, limit: int) -> Preview:
    """Take the entries of some files through every step; runs in a worker."""
    documents, dropped = _documents(recipe, pages)
    seen = trace(recipe, documents, now, limit, {})
    return replace(seen, dropped=(*dropped, *seen.dropped))


def trace(
    recipe: Recipe,
    documents: Sequence[ParsedDocument],
    now: datetime,
    limit: int,
    pages: Mapping[str, ArticlePage],
) -> Preview:
    """Take the entries of some documents through every step; runs in a worker.

    `pages` are the articles' own, by entry key.
    """
    whole = tuple(entry for document in documents for entry in document.entries)
    found = identify(whole[:MAX_ENTRIES], IdentityRule.GUID, {})
    origin = documents[0] if len(documents) == 1 else ParsedDocument(())
    batch = Batch(recipe, origin, now)
    shown = [(each.raw, reference(recipe, each)) for each in found.entries[:limit]]
    repeated = [left_out(recipe, raw, DropReason.REPEATED_IN_DOCUMENT) for raw in found.repeated]
    over = [left_out(recipe, raw, DropReason.OVER_ENTRY_LIMIT) for raw in whole[MAX_ENTRIES:]]
    warnings = [found.warning, *(document.broken for document in documents)]
    return Preview(
        source_id=recipe.spec.id,
        kind=recipe.spec.kind,
        found=len(whole),
        entries=tuple(_trail(batch, raw, ref, pages.get(ref.entry_key)) for raw, ref in shown),
        dropped=(*repeated, *over),
        hits=tuple(hits(recipe.spec, whole, list(pages.values()))),
        warnings=tuple(dict.fromkeys(each for each in warnings if each)),
    )


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


def _trail(batch: Batch, raw: RawEntry, ref: EntryRef, page: ArticlePage | None) -> EntryTrail:
    made = prepared(batch, raw, ref, page)
    page_text = ""
    if page is not None:
        page_text = page.html if _body(made) != _body(prepared(batch, raw, ref)) else ""
        raw = filled(raw, page)
    date = date_trail(raw, batch.recipe.cleaning.timezone, batch.now)
    return EntryTrail(raw, date, made, judged(batch, made), page_text)


def _body(made: Article | Dropped) -> str:
    return made.body if isinstance(made, Article) else ""


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
