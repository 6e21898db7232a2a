"""What several formats ask of a feed in the same way: its id, its newest time, its articles' words.

Pure functions over `Feed` and `PublishedArticle`; writes no format itself.
"""

from __future__ import annotations

import operator
from collections.abc import Iterable, Sequence
from dataclasses import fields, is_dataclass, replace
from datetime import UTC, datetime
from functools import cache
from typing import TYPE_CHECKING, Any, TypeVar
from urllib.parse import urlsplit

from aggregator.model.published import Entry
from aggregator.text.xml_chars import strip_illegal

if TYPE_CHECKING:
    from collections.abc import Callable

    from aggregator.contracts import EntryFormat
    from aggregator.model.published import Feed, FeedDocument, PublishedArticle

T = TypeVar("T")

NEVER = datetime(1970, 1, 1, tzinfo=UTC)
"""The time of a feed without articles: older than any, and the same whenever it is written."""

_TITLE_LENGTH = 80
REFUSED = (ValueError, TypeError, AttributeError, LookupError)
"""What is raised over a value that cannot be written, by json, lxml and feedgen."""


def writable(value: T) -> T:
    """The same feed or article with every text in it fit for XML (see `strip_illegal`).

    Raises:
        TypeError: something in it is None or of another type where a text must be.
    """
    return _writable(value)  # type: ignore[no-any-return]  # the type is kept, branch by branch


def _writable(value: Any) -> Any:
    if isinstance(value, str):
        return strip_illegal(value)
    if isinstance(value, tuple):
        parts = tuple([_writable(each) for each in value])
        return parts if any(map(operator.is_not, parts, value)) else value
    kind: Any = type(value)
    if names := _field_names(kind):
        return _writable_parts(value, names)
    return value


def _writable_parts(whole: Any, names: Sequence[str]) -> Any:
    """A dataclass of writable parts: itself, as nearly always, where every part is writable."""
    changed = {}
    for name in names:
        part = getattr(whole, name)
        if (new := _writable(part)) is not part:
            changed[name] = new
    return replace(whole, **changed) if changed else whole


@cache  # asked for every object in every article of every feed
def _field_names(kind: type) -> Sequence[str]:
    """The fields of a dataclass; none of what is no dataclass."""
    return tuple(each.name for each in fields(kind)) if is_dataclass(kind) else ()


def rendered(form: EntryFormat, feed: Feed) -> FeedDocument:
    """A feed whose articles are all written for this one document.

    Raises:
        PublishError: it cannot be written even without the articles that cannot.
    """
    return form.joined(feed, [form.entry(writable(each), feed) for each in feed.articles])


def entry_of(
    article: PublishedArticle,
    write: Callable[[PublishedArticle], bytes],
    needs: Callable[[PublishedArticle], Iterable[str]] = lambda _: (),
) -> Entry:
    """The entry that `write` makes of an article, or why it makes none."""
    body, needed, why = b"", frozenset[str](), ""
    try:
        if not article.public_id:
            raise ValueError("it has no public id")
        body, needed = write(article), frozenset(needs(article))
    except REFUSED as error:
        why = f"{type(error).__name__}: {error}"
    moments = article.published_at, article.updated_at
    return Entry(str(article.public_id), *moments, needed, why, body)


def left_out(entries: Iterable[Entry]) -> tuple[tuple[str, str], ...]:
    """Which articles could not be written, and why."""
    return tuple((each.public_id, each.left_out) for each in entries if each.left_out)


def newest_at(feed: Feed, shown: Iterable[PublishedArticle | Entry]) -> datetime | None:
    """The newest time in a feed, of publication, edit or withdrawal; None without any."""
    times = [max(each.published_at, each.updated_at) for each in shown]
    return max([*times, *(each.withdrawn_at for each in feed.withdrawn)], default=None)


def feed_id(feed: Feed) -> str:
    """The feed's own id: a `tag:` URI (RFC 4151) of site and path, the same in every format.

    The year is that of the scheme, not of the feed: it must never change. Of a feed whose address
    holds a secret, the id does not; all documents of one feed's archive have the feed's id.
    """
    url = feed.place.current or feed.url
    site = urlsplit(feed.site_url + feed.id_path if feed.id_path else url)
    path = site.path.strip("/")
    return f"tag:{site.hostname or 'localhost'},2026:feeds/{path}"


def labels(article: PublishedArticle) -> tuple[str, ...]:
    """Categories and tags as one list, each word once, categories first."""
    return tuple(word for word in dict.fromkeys(article.categories + article.tags) if word)


def display_title(article: PublishedArticle) -> str:
    """The title, or the words that stand for it: a post without one still needs a name."""
    if article.title.strip():
        return article.title
    summary = article.summary.strip()
    if len(summary) > _TITLE_LENGTH:
        summary = summary[:_TITLE_LENGTH].rstrip() + "…"
    return summary or article.origin.title or article.url
