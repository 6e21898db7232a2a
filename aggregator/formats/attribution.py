"""The line that ends a body and says whose it is; `publish.attribution_line` wants it."""

from __future__ import annotations

from dataclasses import replace
from html import escape

from aggregator.formats.words import N_, spoken, translations
from aggregator.model.published import PublishedArticle

_SOURCE = N_("Source:")


def attributed(article: PublishedArticle, language: str) -> PublishedArticle:
    """The article with the line, which links to where it was published first.

    It is in the article's language, else in that of its feed. A body that is not there, and an
    origin without a name, get none.
    """
    if not article.body or not article.origin.title:
        return article
    source = translations(spoken(article.language or language)).gettext(_SOURCE)
    whose = f'<a href="{escape(article.url)}">{escape(article.origin.title)}</a>'
    return replace(article, body=f"{article.body}\n<p>{escape(source)} {whose}</p>")
