"""What the store already has, as far as one batch of articles needs it to be decided."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol


class EntryMark(Protocol):
    """What an entry is recognised by, before anything is made of it; every `KnownEntry` is one.

    `document` is the one that the entry was found in last.
    """

    @property
    def entry_key(self) -> str:
        """Its key in the ledger."""

    @property
    def entry_hash(self) -> str:
        """Another one says that the entry changed."""

    @property
    def document(self) -> str:
        """The file of a folder, "" elsewhere."""


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
    document: str = ""


@dataclass(frozen=True, slots=True)
class KnownCopy:
    """A copy that carries a title we are looking for.

    `text` is the plain text of its article's standing copy; `standing` says that this copy is it.
    `split_from` is the story key of the article that a person took this copy out of.
    """

    source_id: str
    entry_key: str
    title_key: str
    story_key: str
    published_at: datetime
    text_hash: str
    text: str
    standing: bool = False
    text_length: int = 0
    split_from: str = ""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What must be known before a batch can be decided; see `Known` for the keys.

    `between` asks for every copy published from the first to the second time, whatever its title.
    """

    entries: frozenset[tuple[str, str]] = frozenset()
    title_keys: frozenset[str] = frozenset()
    between: tuple[datetime, datetime] | None = None


@dataclass(frozen=True, slots=True)
class Known:
    """What is known about a batch.

    `entries` by (source id, entry key); `copies` by title key; `ordinals` how many articles were
    ever founded under a title key, also those that retention has emptied since; `merged` how many
    of these a person made part of another article.
    """

    entries: Mapping[tuple[str, str], KnownEntry] = field(default_factory=dict)
    copies: Mapping[str, tuple[KnownCopy, ...]] = field(default_factory=dict)
    ordinals: Mapping[str, int] = field(default_factory=dict)
    merged: Mapping[str, int] = field(default_factory=dict)
