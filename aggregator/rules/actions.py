r"""What rules do to articles: one function for each action, by its word in the configuration.

An action takes an article and what the rule says after the word, and gives the changed article.
`keep` and `drop` do not change anything: they end a list (see `judging`). Of a body only the text
is changed (see `bodies`): no rule writes markup; `remove` selectors take parts of it away.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial
from typing import Any

from aggregator.model.articles import Article
from aggregator.model.rules import Replacement, Settable
from aggregator.rules.bodies import rewritten
from aggregator.rules.patterns import replaced
from aggregator.text.urls import page_link
from aggregator.text.xml_chars import strip_illegal


def add_tags(article: Article, tags: tuple[str, ...]) -> Article:
    """`tag`: the article gets these tags as well."""
    return replace(article, tags=_united(article.tags, tags))


def add_categories(article: Article, paths: tuple[str, ...]) -> Article:
    """`category`: the article stands in these categories as well."""
    return replace(article, ruled_in=_united(article.ruled_in, paths))


def set_fields(article: Article, fields: Settable) -> Article:
    """`set`: these fields get these values."""
    return _with_texts(article, fields.model_dump(exclude_none=True))


def replace_text(article: Article, replacement: Replacement) -> Article:
    """`replace`: what matches in one field becomes something else."""
    change = partial(replaced, replacement.find, replacement.by)
    if replacement.field == "body":
        return replace(article, body=rewritten(article.body, change))
    return _with_texts(article, {replacement.field: change(getattr(article, replacement.field))})


ACTIONS: Mapping[str, Callable[[Article, Any], Article]] = {
    "tag": add_tags,
    "category": add_categories,
    "set": set_fields,
    "replace": replace_text,
}


def _united(have: tuple[str, ...], more: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(dict.fromkeys((*have, *more)))


def _with_texts(article: Article, texts: Mapping[str, str]) -> Article:
    """New plain texts; a link that is none of http or https leaves the old one standing."""
    changes: dict[str, Any] = {name: strip_illegal(text).strip() for name, text in texts.items()}
    if "link" in changes:
        changes["link"] = page_link(changes["link"]) or article.link
    return replace(article, **changes)
