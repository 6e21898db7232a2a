"""What a source said, exactly as found: nothing here is cleaned, decoded or believed yet."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

from aggregator.model.schedule import Hints


class TextType(StrEnum):
    """What the characters of a text are (RFC 4287 §3.1); `clean` makes safe HTML of both."""

    TEXT = "text"
    HTML = "html"


@dataclass(frozen=True, slots=True)
class RawText:
    """Characters and what they claim to be."""

    value: str
    type: TextType = TextType.HTML


@dataclass(frozen=True, slots=True)
class Episode:
    """What a podcast says of an episode; `duration` in seconds, None or "" where it says nothing.

    `kind` is full, trailer or bonus.
    """

    duration: int | None = None
    number: int | None = None
    season: int | None = None
    kind: str = ""
    explicit: bool | None = None


@dataclass(frozen=True, slots=True)
class Enclosure:
    """A file that belongs to an entry; `length` in bytes, None: unknown."""

    url: str
    media_type: str = ""
    length: int | None = None
    episode: Episode = Episode()


@dataclass(frozen=True, slots=True)
class Image:
    """A picture; sizes in pixels, None where unknown."""

    url: str
    width: int | None = None
    height: int | None = None


@dataclass(frozen=True, slots=True)
class Origin:
    """Whom an entry comes from, for attribution: the feed's title, its site and its own address.

    `id` is the feed's own id (Atom), `rights` what it says about copying.
    """

    title: str = ""
    link: str = ""
    feed_url: str = ""
    id: str = ""
    rights: str = ""


class Relation(StrEnum):
    """What another resource is to an entry (RFC 4287 §4.2.7.2, RFC 4685)."""

    VIA = "via"
    RELATED = "related"
    REPLIES = "replies"
    IN_REPLY_TO = "in-reply-to"


@dataclass(frozen=True, slots=True)
class Related:
    """Another resource that an entry names: where it was found, is answered, or what it answers.

    `media_type` is "" for a page. `id` is the id of the entry that this one answers, of
    `in-reply-to` only; there `url` may be "".
    """

    relation: Relation
    url: str = ""
    media_type: str = ""
    id: str = ""


@dataclass(frozen=True, slots=True)
class RawEntry:
    """One entry of a document, as the source wrote it.

    `base_url` is what its relative links start from. `category_path` are the titles of a category
    and its parents, outermost first, where the entry itself says where it belongs. `position`
    counts from 0 at the top of the document. `origin` is set where the entry names another feed
    that it was taken from (Atom `source`, RSS `source`). `document` is the name of the document
    inside its source (see `Page.name`).
    """

    guid: str = ""
    link: str = ""
    title: RawText = RawText("")
    summary: RawText = RawText("")
    content: RawText = RawText("")
    authors: tuple[str, ...] = ()
    published_text: str = ""
    updated_text: str = ""
    tags: tuple[str, ...] = ()
    category_path: tuple[str, ...] = ()
    images: tuple[Image, ...] = ()
    enclosures: tuple[Enclosure, ...] = ()
    language: str = ""
    base_url: str = ""
    position: int = 0
    origin: Origin = Origin()
    document: str = ""
    # Kept out of `repr`, of which the hashes of stored entries are made.
    related: tuple[Related, ...] = field(default=(), repr=False)


@dataclass(frozen=True, slots=True)
class ParsedDocument:
    """What a source kind reads out of one page: its entries and what it says about itself.

    `broken` tells, in words, what was wrong with a document that could be read all the same.
    `next_links` are the absolute addresses of documents in which the list goes on, the most wanted
    first. `next_may_change` says that those can have changed although this document did not.
    """

    entries: tuple[RawEntry, ...]
    origin: Origin = Origin()
    language: str = ""
    broken: str = ""
    hints: Hints = Hints()
    next_links: tuple[str, ...] = ()
    next_may_change: bool = False
