"""From the documents of one source to clean articles: what a worker process does.

    Page ─parse─▶ RawEntry ─recognise─▶ unknown or changed ones ─clean─▶ Article ─rules─▶ Article

Most entries of a feed are known already: they are recognised by the hash of what the source said,
before anything is cleaned. The database is read here (which entries are known), never written.

A source that needs more than its one document (`full_text`, a list of several pages) takes the same
steps one at a time, with fetching between them: `parse_page`, `recognise`, `make`.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING

from aggregator.clean import clean_origin
from aggregator.dedupe.bodies import measured
from aggregator.dedupe.identity import (
    Identified,
    IdentifiedEntry,
    entry_hash,
    entry_key,
    identify,
    lookup_keys,
)
from aggregator.errors import ParseError
from aggregator.ingest.categories import categories_of
from aggregator.ingest.fuller import clean_fuller
from aggregator.ingest.recipe import Recipe
from aggregator.model.articles import Article, Dropped, DropReason, EntryRef, Stage
from aggregator.model.entries import Origin, ParsedDocument, RawEntry
from aggregator.model.known import EntryMark
from aggregator.model.pages import ArticlePage, IdentityRule, Page
from aggregator.model.results import Digest
from aggregator.rules import judge_by_book
from aggregator.sources import kinds
from aggregator.text.search import searchable

if TYPE_CHECKING:
    from aggregator.contracts import KnownEntries

MAX_ENTRIES = 5000
"""Entries taken from one fetch; those that stand lower in the document are left out."""


@dataclass(frozen=True)
class Todo:
    """An entry that an article has to be made of; `is_new` says that the store has none of it."""

    raw: RawEntry
    ref: EntryRef
    is_new: bool


@dataclass(frozen=True)
class Recognised:
    """What is to be done about a source's entries; `document` stands without them."""

    document: ParsedDocument
    todo: tuple[Todo, ...]
    unchanged: int
    dropped: tuple[Dropped, ...]
    identity: IdentityRule
    warnings: tuple[str, ...] = ()


def digest_page(
    recipe: Recipe, page: Page, identity: IdentityRule, known: KnownEntries, now: datetime
) -> Digest:
    """Make articles of the one document of a source.

    Raises:
        ParseError: the document is not what the source promised.
    """
    return make(recipe, recognise(recipe, parse_page(recipe, page), identity, known), {}, now)


def digest_files(
    recipe: Recipe, pages: Sequence[Page], known: KnownEntries, now: datetime
) -> Digest:
    """Make articles of some files of a folder; a file that cannot be read is dropped alone."""
    return make(recipe, recognise_files(recipe, pages, known), {}, now)


def parse_page(recipe: Recipe, page: Page) -> ParsedDocument:
    """Read the entries out of a document.

    Raises:
        ParseError: the document is not what the source promised.
    """
    return kinds()[recipe.spec.kind].parse(page, recipe.spec)


def recognise(
    recipe: Recipe,
    document: ParsedDocument,
    identity: IdentityRule,
    known: KnownEntries,
    again: Collection[str] = (),
) -> Recognised:
    """Tell the entries of a document that are new or changed from those that are known.

    The entries with the keys `again` are made anew even if they did not change.
    """
    entries = document.entries[:MAX_ENTRIES]
    have = known.known_entries(recipe.spec.id, lookup_keys(entries))
    found = identify(entries, identity, have)
    over = document.entries[MAX_ENTRIES:]
    dropped = tuple(left_out(recipe, raw, DropReason.OVER_ENTRY_LIMIT) for raw in over)
    recognised = _recognised(recipe, found, have, again)
    return replace(
        recognised,
        document=replace(document, entries=()),
        dropped=(*recognised.dropped, *dropped),
        warnings=tuple(each for each in (found.warning, document.broken) if each),
    )


def recognise_files(recipe: Recipe, pages: Sequence[Page], known: KnownEntries) -> Recognised:
    """The same for some files of a folder; a file that cannot be read is dropped alone."""
    documents, dropped = list[ParsedDocument](), list[Dropped]()
    for page in pages:
        try:
            documents.append(parse_page(recipe, page))
        except ParseError as error:
            dropped.append(unreadable(recipe, page, error))
    entries = tuple(entry for document in documents for entry in document.entries)
    have = known.known_entries(recipe.spec.id, lookup_keys(entries))
    # A file's name is its id and cannot rotate: what looks like that is a file that was renamed.
    found = identify(entries, IdentityRule.GUID, {})
    recognised = _recognised(recipe, found, have, ())
    return replace(recognised, dropped=(*dropped, *recognised.dropped))


def _recognised(
    recipe: Recipe, found: Identified, have: Mapping[str, EntryMark], again: Collection[str]
) -> Recognised:
    references = [(each.raw, reference(recipe, each)) for each in found.entries]
    todo = tuple(
        Todo(raw, ref, ref.entry_key not in have)
        for raw, ref in references
        if ref.entry_key in again or not _is_unchanged(ref, have)
    )
    repeated = (left_out(recipe, raw, DropReason.REPEATED_IN_DOCUMENT) for raw in found.repeated)
    return Recognised(
        document=ParsedDocument(()),
        todo=todo,
        unchanged=len(references) - len(todo),
        dropped=tuple(repeated),
        identity=found.rule,
    )


@dataclass(frozen=True)
class Batch:
    """What all entries of one digest have in common."""

    recipe: Recipe
    document: ParsedDocument
    now: datetime


def make(
    recipe: Recipe, recognised: Recognised, pages: Mapping[str, ArticlePage], now: datetime
) -> Digest:
    """Make articles of what was recognised; `pages` are their own pages, by entry key."""
    batch = Batch(recipe, recognised.document, now)
    articles, dropped = list[Article](), list[Dropped]()
    for each in recognised.todo:
        page = pages.get(each.ref.entry_key)
        made = judged(batch, prepared(batch, each.raw, each.ref, page))
        if isinstance(made, Dropped):
            dropped.append(made)
        else:
            words = searchable(made.title, made.summary, made.body)
            articles.append(replace(made, words=words))
    return Digest(
        source_id=recipe.spec.id,
        articles=tuple(articles),
        unchanged=recognised.unchanged,
        dropped=(*dropped, *recognised.dropped),
        origin=recognised.document.origin,
        identity=recognised.identity,
        hints=recognised.document.hints,
        warnings=recognised.warnings,
    )


def reference(recipe: Recipe, entry: IdentifiedEntry) -> EntryRef:
    """What an article of this entry is known by."""
    return EntryRef(
        source_id=recipe.spec.id,
        entry_key=entry.entry_key,
        entry_hash=entry_hash(entry.raw, recipe.fingerprint),
        aliases=entry.aliases,
        document=entry.raw.document,
    )


def _is_unchanged(ref: EntryRef, have: Mapping[str, EntryMark]) -> bool:
    known = have.get(ref.entry_key)
    return (
        known is not None and known.entry_hash == ref.entry_hash and known.document == ref.document
    )


def prepared(
    batch: Batch, raw: RawEntry, ref: EntryRef, page: ArticlePage | None = None
) -> Article | Dropped:
    """Clean an entry and say where it stands; no rule has seen it yet."""
    recipe = batch.recipe
    if batch.document.language and not raw.language:
        raw = replace(raw, language=batch.document.language)
    cleaned = clean_fuller(raw, page, ref, recipe.cleaning, batch.now)
    if isinstance(cleaned, Dropped):
        return replace(cleaned, link=raw.link.strip(), entry_key=ref.entry_key)
    paths, added = categories_of(recipe.spec.category, raw.category_path, recipe.tree)
    return replace(
        cleaned,
        categories=paths,
        added_categories=added,
        origin=_origin(recipe, cleaned.origin, clean_origin(batch.document.origin)),
    )


def judged(batch: Batch, article: Article | Dropped) -> Article | Dropped:
    """Put an article before the rules; where they change its text, that is measured again."""
    if isinstance(article, Dropped):
        return article
    made = judge_by_book(article, batch.recipe.rules, batch.now)
    if isinstance(made, Dropped):
        return replace(made, article=article)
    same_text = (made.body, made.summary) == (article.body, article.summary)
    return made if same_text else measured(made)


def _origin(recipe: Recipe, entry: Origin, document: Origin) -> Origin:
    """Whom the article comes from: another feed that the entry names, else the source.

    What is configured is about the source, so it never stands beside what is another feed's.
    """
    spec = recipe.spec
    if _is_another(entry, document):
        return replace(entry, title=entry.title or spec.title or document.title or spec.id)
    return Origin(
        title=spec.title or entry.title or document.title or spec.id,
        link=spec.site_link or entry.link or document.link,
        feed_url=entry.feed_url or document.feed_url,
        id=entry.id or document.id,
        rights=entry.rights or document.rights,
    )


def _is_another(entry: Origin, document: Origin) -> bool:
    """Whether an entry names a feed that is not the one it stands in."""
    of_entry = {entry.feed_url, entry.id, entry.title} - {""}
    return bool(of_entry) and of_entry.isdisjoint({document.feed_url, document.id, document.title})


def unreadable(recipe: Recipe, page: Page, error: ParseError) -> Dropped:
    """A document of which no entry could be read; its name is the id that its entry would have."""
    return Dropped(
        recipe.spec.id,
        page.name,
        Stage.PARSE,
        DropReason.FAILED,
        f"{error.reason}: {error.detail}",
        entry_key=entry_key(RawEntry(guid=page.name), IdentityRule.GUID),
    )


def left_out(recipe: Recipe, raw: RawEntry, reason: DropReason) -> Dropped:
    """An entry that was dropped before anything was made of it."""
    return Dropped(recipe.spec.id, raw.title.value[:200], Stage.PARSE, reason)
