"""What the store already has, as far as one batch of articles needs it to be decided."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime


@dataclass(frozen=True, slots=True)
class KnownEntry:
    """An entry of a source that became, or joined, an article.

    `standing` says that the article shows this copy's content (and not another copy's).
    """

    source_id: str
    entry_key: str
    entry_hash: str
    content_hash: str
    story_key: str
    title_key: str
    text_hash: str
    published_at: datetime
    date_is_known: bool
    standing: bool


@dataclass(frozen=True, slots=True)
class KnownCopy:
    """A copy that carries a title we are looking for; `text` is its article's plain text."""

    source_id: str
    entry_key: str
    title_key: str
    story_key: str
    published_at: datetime
    text_hash: str
    text: str


@dataclass(frozen=True, slots=True)
class Known:
    """What is known about a batch.

    `entries` by (source id, entry key); `copies` by title key; `ordinals` how many articles were
    ever founded under a title key, also those that retention has emptied since.
    """

    entries: Mapping[tuple[str, str], KnownEntry] = field(default_factory=dict)
    copies: Mapping[str, tuple[KnownCopy, ...]] = field(default_factory=dict)
    ordinals: Mapping[str, int] = field(default_factory=dict)
