"""Posts with front matter, as static site generators read them: one file for each article.

They are what `sources.posts` reads, so that an article that goes out comes back as the same one. No
template engine finds anything to do in a post: braces are written as references. A body is one line
of HTML, so that Markdown takes it as it is.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from html import unescape
from typing import TYPE_CHECKING

from aggregator.formats.common import display_title, writable

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from aggregator.model.entries import Episode
    from aggregator.model.published import Feed, PublishedArticle

_FILE = re.compile(r"[0-9a-f]{20}\.md")
_UNQUOTED = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\ufeff]")
_BEGINS_AS_HTML = re.compile(
    r"<(?:article|aside|blockquote|div|dl|figure|h[1-6]|ol|p|pre|table|ul)\b"
)
_TOP_PICTURE = re.compile(r"\s*(?:<(?!img\b)[^>]*>\s*)*<img\b[^>]*?\ssrc=\"([^\"]*)\"")
_FRAME = "<!--post-->"
"""Says that HTML begins, where a body begins or ends with words or is empty."""
_REFERENCES = str.maketrans({"{": "&#123;", "}": "&#125;", "\n": "&#10;", "\r": "&#13;"})


@dataclass(frozen=True, slots=True)
class Posts:
    """The format `posts`: a file for each article of a feed, in the feed's folder."""

    name: str = "posts"

    def owns(self, file_name: str) -> bool:
        """Whether a file of a feed's folder is a post of ours."""
        return _FILE.fullmatch(file_name) is not None

    def render(self, feed: Feed) -> Mapping[str, bytes]:
        """The posts by file name; the same feed always gives the same bytes.

        A name is made of the article's own and never changes. Articles that stand in several
        categories are written with the first of them that the feed is of.
        """
        return {
            f"{article.token}.md": render_post(article, path_in(article, feed.path))
            for article in feed.articles
            if self.owns(f"{article.token}.md")
        }


FOLDER_FORMATS = (Posts(),)


def path_in(article: PublishedArticle, feed_path: str) -> Sequence[str]:
    """The titles of the category that an article stands in, at or under a path if it can be."""
    inside = [each for each in article.places if f"{each.path}/".startswith(f"{feed_path}/")]
    found = inside or article.places
    return found[0].titles if found else ()


def render_post(article: PublishedArticle, categories: Sequence[str]) -> bytes:
    """Write one post: front matter between two lines of dashes, then the body."""
    article = writable(article)
    lines = ["---", *_front_matter(article, categories), "---", "", _body(article.body), ""]
    return "\n".join(lines).encode()


def _front_matter(article: PublishedArticle, categories: Sequence[str]) -> Iterator[str]:
    """What readers of posts know first, then what we need to get the same article back."""
    picture = article.image.url if article.image else ""
    yield from _pair("title", display_title(article))
    yield from _list("categories", categories)
    yield from _pair("headimg", picture)
    yield from _pair("author", article.author)
    yield "comments: false"
    if article.date_is_known:
        yield from _pair("date", article.published_at)
    yield from _pair("thumbnail", picture)
    yield from _picture_keys(article)
    if not _is_own_page(article):
        yield from _pair("link", article.url)
    if article.date_is_known and article.updated_at != article.published_at:
        yield from _pair("updated", article.updated_at)
    yield from _list("tags", article.tags)
    yield from _pair("lang", article.language)
    yield from _pair("description", article.summary)
    yield from _origin(article)
    yield from _enclosures(article)
    yield from _related(article)


def _picture_keys(article: PublishedArticle) -> Iterator[str]:
    """Where the picture stands at the top of the body too, readers are told to leave it there."""
    image = article.image
    if image is None:
        return
    top = _TOP_PICTURE.match(article.body)
    if top and unescape(top[1]) == image.url:
        yield "picture_in_body: true"
    elif image.width or image.height:
        yield f"picture_size: '{image.width or ''}x{image.height or ''}'"


def _is_own_page(article: PublishedArticle) -> bool:
    return article.url.endswith(f"/articles/{article.token}")


def _origin(article: PublishedArticle) -> Iterator[str]:
    origin = article.origin
    parts = {"title": origin.title, "link": origin.link, "feed": origin.feed_url}
    parts |= {"id": origin.id, "rights": origin.rights}
    lines = [line for key, text in parts.items() for line in _pair(key, text)]
    if lines:
        yield "origin:"
        yield from (f"  {line}" for line in lines)


def _enclosures(article: PublishedArticle) -> Iterator[str]:
    if article.enclosures:
        yield "enclosures:"
    for each in article.enclosures:
        yield f"  - url: {_scalar(each.url)}"
        yield from (f"    {line}" for line in _pair("type", each.media_type))
        numbers = {"length": each.length, **_episode(each.episode)}
        yield from (f"    {key}: {number}" for key, number in numbers.items() if number is not None)
        yield from (f"    {line}" for line in _pair("kind", each.episode.kind))


def _related(article: PublishedArticle) -> Iterator[str]:
    if article.related:
        yield "related:"
    for each in article.related:
        yield f"  - rel: {each.relation.value}"
        said = {"url": each.url, "type": each.media_type, "id": each.id}
        for key, text in said.items():
            yield from (f"    {line}" for line in _pair(key, text))


def _episode(episode: Episode) -> dict[str, int | str | None]:
    """What a podcast says of an episode, by the keys of a post."""
    explicit = None if episode.explicit is None else str(episode.explicit).lower()
    return {
        "duration": episode.duration,
        "episode": episode.number,
        "season": episode.season,
        "explicit": explicit,
    }


def _pair(key: str, value: str | datetime) -> Iterator[str]:
    """One key; nothing where there is nothing to say."""
    if isinstance(value, datetime):
        yield f"{key}: {value.replace(tzinfo=None).isoformat()}Z"
    elif value:
        yield f"{key}: {_scalar(value)}"


def _list(key: str, values: Sequence[str]) -> Iterator[str]:
    if values:
        yield f"{key}:"
        yield from (f"  - {_scalar(value)}" for value in values)


def _scalar(text: str) -> str:
    """A text as YAML, in single quotes unless it holds what these cannot."""
    if _UNQUOTED.search(text) is None:
        return "'" + text.replace("'", "''") + "'"
    import yaml

    dumped: str = yaml.safe_dump(text, default_style='"', width=float("inf"))
    return dumped.rstrip("\n")


def _body(body: str) -> str:
    text = body.translate(_REFERENCES)
    if _BEGINS_AS_HTML.match(text) and text.endswith(">"):
        return text
    return f"{_FRAME}{text}{_FRAME}"
