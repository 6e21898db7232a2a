"""A preview as data for programs."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from aggregator.cli.preview.looking import Look
from aggregator.ingest.preview import EntryTrail
from aggregator.model.articles import Article, Dropped


def look_data(look: Look) -> dict[str, Any]:
    """Everything about a preview; bodies are whole."""
    seen = look.preview
    return {
        "source": seen.source_id,
        "kind": seen.kind,
        "address": look.address,
        "error": seen.error,
        "answer": asdict(seen.answer) if seen.answer else None,
        "feeds": [asdict(link) for link in seen.links],
        "other_feeds": [asdict(feed) for feed in look.others],
        "documents": seen.documents,
        "found": seen.found,
        "selectors": [asdict(hit) for hit in seen.hits],
        "warnings": list(seen.warnings),
        "dropped": [asdict(each) for each in seen.dropped],
        "entries": [_entry(trail) for trail in seen.entries],
    }


def _entry(trail: EntryTrail) -> dict[str, Any]:
    raw = asdict(trail.raw)
    return {
        "found": raw,
        "date": asdict(trail.date),
        "before_rules": _outcome(trail.before_rules),
        "outcome": _outcome(trail.outcome),
    }


def _outcome(outcome: Article | Dropped) -> dict[str, Any]:
    published = isinstance(outcome, Article)
    return {"published": published, **asdict(outcome)}
