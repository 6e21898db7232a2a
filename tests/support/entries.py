"""Entries for the stage `clean`, with everything that a test does not ask about filled in."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, Literal

from aggregator.clean import Cleaning, clean_entry
from aggregator.model.articles import Article, Dropped, EntryRef
from aggregator.model.entries import RawEntry, RawText
from aggregator.model.settings import Clean

NOW = datetime(2026, 11, 25, 12, 30, 15, 123456, tzinfo=UTC)
REF = EntryRef("source", "0" * 64, "1" * 64)
BASE = "https://site.example/a/b"


def cleaning(sanitizer: Literal["bleach", "nh3"] = "bleach", **clean: Any) -> Cleaning:
    """Cleaning of a source that removes `.ad`."""
    return Cleaning("source", Clean(sanitizer=sanitizer, **clean), remove=(".ad",))


def attempt(raw: RawEntry, how: Cleaning | None = None) -> Article | Dropped:
    """Whatever becomes of an entry."""
    return clean_entry(raw, REF, how or cleaning(), NOW)


def article(raw: RawEntry, how: Cleaning | None = None) -> Article:
    """The article that an entry becomes; it must become one."""
    result = attempt(raw, how)
    assert isinstance(result, Article), result
    return result


def dropped(raw: RawEntry, how: Cleaning | None = None) -> Dropped:
    """The reason why an entry became no article; it must not become one."""
    result = attempt(raw, how)
    assert isinstance(result, Dropped), result
    return result


def body(html: str, how: Cleaning | None = None) -> str:
    """The clean body of an entry that holds this markup."""
    raw = RawEntry(title=RawText("A title"), content=RawText(html), base_url=BASE)
    return article(raw, how).body
