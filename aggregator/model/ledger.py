"""The ledger as people see it: an article with every copy, and entries that became none."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from aggregator.model.articles import Article, DropReason, Stage
from aggregator.model.published import StoredCopy, Withdrawal


@dataclass(frozen=True, slots=True)
class History:
    """An article with its copies, first seen first.

    `removed_at` is when it was emptied, None while it is there; where `withdrawn` tells nothing,
    retention did it. `others` are the tokens of articles that a person made part of this one,
    `same_title` those of other articles that were founded under its title.
    """

    public_id: str
    token: str
    title: str
    published_at: datetime
    date_is_known: bool
    first_seen_at: datetime
    removed_at: datetime | None
    paths: tuple[str, ...]
    copies: tuple[StoredCopy, ...]
    others: tuple[str, ...] = ()
    same_title: tuple[str, ...] = ()
    withdrawn: Withdrawal | None = None


@dataclass(frozen=True, slots=True)
class WhichDrops:
    """Which dropped entries are meant; what is "" does not count.

    `rule` is a part of the words that name the rule or the reason, in any case.
    """

    source_id: str = ""
    rule: str = ""
    link: str = ""


@dataclass(frozen=True, slots=True)
class DropCount:
    """How many entries were dropped for one reason, or by one rule."""

    stage: Stage
    reason: DropReason
    detail: str
    entries: int


@dataclass(frozen=True, slots=True)
class Withheld:
    """An entry that a rule dropped before it was stored: the article before any rule, and why."""

    article: Article
    dropped_by: str


@dataclass(frozen=True, slots=True)
class StoredDrop:
    """An entry that was read and did not become an article; `detail` names the rule."""

    source_id: str
    title: str
    link: str
    stage: Stage
    reason: DropReason
    detail: str
    dropped_at: datetime


@dataclass(frozen=True, slots=True)
class RuledCopy:
    """A copy as rules see it, and what they said about it last.

    The article is as it is stored, after the rules of then; its `categories` are those that the
    entry brought itself, without its source's;
    `dropped_by` is the rule that drops it, "" where none does. `is_present` is as in the ledger.
    """

    article: Article
    dropped_by: str
    is_present: bool


@dataclass(frozen=True, slots=True)
class RuledArticle:
    """A stored article with its copies; `number` is its row, `paths` are where it stands now."""

    number: int
    token: str
    title: str
    paths: tuple[str, ...]
    copies: tuple[RuledCopy, ...]


@dataclass(frozen=True, slots=True)
class Ruling:
    """What the rules say about a stored copy from now on.

    The article carries `ruled_in` and `ruled_out`; `dropped_by` is "" where it stays. `remade` says
    that its words are others than those that are stored.
    """

    number: int
    article: Article
    dropped_by: str = ""
    remade: bool = False


@dataclass(frozen=True, slots=True)
class TakenIn:
    """What came of a ledger that was read in: lines added, and lines known before, by kind."""

    lines: Mapping[str, tuple[int, int]]
