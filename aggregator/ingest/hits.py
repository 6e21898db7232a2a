"""How often each selector or expression of a source found something: what people tune them by."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from aggregator.clean.body import as_html
from aggregator.model.entries import RawEntry, RawText
from aggregator.model.pages import ArticlePage
from aggregator.model.settings import SourceSpec
from aggregator.text.tree import TooMuchMarkupError, parse, selector

_PARTS = {
    "id": "guid",
    "author": "authors",
    "published": "published_text",
    "updated": "updated_text",
    "image": "images",
    "categories": "category_path",
}
"""Which part of an entry a field of the configuration fills, where the names differ."""


@dataclass(frozen=True, slots=True)
class Hit:
    """A selector or expression under a key of the source, and in how many entries it hit."""

    key: str
    expression: str
    hits: int
    entries: int


def hits(
    spec: SourceSpec, entries: Sequence[RawEntry], pages: Sequence[ArticlePage]
) -> Iterator[Hit]:
    """One for `items`, each of `fields` and of `remove`, and `full_text`; where there are such.

    `pages` are the articles' own that were read.
    """
    values = spec.model_dump()
    if items := values.get("items"):
        yield Hit("items", items, len(entries), len(entries))
    for name, expression in (values.get("fields") or {}).items():
        if expression:
            filled = sum(_has(raw, _PARTS.get(name, name)) for raw in entries)
            yield Hit(f"fields.{name}", expression, filled, len(entries))
    for css in spec.remove:
        bodies = [*map(_body, entries), *(page.html for page in pages if page.html)]
        matched = sum(_matches(body, css) for body in bodies)
        yield Hit("remove", css, matched, len(bodies))
    if spec.full_text and pages:
        select = "auto" if spec.full_text == "auto" else ", ".join(spec.full_text.select)
        yield Hit("full_text", select, sum(bool(page.html) for page in pages), len(pages))


def _has(raw: RawEntry, part: str) -> bool:
    value = getattr(raw, part)
    return bool(value.value if isinstance(value, RawText) else value)


def _body(raw: RawEntry) -> str:
    return as_html(raw.content if raw.content.value.strip() else raw.summary)


def _matches(body: str, css: str) -> bool:
    """Whether a selector matches in a body."""
    try:
        return bool(selector(css)(parse(body)))
    except TooMuchMarkupError:
        return False
