"""What `MemoryStore` keeps in its dictionaries, and how that is told to those who ask."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from aggregator.dedupe.decide import content_hash
from aggregator.model.articles import Article, Decision
from aggregator.model.categories import CategorySpec
from aggregator.model.known import KnownCopy, KnownEntry
from aggregator.model.pages import FetchState
from aggregator.model.published import StoredArticle, StoredCopy, Via
from aggregator.model.settings import SourceSpec
from aggregator.text.markup import plain_text

EntryId = tuple[str, str]


@dataclass
class Source:
    """A source, and what is remembered of it."""

    spec: SourceSpec
    state: FetchState
    active: bool = True
    stamps: dict[str, str] = field(default_factory=dict)


@dataclass
class Line:
    """A line of the ledger, and what its article is made of."""

    decision: Decision
    first_seen_at: datetime
    published_at: datetime
    date_is_known: bool
    standing: bool
    own_paths: set[str]
    is_present: bool = True

    @property
    def decided_at(self) -> datetime:
        """Decided once, when it came: nobody corrects by hand here."""
        return self.first_seen_at

    @property
    def article(self) -> Article:
        return self.decision.article

    @property
    def entry_id(self) -> EntryId:
        return self.article.entry.source_id, self.article.entry.entry_key


@dataclass
class Story:
    """An article: its identity, and the copy that it shows."""

    title_key: str
    public_id: str
    first_seen_at: datetime
    published_at: datetime
    date_is_known: bool
    shown: Article


def without_repeats(articles: Sequence[Article]) -> Iterator[list[Article]]:
    """The articles in parts in which no entry comes twice."""
    waiting = list(articles)
    while waiting:
        firsts = {each.entry.entry_key: each for each in reversed(waiting)}
        part = [each for each in waiting if firsts[each.entry.entry_key] is each]
        yield part
        waiting = [each for each in waiting if firsts[each.entry.entry_key] is not each]


def known_entry(line: Line) -> KnownEntry:
    """A line as recognising entries needs it."""
    decision, entry = line.decision, line.article.entry
    return KnownEntry(
        entry.source_id,
        entry.entry_key,
        entry.entry_hash,
        decision.content_hash,
        decision.story_key,
        decision.title_key,
        decision.text_hash,
        line.published_at,
        line.date_is_known,
        line.standing,
        entry.document,
    )


def stored_copy(line: Line) -> StoredCopy:
    """A line as people see it."""
    return StoredCopy(
        line.article.entry.source_id,
        line.article.link,
        line.article.title,
        line.published_at,
        line.date_is_known,
        line.first_seen_at,
        line.decision.decided_by,
        line.standing,
        line.article.entry.entry_key,
        line.decided_at,
    )


def category_paths(categories: Sequence[CategorySpec], parent: str = "") -> Iterator[str]:
    """The path of every category of a tree."""
    for category in categories:
        yield f"{parent}{category.id}"
        yield from category_paths(category.categories, f"{parent}{category.id}/")


def known_copy(line: Line, story: Story) -> KnownCopy:
    """A line as decisions see it, with the text that its article shows."""
    return KnownCopy(
        line.article.entry.source_id,
        line.article.entry.entry_key,
        line.decision.title_key,
        line.decision.story_key,
        line.published_at,
        line.decision.text_hash,
        plain_text(story.shown.body).strip() or story.shown.summary,
        line.standing,
        line.decision.text_length,
    )


def stored_article(
    story: Story, story_key: str, paths: Iterable[str], via: Iterable[Via]
) -> StoredArticle:
    """An article as the store gives it out."""
    shown = story.shown
    return StoredArticle(
        story.public_id,
        story_key[:20],
        shown.entry.source_id,
        shown.title,
        shown.link,
        shown.summary,
        shown.body,
        shown.author,
        story.published_at,
        story.date_is_known,
        shown.updated_at,
        story.first_seen_at,
        shown.image,
        shown.enclosures,
        shown.tags,
        shown.language,
        tuple(sorted(paths)),
        shown.origin,
        tuple(via),
        shown.related,
        content_hash(shown),
    )
