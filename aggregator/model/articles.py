"""What we stand behind: the cleaned article, what was dropped and why, and what dedupe decided."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from aggregator.model.entries import Enclosure, Image, Origin, Related
from aggregator.model.times import require_utc


@dataclass(frozen=True, slots=True)
class EntryRef:
    """Which entry of which source an article was made from.

    `entry_key` identifies the entry inside its source, `entry_hash` its raw content together with
    the cleaning that was in force; both are 64 hexadecimal digits (SHA-256). `aliases` are
    weaker keys of the same entry, by which it is found when its source no longer keeps its ids.
    """

    source_id: str
    entry_key: str
    entry_hash: str
    document: str = ""
    aliases: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Unruled:
    """What an article was before rules changed its words; None where they left a field alone."""

    title: str | None = None
    link: str | None = None
    summary: str | None = None
    body: str | None = None
    author: str | None = None
    language: str | None = None
    tags: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True)
class Article:
    """A clean article: title, summary and tags are plain text, `body` is safe HTML.

    Where `date_is_known` is False, `published_at` is the first-seen time, later entries of a
    document some microseconds earlier so that its order is kept. `categories` are category paths;
    `added_categories` are titles for paths that the configuration does not name
    (see `CategoryTitle`). `link` may be empty: then our own page of the article stands for it.
    `has_title` is False where the source gave none and `title` was made of what else there is.
    `text_hash` and `text_length` are those of `text.comparing`, `words` those of `text.search`,
    made beforehand so that the one writer need not; "" is "not yet". `ruled_in` are category paths
    that rules added, `ruled_out` those that rules took it out of. `unruled` is None where nobody
    knows any more what it was before rules (see `Unruled`).
    """

    entry: EntryRef
    title: str
    link: str
    summary: str
    body: str
    author: str
    published_at: datetime
    date_is_known: bool
    updated_at: datetime
    image: Image | None = None
    enclosures: tuple[Enclosure, ...] = ()
    tags: tuple[str, ...] = ()
    language: str = ""
    categories: tuple[str, ...] = ()
    added_categories: tuple[CategoryTitle, ...] = ()
    origin: Origin = Origin()
    has_title: bool = True
    text_hash: str = ""
    text_length: int = 0
    ruled_in: tuple[str, ...] = ()
    ruled_out: tuple[str, ...] = ()
    related: tuple[Related, ...] = ()
    unruled: Unruled | None = Unruled()
    words: str = ""

    def __post_init__(self) -> None:
        """Refuse naive times at the door."""
        require_utc(self.published_at)
        require_utc(self.updated_at)

    @property
    def paths(self) -> tuple[str, ...]:
        """The category paths that it stands in after its rules, sorted."""
        return tuple(sorted({*self.categories, *self.ruled_in} - {*self.ruled_out}))


@dataclass(frozen=True, slots=True)
class CategoryTitle:
    """A category that articles brought along: its path and the title that people see."""

    path: str
    title: str


class Stage(StrEnum):
    """Where on its way an entry was dropped."""

    PARSE = "parse"
    CLEAN = "clean"
    RULES = "rules"


class DropReason(StrEnum):
    """Why an entry did not become an article: a stable word for reports."""

    NOTHING_TO_SHOW = "nothing_to_show"
    TOO_LARGE = "too_large"
    REPEATED_IN_DOCUMENT = "repeated_in_document"
    OVER_ENTRY_LIMIT = "over_entry_limit"
    RULE = "rule"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Dropped:
    """An entry that did not become an article, and why. `detail` is for people.

    `entry_key` is "" where nobody had looked yet which entry it is. `article` is what a rule
    dropped, as it was before any rule saw it, so that other rules can be tried on it later.
    """

    source_id: str
    title: str
    stage: Stage
    reason: DropReason
    detail: str = ""
    link: str = ""
    entry_key: str = ""
    article: Article | None = None


class Verdict(StrEnum):
    """What an article is to what we have."""

    NEW = "new"
    CHANGED = "changed"
    UNCHANGED = "unchanged"
    DUPLICATE = "duplicate"


class DecidedBy(StrEnum):
    """The rule of "Same article" that decided, as the ledger records it."""

    FIRST_SEEN = "first_seen"
    SAME_ENTRY = "same_entry"
    SAME_TITLE_AND_DATE = "same_title_and_date"
    SAME_TITLE_AND_BODY = "same_title_and_body"
    SIMILAR_TITLE_AND_BODY = "similar_title_and_body"
    SAME_LINK_AND_TEXT = "same_link_and_text"
    BODIES_DIFFER = "bodies_differ"
    OUTSIDE_WINDOW = "outside_window"
    EMPTY_TITLE = "empty_title"
    BY_HAND = "by_hand"


@dataclass(frozen=True, slots=True)
class Decision:
    """The verdict on one article.

    `story_key` (64 hexadecimal digits) names the article for all its copies and is unique in the
    database; for a duplicate it is that of the article we already have. `title_key`,
    `content_hash` and `text_hash` are what later articles are compared by. `stands` says that the
    article is to show this copy from now on; `text_length` counts when the best copy is elected.
    """

    article: Article
    verdict: Verdict
    decided_by: DecidedBy
    story_key: str
    title_key: str
    content_hash: str
    text_hash: str
    stands: bool = True
    text_length: int = 0
