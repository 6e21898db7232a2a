"""One post with front matter into one entry: Hexo, Jekyll and Hugo write YAML, TOML or JSON.

YAML is read without its dates and numbers: what a person wrote as a date or a title stays the
words that they wrote. A list of categories is a path, outermost first; of several paths (a list of
lists) the first counts and the others are tags. A draft has no entry.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping
from datetime import date, time
from pathlib import PurePosixPath
from typing import Any

import yaml
from frontmatter.default_handlers import BaseHandler, JSONHandler, YAMLHandler

from aggregator.errors import ParseError, ParseReason
from aggregator.model.entries import (
    Enclosure,
    Episode,
    Image,
    Origin,
    ParsedDocument,
    RawEntry,
    RawText,
    Related,
    Relation,
    TextType,
)
from aggregator.model.pages import Page
from aggregator.sources.posts.bodies import read_body
from aggregator.text.encodings import decode
from aggregator.text.xml_chars import strip_illegal

_LINKS = ("link", "url", "permalink", "canonical", "canonical_url", "canonicalURL")
_IMAGES = ("headimg", "thumbnail", "image", "images", "cover", "featured_image")
_PUBLISHED = ("date", "publishDate", "pubDate", "published")
_UPDATED = ("updated", "lastmod", "last_modified_at", "modified")
_SUMMARIES = ("description", "summary", "excerpt")
_PICTURE_KEYS = ("url", "src", "path", "image")
_SIZE = re.compile(r"([0-9]{0,5})x([0-9]{0,5})")
_MOST_DIGITS = 19
_YES, _NO = ("true", "yes", "on"), ("false", "no", "off")
_RELATIONS = frozenset(Relation)
_YAML_TAGS = ("null", "str", "seq", "map")
# Jekyll: _posts/2021-06-30-a-slug.md
_DATED_NAME = re.compile(r"(?P<date>\d{4}-\d{1,2}-\d{1,2})-(?P<slug>.+)")


class _TextLoader(yaml.CSafeLoader):
    """YAML whose scalars are text or nothing; no other tag, and no merging of mappings."""

    def flatten_mapping(self, node: object) -> None:
        """Leave merge keys alone: a few lines of them expand without bound."""


_TextLoader.yaml_constructors = {
    tag: constructor
    for tag, constructor in yaml.CSafeLoader.yaml_constructors.items()
    if tag is None or tag.rpartition(":")[2] in _YAML_TAGS
}
# Resolvers are found by a scalar's first letter; only the one for null stays.
_TextLoader.yaml_implicit_resolvers = {
    letter: [one for one in resolvers if one[0] == "tag:yaml.org,2002:null"]
    for letter, resolvers in yaml.CSafeLoader.yaml_implicit_resolvers.items()
}


class _TextYAML(YAMLHandler):
    def load(self, fm: str, **_: object) -> Any:
        return yaml.load(fm, Loader=_TextLoader)  # noqa: S506 - a subclass of the safe loader


class _TOML(BaseHandler):
    FM_BOUNDARY = re.compile(r"^\+{3,}\s*$", re.MULTILINE)

    def load(self, fm: str, **_: object) -> Any:
        return tomllib.loads(fm)


_HANDLERS = (_TextYAML(), _TOML(), JSONHandler())


def read_post(page: Page) -> ParsedDocument:
    """Read one post.

    Raises:
        ParseError: the file is empty, or its front matter cannot be read.
    """
    text = strip_illegal(decode(page.body, page.headers)).replace("\r\n", "\n")
    if not text.strip("\ufeff \t\n"):
        raise ParseError(ParseReason.EMPTY, "the file is empty")
    meta, body = _split(text)
    if _text(meta.get("draft")).lower() in _YES or _text(meta.get("published")).lower() in _NO:
        return ParsedDocument(())
    entry = _entry(meta, body, page.name)
    return ParsedDocument((entry,), Origin(), entry.language)


def _entry(meta: Mapping[str, Any], body: str, name: str) -> RawEntry:
    link = next(filter(_is_address, (_text(meta.get(key)) for key in _LINKS)), "")
    day, slug = _named(name)
    path, *others = _paths(meta.get("categories") or meta.get("category"))
    tags = (*_words(meta.get("tags") or meta.get("keywords")), *(w for p in others for w in p))
    return RawEntry(
        guid=name,
        link=link,
        title=RawText(_text(meta.get("title")) or slug, TextType.TEXT),
        summary=RawText(_first(meta, _SUMMARIES), TextType.TEXT),
        content=read_body(body, name),
        authors=_words(meta.get("authors") or meta.get("author")),
        published_text=_first(meta, _PUBLISHED) or day,
        updated_text=_first(meta, _UPDATED),
        tags=tuple(dict.fromkeys(tags)),
        category_path=path,
        images=_images(meta),
        enclosures=_enclosures(meta.get("enclosures")),
        language=_text(meta.get("lang")) or _text(meta.get("language")),
        base_url=link,
        document=name,
        origin=_origin(meta.get("origin")),
        related=_related(meta.get("related")),
    )


def _split(text: str) -> tuple[Mapping[str, Any], str]:
    """Take front matter and body apart; a file without front matter is all body.

    Raises:
        ParseError: the front matter is not closed, not well-formed, or no list of keys.
    """
    start = text.lstrip("\ufeff \t\n")
    handler = next((one for one in _HANDLERS if one.detect(start)), None)
    if handler is None:
        return {}, text
    try:
        head, body = handler.split(start)
    except ValueError:
        raise _broken("its closing line is missing") from None
    above = text[: text.find(head.strip("{}"))].count("\n")
    try:
        meta = handler.load("\n" * above + head)
    except yaml.MarkedYAMLError as error:
        raise _broken(f"{error.problem or 'this is not YAML'}{_place(error)}") from None
    except (ValueError, RecursionError, yaml.YAMLError) as error:
        raise _broken(str(error)) from None
    if not isinstance(meta, dict | None):
        raise _broken("it is no list of keys and values")
    return meta or {}, body


def _broken(detail: str) -> ParseError:
    return ParseError(ParseReason.MALFORMED, f"the front matter cannot be read: {detail}")


def _place(error: yaml.MarkedYAMLError) -> str:
    mark = error.problem_mark
    return f" (at line {mark.line + 1}, column {mark.column + 1})" if mark else ""


def _named(name: str) -> tuple[str, str]:
    """What a file's name says: its date, if any, and words for a title."""
    path = PurePosixPath(name)
    stem = path.parent.name if path.stem in {"index", "_index"} else path.stem
    dated = _DATED_NAME.fullmatch(stem)
    day, slug = (dated["date"], dated["slug"]) if dated else ("", stem)
    return day, slug.replace("-", " ").replace("_", " ").strip()


def _text(value: object) -> str:
    if isinstance(value, str):
        return value.strip()
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, date | time):  # datetimes are dates; only TOML has them
        return value.isoformat()
    return str(value) if isinstance(value, int | float) else ""


def _first(meta: Mapping[str, Any], keys: tuple[str, ...]) -> str:
    found = (_text(meta.get(key)) for key in keys)
    return next((text for text in found if text and text.lower() not in _YES), "")


def _words(value: object) -> tuple[str, ...]:
    """One text or a list of them, as a list; a mapping stands for its name."""
    several = value if isinstance(value, list) else [value]
    named = [one.get("name") if isinstance(one, dict) else one for one in several]
    return tuple(filter(None, map(_text, named)))


def _paths(value: object) -> list[tuple[str, ...]]:
    """The category paths of a post, at least an empty one."""
    if isinstance(value, list) and value and all(isinstance(one, list) for one in value):
        return [_words(one) for one in value]
    return [_words(value)]


def _images(meta: Mapping[str, Any]) -> tuple[Image, ...]:
    """The pictures that stand for the article; none where the body has it, and is to keep it."""
    if _text(meta.get("picture_in_body")).lower() in _YES:
        return ()
    size = _SIZE.fullmatch(_text(meta.get("picture_size")))
    width, height = (_number(size[1]), _number(size[2])) if size else (None, None)
    found = (picture for key in _IMAGES for picture in _pictures(meta.get(key)))
    return tuple(dict.fromkeys(Image(picture, width, height) for picture in found))


def _enclosures(value: object) -> tuple[Enclosure, ...]:
    """The files that belong to a post, as `formats.posts` writes them."""
    several = value if isinstance(value, list) else []
    named = [one for one in several if isinstance(one, dict) and _text(one.get("url"))]
    return tuple(
        Enclosure(
            _text(one.get("url")),
            _text(one.get("type")),
            _number(one.get("length")),
            _episode(one),
        )
        for one in named
    )


def _episode(one: Mapping[str, Any]) -> Episode:
    explicit = _text(one.get("explicit")).lower()
    return Episode(
        duration=_number(one.get("duration")),
        number=_number(one.get("episode")),
        season=_number(one.get("season")),
        kind=_text(one.get("kind")),
        explicit=explicit in _YES if explicit in (*_YES, *_NO) else None,
    )


def _number(value: object) -> int | None:
    text = _text(value)
    return int(text) if text.isascii() and text.isdigit() and len(text) < _MOST_DIGITS else None


def _origin(value: object) -> Origin:
    """Whom a post was taken from, as `formats.posts` writes it."""
    if not isinstance(value, dict):
        return Origin()
    return Origin(*(_text(value.get(key)) for key in ("title", "link", "feed", "id", "rights")))


def _related(value: object) -> tuple[Related, ...]:
    """What else a post names, as `formats.posts` writes it; themes use the key for other things."""
    several = value if isinstance(value, list) else []
    named = [one for one in several if isinstance(one, dict) and one.get("rel") in _RELATIONS]
    return tuple(
        Related(Relation(one["rel"]), *(_text(one.get(key)) for key in ("url", "type", "id")))
        for one in named
    )


def _pictures(value: object) -> Iterator[str]:
    """The addresses of a picture: a text, a mapping that holds one, or a list of either."""
    for one in value if isinstance(value, list) else [value]:
        held = [one.get(key) for key in _PICTURE_KEYS] if isinstance(one, dict) else [one]
        yield from filter(None, map(_text, held))


def _is_address(text: str) -> bool:
    return text.lower().startswith(("https://", "http://"))
