"""What leaves the service: articles as the store gives them out, and finished feed documents."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from aggregator.model.articles import CategoryTitle, DecidedBy
from aggregator.model.entries import Enclosure, Image, Origin, Related


@dataclass(frozen=True, slots=True)
class StoredCopy:
    """One line of the ledger: a copy of an article, where it came from and what decided.

    `dropped_by` is the rule that keeps it out of the feeds, "" where none does; `split_from` the
    token of the article that a person took it out of.
    """

    source_id: str
    link: str
    title: str
    published_at: datetime
    date_is_known: bool
    first_seen_at: datetime
    decided_by: DecidedBy
    standing: bool
    entry_key: str = ""
    decided_at: datetime | None = None
    dropped_by: str = ""
    split_from: str = ""

    @property
    def name(self) -> str:
        """What people call it by, on the command line."""
        return f"{self.source_id}/{self.entry_key[:12]}"


@dataclass(frozen=True, slots=True)
class Via:
    """Another place where an article was found: the link of a copy, and whose it is."""

    link: str
    title: str = ""


@dataclass(frozen=True, slots=True)
class StoredArticle:
    """An article as the store gives it out.

    `public_id` is its `tag:` URI, frozen at first sight, and `token` the last part of it, which
    names the article in addresses. `paths` are the categories it stands in because of all its
    copies, without the parents of those, sorted. `source_id` is the source of the standing copy,
    `via` are the others, by source. `version` is that of `Candidate`.
    """

    public_id: str
    token: str
    source_id: str
    title: str
    link: str
    summary: str
    body: str
    author: str
    published_at: datetime
    date_is_known: bool
    updated_at: datetime
    first_seen_at: datetime
    image: Image | None
    enclosures: tuple[Enclosure, ...]
    tags: tuple[str, ...]
    language: str
    paths: tuple[str, ...]
    origin: Origin
    via: tuple[Via, ...] = ()
    related: tuple[Related, ...] = ()
    version: str = ""


@dataclass(frozen=True, slots=True)
class Candidate:
    """An article that may stand in a feed, in as few words as it takes to choose.

    `source_id` is that of the standing copy; `version` changes with what the article shows.
    """

    token: str
    source_id: str
    published_at: datetime
    version: str


@dataclass(frozen=True, slots=True)
class Edition:
    """A closed edition of a digest, as it was when it closed; `members` are tokens of articles.

    It covers the time from `opened_at` to before `closed_at`. Where nothing was to be told, `body`
    is "". `members` have all that could have stood in it, whether or not rules and limits let it.
    """

    feed_id: str
    closed_at: datetime
    opened_at: datetime
    public_id: str
    title: str
    summary: str
    body: str
    members: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class CategoryPath:
    """A category that an article stands in: its path, and the titles from the top down to it."""

    path: str
    titles: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PublishedArticle:
    """An article as every format needs it.

    `public_id` is its `tag:` URI, frozen at first sight; `token` is the part of it that names the
    article in addresses. `url` is its link, or the address of our own page where it has none.
    `categories` are the titles of every category it stands in, outermost first, then `tags`.
    `anchor` is set where it has no page and stands whole on the page of its feed. `via` are the
    other places where it was found, `places` the categories themselves, without their parents.
    """

    public_id: str
    token: str
    url: str
    title: str
    summary: str
    body: str
    author: str
    published_at: datetime
    updated_at: datetime
    image: Image | None
    enclosures: tuple[Enclosure, ...]
    categories: tuple[str, ...]
    tags: tuple[str, ...]
    language: str
    origin: Origin
    anchor: str = ""
    via: tuple[Via, ...] = ()
    places: tuple[CategoryPath, ...] = ()
    date_is_known: bool = True
    related: tuple[Related, ...] = ()
    version: str = ""


@dataclass(frozen=True, slots=True)
class Entry:
    """An article as one format wrote it, and what the documents around it have to know.

    `needs` are the prefixes of the namespaces that such a document has to declare besides those
    that all have. Where the format could not write it, `left_out` says why, and `body` is empty.
    """

    public_id: str
    published_at: datetime
    updated_at: datetime
    needs: frozenset[str] = frozenset()
    left_out: str = ""
    body: bytes = b""


@dataclass(frozen=True, slots=True)
class Withdrawal:
    """An article that was taken back, when, and what is said about it; `paths` as it stood in."""

    public_id: str
    token: str
    why: str
    withdrawn_at: datetime
    paths: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Place:
    """Where a document stands in the chain of a feed's documents (RFC 5005).

    All are addresses of folders, ending in `/`, "" where there is none; `current` is that of the
    feed itself, and only documents of the archive have it.
    """

    previous: str = ""
    following: str = ""
    current: str = ""


@dataclass(frozen=True, slots=True)
class Feed:
    """One category's feed before it takes a format.

    `path` is the category path ("all" for everything); `url` the public address of its folder,
    ending in `/`. `articles` are newest first. `formats` are the names of those that are written.
    `site_url` is the public address that everything of ours stands under, ending in `/`.
    `timezone` is the zone that people see times in; `parents` (outermost first) and `children` are
    the categories around this one. `id_path` stands for the path of `url` in the feed's id.
    `withdrawn` are articles that readers are to forget, newest first.
    """

    path: str
    title: str
    description: str
    language: str
    url: str
    site_title: str
    articles: tuple[PublishedArticle, ...]
    content: str
    formats: tuple[str, ...]
    hubs: tuple[str, ...] = ()
    site_url: str = ""
    timezone: str = "UTC"
    parents: tuple[CategoryTitle, ...] = ()
    children: tuple[CategoryTitle, ...] = ()
    place: Place = Place()
    withdrawn: tuple[Withdrawal, ...] = ()
    id_path: str = ""

    @property
    def folder(self) -> str:
        """Where the feed's documents are read, below the site's address, without slashes around."""
        return self.url.removeprefix(self.site_url).rstrip("/") if self.id_path else self.path


@dataclass(frozen=True, slots=True)
class PublishedCategory:
    """A category that is published, with those under it; `url` as in `Feed`."""

    path: str
    title: str
    description: str
    language: str
    url: str
    formats: tuple[str, ...]
    children: tuple[PublishedCategory, ...] = ()


@dataclass(frozen=True, slots=True)
class PublishedSite:
    """Everything that is published: `everything` is the feed `all`, `categories` the tree.

    `newest` are the newest articles of all; `has_opml` says that `feeds.opml` lists the feeds.
    `feeds` are those beside the tree.
    """

    title: str
    url: str
    language: str
    timezone: str
    everything: PublishedCategory
    categories: tuple[PublishedCategory, ...]
    newest: tuple[PublishedArticle, ...] = ()
    has_opml: bool = True
    feeds: tuple[PublishedCategory, ...] = ()


@dataclass(frozen=True, slots=True)
class FeedDocument:
    """The bytes of one feed in one format; `newest_at` is None for a feed without articles.

    `left_out` names articles that this format could not carry, with the reason.
    """

    path: str
    format: str
    file_name: str
    media_type: str
    body: bytes
    newest_at: datetime | None
    left_out: tuple[tuple[str, str], ...] = ()
