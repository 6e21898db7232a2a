"""What an edition of a digest says: a title, and the titles and summaries of its articles."""

from __future__ import annotations

from datetime import date
from html import escape
from typing import TYPE_CHECKING

from aggregator.formats.common import display_title
from aggregator.text.summaries import summarize

if TYPE_CHECKING:
    from collections.abc import Sequence

    from aggregator.model.published import PublishedArticle


def edition_title(title: str, first: date, last: date) -> str:
    """The digest's title and the days it covers; of two days that touch, the later one names it."""
    days = last.isoformat()
    if (last - first).days > 1:
        days = f"{first.isoformat()} – {days}"
    return f"{title}: {days}"


def edition_summary(articles: Sequence[PublishedArticle]) -> str:
    """The titles in one line, as far as a summary goes."""
    return summarize(" · ".join(map(display_title, articles)))


def edition_body(articles: Sequence[PublishedArticle]) -> str:
    """Title, origin and summary of each article, as safe HTML."""
    return "\n".join(map(_part, articles))


def _part(article: PublishedArticle) -> str:
    title = escape(display_title(article))
    link = f'<a href="{escape(article.url)}" rel="noopener noreferrer">{title}</a>'
    origin = f"<p><small>{escape(article.origin.title)}</small></p>" if article.origin.title else ""
    has_own_summary = article.summary and article.title.strip()
    summary = f"<p>{escape(article.summary)}</p>" if has_own_summary else ""
    return f"<h3>{link}</h3>{origin}{summary}"
