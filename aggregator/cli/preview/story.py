"""What happened to an entry on its way, as facts in words; the terminal and the page show these."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from aggregator.ingest.hits import Hit
from aggregator.ingest.preview import DateTrail, EntryTrail
from aggregator.model.articles import Article, Dropped
from aggregator.model.entries import RawEntry
from aggregator.text import urls
from aggregator.text.counts import counted

_COMPARED = ("title", "link", "author", "tags", "categories")


@dataclass(frozen=True, slots=True)
class Fact:
    """One thing about an entry; `note` says where it came from, `is_odd` that one should look."""

    label: str
    text: str
    note: str = ""
    is_odd: bool = False


@dataclass(frozen=True, slots=True)
class Story:
    """An entry from what was found to what would be published.

    `before` is the body as the source wrote it, `after` the safe HTML that would be published, ""
    where the entry was dropped.
    """

    number: int
    title: str
    is_published: bool
    facts: tuple[Fact, ...]
    before: str
    after: str
    language: str = ""
    image: str = ""


def story(number: int, trail: EntryTrail) -> Story:
    """The whole way of one entry."""
    raw, outcome = trail.raw, trail.outcome
    before = trail.page_text or (raw.content if raw.content.value.strip() else raw.summary).value
    if isinstance(outcome, Dropped):
        return Story(number, outcome.title, False, tuple(_dropped(trail, outcome)), before, "")
    return Story(
        number=number,
        title=outcome.title,
        is_published=True,
        facts=tuple(_published(trail, outcome)),
        before=before,
        after=outcome.body,
        language=outcome.language,
        image=outcome.image.url if outcome.image else "",
    )


def hit_words(hit: Hit) -> str:
    """How often a selector or expression found something."""
    if not hit.hits:
        return f"found nothing in {counted(hit.entries, 'entry', 'entries')}"
    if hit.key == "items":
        return counted(hit.hits, "entry", "entries")
    return f"{hit.hits} of {hit.entries}"


def _dropped(trail: EntryTrail, dropped: Dropped) -> Iterator[Fact]:
    why = f"{dropped.reason.replace('_', ' ')}, in the step {dropped.stage}"
    yield Fact("dropped", dropped.detail or why, why if dropped.detail else "", is_odd=True)
    if trail.raw.link:
        yield Fact("link", trail.raw.link)
    yield _date(trail.date, trail.before_rules)


def _published(trail: EntryTrail, article: Article) -> Iterator[Fact]:
    raw = trail.raw
    yield _link(article.link, raw)
    yield _date(trail.date, article)
    yield Fact("categories", ", ".join(article.categories) or "none: it stands in all/ only")
    for label, text in (
        ("author", article.author),
        ("tags", ", ".join(article.tags)),
        ("language", article.language),
        ("files", " ".join(file.url for file in article.enclosures)),
        ("summary", article.summary),
    ):
        if text:
            yield Fact(label, text)
    yield _image(article, raw)
    yield from _rules(trail.before_rules, article)
    yield _body(article, raw, trail.page_text)


def _link(link: str, raw: RawEntry) -> Fact:
    if not link:
        found = f"“{raw.link}” is not one" if raw.link else "our own page of it takes its place"
        return Fact("link", "none", found, is_odd=bool(raw.link))
    return Fact("link", link, f"found as {raw.link}" if link != raw.link else "")


def _date(trail: DateTrail, article: Article | Dropped) -> Fact:
    """Text as found → UTC, and the zone that was used."""
    found = f"“{trail.text}”" if trail.text else ""
    if trail.why:
        text = f"{found} → unknown" if found else "unknown"
        return Fact("date", text, f"{trail.why}; the time of the first sight stands", is_odd=True)
    zone = f"zone: {trail.zone}" if trail.zone else "the text names its zone"
    field = ", as updated: no published date" if trail.field == "updated" else ""
    if isinstance(article, Dropped):
        return Fact("date", found, f"{zone}{field}")
    return Fact("date", f"{found} → {article.published_at:%Y-%m-%d %H:%M:%S} UTC", f"{zone}{field}")


def _image(article: Article, raw: RawEntry) -> Fact:
    if article.image is None:
        given = f"{len(raw.images)} given, none a picture of the article" if raw.images else ""
        return Fact("image", "none", given, is_odd=bool(raw.images))
    given_urls = {urls.picture(image.url, raw.base_url) for image in raw.images}
    by = "given by the source" if article.image.url in given_urls else "the first in the body"
    return Fact("image", article.image.url, by)


def _rules(before: Article | Dropped, after: Article) -> Iterator[Fact]:
    """What the rules changed."""
    for name in _COMPARED:
        was, now = getattr(before, name, None), getattr(after, name)
        if was != now:
            yield Fact("rules", f"{name}: {_value(was)} → {_value(now)}")


def _value(value: object) -> str:
    text = ", ".join(value) if isinstance(value, tuple) else str(value)
    return text or "none"


def _body(article: Article, raw: RawEntry, page_text: str) -> Fact:
    if page_text:
        text = f"{len(page_text):,} → {len(article.body):,} characters"
        return Fact("body", text, "from the page of the article", is_odd=not article.body)
    name = "content" if raw.content.value.strip() else "summary"
    size = len(raw.content.value if name == "content" else raw.summary.value)
    if not size:
        return Fact("body", "none", "the source gives no text", is_odd=True)
    note = f"from the {name} of the source"
    text = f"{size:,} → {len(article.body):,} characters"
    return Fact("body", text, note, is_odd=not article.body)
