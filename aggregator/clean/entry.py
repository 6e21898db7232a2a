"""The stage `clean`: one raw entry in, one article or the reason why there is none out."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from aggregator.clean.body import Body, clean_body, is_too_large, prose_of
from aggregator.clean.cleaning import Cleaning
from aggregator.clean.fields import (
    clean_authors,
    clean_enclosures,
    clean_language,
    clean_origin,
    clean_related,
    clean_tags,
    clean_title,
    title_from,
)
from aggregator.clean.nuisances import CLOSING, OPENING, TRAILING
from aggregator.clean.times import ParseDate, times
from aggregator.model.articles import Article, Dropped, DropReason, EntryRef, Stage
from aggregator.model.entries import Enclosure, RawEntry, RawText
from aggregator.text import urls
from aggregator.text.comparing import measure
from aggregator.text.dates import parse_date
from aggregator.text.lines import inert, is_visible
from aggregator.text.summaries import summarize
from aggregator.text.tree import TooMuchMarkupError

_PICTURE_OR_PLAYER = ("<img ", "<video ", "<audio ", "<iframe ")


def clean_entry(
    raw: RawEntry, ref: EntryRef, how: Cleaning, now: datetime, dates: ParseDate = parse_date
) -> Article | Dropped:
    """Make an article of an entry. Never raises for what a source said.

    `Article.categories` stay empty: where it stands is not a matter of cleaning.
    """
    try:
        return _article(raw, ref, how, now, dates)
    except Exception as error:  # noqa: BLE001 - the last fence: one entry must not take its feed along
        return _dropped(raw, how, DropReason.FAILED, f"{type(error).__name__}: {error}")


def _article(
    raw: RawEntry, ref: EntryRef, how: Cleaning, now: datetime, dates: ParseDate
) -> Article | Dropped:
    link = urls.page_link(raw.link, raw.base_url)
    base = urls.page_link(raw.base_url) or link
    body, cut = _body(raw, base, how, link)
    enclosures = _enclosures(raw, base, how)
    text = body.text
    files = (
        *(enclosure.url for enclosure in enclosures),
        *([body.image.url] if body.image else []),
    )
    title = clean_title(raw.title)
    if not (title or is_visible(text) or files or _shows_something(body.html)):
        reason = DropReason.TOO_LARGE if cut else DropReason.NOTHING_TO_SHOW
        return _dropped(raw, how, reason, cut or "no title, no text, no picture and no file")
    summary = inert(_summary(raw, body.prose, title, link))
    text_hash, text_length = measure(text or summary)
    when = times(raw, now, ZoneInfo(how.timezone), dates)
    return Article(
        entry=ref,
        title=title or title_from(text, (*files, link)) or link,
        link=link,
        summary=summary,
        body=body.html,
        author=clean_authors(raw.authors),
        published_at=when.published_at,
        date_is_known=when.date_is_known,
        updated_at=when.updated_at,
        image=body.image,
        enclosures=enclosures,
        tags=clean_tags(raw.tags),
        language=clean_language(how.language, raw.language),
        origin=clean_origin(raw.origin),
        has_title=bool(title),
        text_hash=text_hash,
        text_length=text_length,
        related=clean_related(raw.related, link, base),
    )


def _body(raw: RawEntry, base: str, how: Cleaning, page: str) -> tuple[Body, str]:
    """The body, and why it was cut: content over the limit gives way to summary and link."""
    cut = ""
    for text in (raw.content, raw.summary):
        if not text.value.strip():
            continue
        try:
            return clean_body(text, base, raw.images, how, page), cut
        except TooMuchMarkupError as error:
            cut = cut or f"its body has {error}"
    return clean_body(RawText(""), base, raw.images, how), cut


def _enclosures(raw: RawEntry, base: str, how: Cleaning) -> tuple[Enclosure, ...]:
    found = clean_enclosures(raw.enclosures, base)
    if how.clean.images == "drop":
        return tuple(file for file in found if not file.media_type.startswith("image/"))
    return found


def _summary(raw: RawEntry, text: str, title: str, link: str) -> str:
    """The source's own summary where it says something, else how the text begins."""
    own = _own_summary(raw, link)
    if own and own != title and not CLOSING.fullmatch(own):
        return summarize(own)
    first, _, rest = text.partition("\n")
    start = OPENING.match(text)
    return summarize(text[start.end() :] if start else rest if first == title else text)


def _own_summary(raw: RawEntry, link: str) -> str:
    if not raw.content.value.strip() or not raw.summary.value.strip() or is_too_large(raw.summary):
        return ""
    return TRAILING.sub("", prose_of(raw.summary, link)).strip()


def _shows_something(html: str) -> bool:
    return any(mark in html for mark in _PICTURE_OR_PLAYER)


def _dropped(raw: RawEntry, how: Cleaning, reason: DropReason, detail: str) -> Dropped:
    return Dropped(how.source_id, clean_title(raw.title), Stage.CLEAN, reason, detail)
