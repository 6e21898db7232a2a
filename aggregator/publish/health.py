"""The health feed: what happened to sources, in the same form as every other feed.

It is no category: nothing of it stands in `all`, in the OPML or on the home page. Its entries were
frozen when they were recorded, so that the same events always give the same bytes.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape
from urllib.parse import quote

from aggregator.config.paths import site_url
from aggregator.errors import FetchReason, ParseReason
from aggregator.formats.health_words import error_in_words, health_words
from aggregator.model.entries import Origin
from aggregator.model.health import OF_FEEDS, SourceEvent
from aggregator.model.published import Feed, PublishedArticle
from aggregator.model.settings import Settings
from aggregator.publish.addresses import category_url

HEALTH = "health"
"""The path of the feed; no category may have it."""
MOST_EVENTS = 100

_FORMATS = ("rss", "atom")
_REASONS = {reason.value for reason in (*FetchReason, *ParseReason)}


def health_feed(events: Sequence[SourceEvent], settings: Settings) -> Feed:
    """The feed of these events, newest first; a page too where pages are published at all."""
    site = site_url(settings)
    words = health_words(settings.site.language)
    has_page = "html" in settings.publish.formats
    return Feed(
        path=HEALTH,
        title=words["feed_title"],
        description=words["feed_description"],
        language=settings.site.language,
        url=category_url(site, HEALTH),
        site_title=settings.site.title,
        articles=tuple(_entry(event, site, settings.site.language, words) for event in events),
        content="full",
        formats=(*_FORMATS, "html") if has_page else _FORMATS,
        site_url=site,
        timezone=settings.site.timezone,
    )


def _entry(
    event: SourceEvent, site: str, language: str, words: Mapping[str, str]
) -> PublishedArticle:
    about = [words[f"about_{event.kind}"]]
    if _reason(event.detail):
        about.insert(0, error_in_words(event.detail, words))
    return PublishedArticle(
        public_id=event.public_id,
        token="",
        url=_place(event, site),
        title=words[f"event_{event.kind}"].format(title=event.title),
        summary=" ".join(about),
        body=_body(event, about, words),
        author="",
        published_at=event.happened_at,
        updated_at=event.happened_at,
        image=None,
        enclosures=(),
        categories=(),
        tags=(event.kind.value,),
        language=language,
        origin=Origin(event.title),
    )


def _place(event: SourceEvent, site: str) -> str:
    """Where to look: the source's row on the page of their status, or the feed's own page."""
    if event.kind in OF_FEEDS:
        return category_url(site, event.source_id)
    return f"{site}status#source-{quote(event.source_id, safe='')}"


def _body(event: SourceEvent, about: Sequence[str], words: Mapping[str, str]) -> str:
    paragraphs = [escape(text) for text in about]
    if event.detail:
        paragraphs.append(f"{words['said']}: <code>{escape(event.detail)}</code>")
    whose = words["of_feed" if event.kind in OF_FEEDS else "source"]
    paragraphs.append(f"{whose}: <code>{escape(event.source_id)}</code>")
    return "".join(f"<p>{each}</p>" for each in paragraphs)


def _reason(detail: str) -> str:
    """The reason that a detail begins with; "" for an address."""
    word = detail.partition(":")[0]
    return word if word in _REASONS else ""
