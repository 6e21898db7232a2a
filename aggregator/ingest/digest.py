"""From the documents of one source to clean articles: what a worker process does.

    Page ─parse─▶ RawEntry ─recognise─▶ unknown or changed ones ─clean─▶ Article ─rules─▶ Article

Most entries of a feed are known already: they are recognised by the hash of what the source said,
before anything is cleaned. The database is read here (which entries are known), never written.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from aggregator.clean import clean_entry, clean_origin
from aggregator.contracts import KnownEntries
from aggregator.dedupe.bodies import measured
from aggregator.dedupe.identity import (
    Identified,
    IdentifiedEntry,
    entry_hash,
    identify,
    lookup_keys,
)
from aggregator.errors import ParseError
from aggregator.ingest.categories import categories_of
from aggregator.ingest.recipe import Recipe
from aggregator.model.articles import Article, Dropped, DropReason, EntryRef, Stage
from aggregator.model.entries import Origin, ParsedDocument, RawEntry
from aggregator.model.known import KnownEntry
from aggregator.model.pages import IdentityRule, Page
from aggregator.model.results import Digest
from aggregator.rules import judge_by_book
from aggregator.sources import kinds
from aggregator.text.dates import parse_date

MAX_ENTRIES = 5000
"""Entries taken from one fetch; those that stand lower in the document are left out."""


def digest_page(
    recipe: Recipe, page: Page, identity: IdentityRule, known: KnownEntries, now: datetime
) -> Digest:
    """Make articles of the one document of a source.

    Raises:
        ParseError: the document is not what the source promised.
    """
    parsed = kinds()[recipe.spec.kind].parse(page, recipe.spec)
    entries = parsed.entries[:MAX_ENTRIES]
    have = known.known_entries(recipe.spec.id, lookup_keys(entries))
    found = identify(entries, identity, have)
    digest = _digest(Batch(recipe, parsed, now), found, have)
    over = [
        left_out(recipe, raw, DropReason.OVER_ENTRY_LIMIT) for raw in parsed.entries[MAX_ENTRIES:]
    ]
    warnings = tuple(each for each in (found.warning, parsed.broken) if each)
    return replace(digest, dropped=(*digest.dropped, *over), warnings=warnings)


def digest_files(
    recipe: Recipe, pages: Sequence[Page], known: KnownEntries, now: datetime
) -> Digest:
    """Make articles of some files of a folder; a file that cannot be read is dropped alone."""
    kind = kinds()[recipe.spec.kind]
    documents, dropped = list[ParsedDocument](), list[Dropped]()
    for page in pages:
        try:
            documents.append(kind.parse(page, recipe.spec))
        except ParseError as error:
            dropped.append(unreadable(recipe, page, error))
    entries = tuple(entry for document in documents for entry in document.entries)
    have = known.known_entries(recipe.spec.id, lookup_keys(entries))
    # A file's name is its id and cannot rotate: what looks like that is a file that was renamed.
    found = identify(entries, IdentityRule.GUID, {})
    digest = _digest(Batch(recipe, ParsedDocument(()), now), found, have)
    return replace(digest, dropped=(*dropped, *digest.dropped))


@dataclass(frozen=True)
class Batch:
    """What all entries of one digest have in common."""

    recipe: Recipe
    document: ParsedDocument
    now: datetime


def _digest(batch: Batch, found: Identified, have: Mapping[str, KnownEntry]) -> Digest:
    articles, dropped = list[Article](), list[Dropped]()
    references = [(each.raw, reference(batch.recipe, each)) for each in found.entries]
    todo = [(raw, ref) for raw, ref in references if not _is_unchanged(ref, have)]
    for raw, ref in todo:
        made = judged(batch, prepared(batch, raw, ref))
        if isinstance(made, Dropped):
            dropped.append(made)
        else:
            articles.append(made)
    repeated = [
        left_out(batch.recipe, raw, DropReason.REPEATED_IN_DOCUMENT) for raw in found.repeated
    ]
    return Digest(
        source_id=batch.recipe.spec.id,
        articles=tuple(articles),
        unchanged=len(references) - len(todo),
        dropped=(*dropped, *repeated),
        origin=batch.document.origin,
        identity=found.rule,
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


def _is_unchanged(ref: EntryRef, have: Mapping[str, KnownEntry]) -> bool:
    known = have.get(ref.entry_key)
    return known is not None and known.entry_hash == ref.entry_hash


def prepared(batch: Batch, raw: RawEntry, ref: EntryRef) -> Article | Dropped:
    """Clean an entry and say where it stands; no rule has seen it yet."""
    recipe = batch.recipe
    if not raw.language:
        raw = replace(raw, language=batch.document.language)
    cleaned = clean_entry(raw, ref, recipe.cleaning, batch.now, parse_date)
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
    """Put an article before the rules; what stays is measured, so that the one writer need not."""
    if isinstance(article, Dropped):
        return article
    made = judge_by_book(article, batch.recipe.rules, batch.now)
    return measured(made) if isinstance(made, Article) else made


def _origin(recipe: Recipe, entry: Origin, document: Origin) -> Origin:
    """Whom the article comes from: as configured, else as the entry says, else as its feed does."""
    spec = recipe.spec
    return Origin(
        title=spec.title or entry.title or document.title or spec.id,
        link=spec.site_link or entry.link or document.link,
        feed_url=entry.feed_url or document.feed_url,
    )


def unreadable(recipe: Recipe, page: Page, error: ParseError) -> Dropped:
    """A document of which no entry could be read."""
    return Dropped(
        recipe.spec.id, page.name, Stage.PARSE, DropReason.FAILED, f"{error.reason}: {error.detail}"
    )


def left_out(recipe: Recipe, raw: RawEntry, reason: DropReason) -> Dropped:
    """An entry that was dropped before anything was made of it."""
    return Dropped(recipe.spec.id, raw.title.value[:200], Stage.PARSE, reason)
