"""Builders of what `ingest` hands to the store, and of configurations: filled in, changeable."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

from aggregator.contracts import Decide
from aggregator.dedupe.decide import decider
from aggregator.model.articles import Article, EntryRef
from aggregator.model.categories import CategorySpec
from aggregator.model.entries import Enclosure, Image, Origin, Related, Relation
from aggregator.model.pages import FetchState
from aggregator.model.results import Digest, Outcome, SourceResult, SourceStatus
from aggregator.model.settings import Configuration, Dedupe, Settings, SourceSpec
from aggregator.text.hashing import fingerprint

NOON = datetime(2026, 1, 31, 12, tzinfo=UTC)
HOUR = timedelta(hours=1)


def decide(**options: Any) -> Decide:
    """The decision as the service takes it."""
    return decider(Dedupe(**options), site_names=lambda _source_id: ())


def article(name: str = "storm", source: str = "wire", **changes: Any) -> Article:
    """An article with every field filled; its title and body follow from the name.

    `key` names its entry (else its name), `document` and `aliases` are those of the entry.
    """
    key = changes.pop("key", name)
    body = changes.pop("body", f"<p>Everything that is known about the {name} by now.</p>")
    title = changes.pop("title", f"The whole long story of the {name}")
    values: dict[str, Any] = {
        "title": title,
        "link": f"https://{source}.example/{key}",
        "summary": f"About the {name}",
        "body": body,
        "author": "Zhang San",
        "published_at": NOON,
        "date_is_known": True,
        "updated_at": NOON,
        "image": Image(f"https://{source}.example/{key}.png", 400, 300),
        "enclosures": (Enclosure("https://wire.example/e.mp3", "audio/mpeg", 1234),),
        "tags": ("GDP", "经济"),
        "language": "en",
        "categories": ("news/world",),
        "origin": Origin("The Wire", "https://wire.example/", "https://wire.example/feed.xml"),
        "related": (Related(Relation.REPLIES, f"https://{source}.example/{key}#comments"),),
    }
    entry = EntryRef(
        source_id=source,
        entry_key=fingerprint("id", key),
        entry_hash=fingerprint("entry", title, body, repr(sorted(changes))),
        document=changes.pop("document", ""),
        aliases=tuple(fingerprint("id", alias) for alias in changes.pop("aliases", ())),
    )
    return Article(entry=entry, **values | changes)


def digest(*articles: Article, source: str = "wire", **changes: Any) -> Digest:
    """What a worker made of one document."""
    return Digest(source_id=source, articles=articles, **changes)


def state(**changes: Any) -> FetchState:
    """What is remembered after a fetch at noon."""
    values: dict[str, Any] = {
        "next_due_at": NOON + HOUR,
        "interval": HOUR,
        "last_ok_at": NOON,
    }
    return FetchState(**values | changes)


def result(source: str = "wire", **changes: Any) -> SourceResult:
    """The record of a good fetch at noon."""
    values: dict[str, Any] = {
        "status": SourceStatus.OK,
        "started_at": NOON,
        "duration": timedelta(seconds=1.5),
        "state": state(),
        "http_status": 200,
        "bytes_read": 12_345,
    }
    return SourceResult(source_id=source, **values | changes)


def outcome(*articles: Article, source: str = "wire", **changes: Any) -> Outcome:
    """A fetch that brought these articles; changes are those of the digest."""
    return Outcome(digest(*articles, source=source, **changes), result(source))


def configuration(
    sources: Mapping[str, Sequence[str]] | Sequence[SourceSpec] | None = None,
    categories: Sequence[CategorySpec] | None = None,
) -> Configuration:
    """Sources with their categories by id; categories `news/world`, `news/local`, `sport`."""
    named = {"wire": ("news/world",), "echo": ("sport",)} if sources is None else sources
    specs = (
        [SourceSpec(id=name, category=tuple(paths)) for name, paths in named.items()]
        if isinstance(named, Mapping)
        else named
    )
    world, local = CategorySpec(id="world", title="World"), CategorySpec(id="local")
    tree = (CategorySpec(id="news", categories=(world, local)), CategorySpec(id="sport"))
    return Configuration(
        root="/srv/feeds",
        folder="/srv/feeds/config",
        settings=Settings(),
        categories=tuple(categories if categories is not None else tree),
        sources=tuple(specs),
    )


def due_at_once(_spec: SourceSpec, now: datetime) -> datetime:
    """A new source is due the moment it is named."""
    return now
