"""The tables, and why each index is there; no statements, no conversion.

Migrations (`migrations/`) bring a database to this shape; a test compares the two. Times are plain
`datetime` fields: SQLModel keeps them aware and in UTC on every database.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, BigInteger, Index, Integer, Table, false, text
from sqlmodel import Field, SQLModel

EVERYTHING = "all"
"""The path in which every article stands."""
HEALTH = "health"
"""The path of the health feed: marked as changed like a category, but no article stands in it."""
_Long = BigInteger().with_variant(Integer(), "sqlite")  # SQLite only counts up an INTEGER


class ArticleRow(SQLModel, table=True):
    """An article, as its standing copy has it; emptied by retention, but never deleted.

    `story_key` makes it unique, `title_key` is the one that it was founded under: counting these
    numbers the articles of one title. `token` begins the story key, so that the public id, which
    ends with it, is unique as well. `merged_into` is the article that a person made it part of.
    """

    __tablename__ = "article"
    __table_args__ = (
        Index("article_by_title", "title_key"),
        Index(
            "article_by_age",
            "published_at",
            sqlite_where=text("removed_at IS NULL"),
            postgresql_where=text("removed_at IS NULL"),
        ),
        Index(
            "article_merged",
            "merged_into",
            sqlite_where=text("merged_into IS NOT NULL"),
            postgresql_where=text("merged_into IS NOT NULL"),
        ),
    )

    id: int | None = Field(default=None, primary_key=True)
    story_key: str = Field(max_length=64, unique=True)
    token: str = Field(max_length=20, unique=True)
    public_id: str
    title_key: str
    source_id: str
    title: str
    link: str
    summary: str
    body: str
    author: str
    published_at: datetime
    date_is_known: bool
    updated_at: datetime
    image: Any = Field(sa_type=JSON)
    enclosures: Any = Field(sa_type=JSON)
    tags: Any = Field(sa_type=JSON)
    language: str
    origin: Any = Field(sa_type=JSON)
    related: Any = Field(sa_type=JSON, sa_column_kwargs={"server_default": "[]"})
    content_hash: str = Field(max_length=64)
    text_hash: str = Field(max_length=64)
    first_seen_at: datetime
    removed_at: datetime | None = None
    merged_into: int | None = None


class CopyRow(SQLModel, table=True):
    """The ledger: one line for every entry of every source that became or joined an article.

    `own_paths` are the categories that the entry itself brought, `ruled_paths` those that rules
    added and took away (see `rows`), `dropped_by` the rule that drops it now; `unruled` is what its
    words were before rules, null in lines that older versions wrote. `is_present` turns
    false when its document vanishes from a folder. `split_from` is the story key of the article
    that a person took it out of.
    """

    __tablename__ = "copy"
    __table_args__ = (
        Index("copy_by_article", "article_id"),
        Index("copy_by_title", "title_key", "published_at"),
        Index("copy_by_time", "published_at"),
        Index("copy_by_link", "link", postgresql_using="hash"),  # links can be longer than a B-tree
        Index("copy_by_first_seen", "source_id", "first_seen_at"),
        Index(
            "copy_by_document",
            "source_id",
            "document",
            sqlite_where=text("document <> ''"),
            postgresql_where=text("document <> ''"),
        ),
    )

    source_id: str = Field(primary_key=True, foreign_key="source.id")
    entry_key: str = Field(primary_key=True, max_length=64)
    article_id: int = Field(foreign_key="article.id")
    entry_hash: str = Field(max_length=64)
    content_hash: str = Field(max_length=64)
    text_hash: str = Field(max_length=64)
    text_length: int = Field(sa_column_kwargs={"server_default": "0"})
    title_key: str
    title: str
    link: str
    published_at: datetime
    date_is_known: bool
    first_seen_at: datetime
    decided_at: datetime
    decided_by: str
    standing: bool
    document: str
    is_present: bool
    own_paths: Any = Field(sa_type=JSON)
    ruled_paths: Any = Field(default=None, sa_type=JSON(none_as_null=True), nullable=True)
    dropped_by: str | None = None
    split_from: str | None = Field(default=None, max_length=64)
    unruled: Any = Field(default=None, sa_type=JSON(none_as_null=True), nullable=True)


class AliasRow(SQLModel, table=True):
    """A weaker key of an entry, and the newest entry of the source that has it."""

    __tablename__ = "alias"
    __table_args__ = ({"sqlite_with_rowid": False},)

    source_id: str = Field(primary_key=True)
    alias: str = Field(primary_key=True, max_length=64)
    entry_key: str = Field(max_length=64)


class PlacementRow(SQLModel, table=True):
    """In which categories an article stands: derived from its copies, and only from them.

    There is a row for each path of a copy that counts (`direct`), for every parent of it, and for
    `all`. A copy counts while its source is active and its document is there. The index is the
    order of every feed; `source_id` (that of the standing copy) stands in it for limits by source.
    """

    __tablename__ = "placement"
    __table_args__ = (
        Index("placement_newest", "path", "published_at", "public_id", "source_id"),
        {"sqlite_with_rowid": False},
    )

    article_id: int = Field(primary_key=True, foreign_key="article.id")
    path: str = Field(primary_key=True)
    published_at: datetime
    public_id: str
    source_id: str
    direct: bool


class SourceRow(SQLModel, table=True):
    """A source that the configuration names or named, and what is remembered between fetches.

    From `silent_after` on it posts nothing for far longer than usual (see `turns`).
    """

    __tablename__ = "source"
    __table_args__ = (Index("source_due", "active", "next_due_at", "id", "domain"),)

    id: str = Field(primary_key=True)
    active: bool
    domain: str = Field(sa_column_kwargs={"server_default": text("''")})
    title: str
    spec_hash: str = Field(max_length=64)
    priority: int = Field(sa_column_kwargs={"server_default": "0"})
    categories: Any = Field(sa_type=JSON)
    next_due_at: datetime
    interval_seconds: float
    etag: str
    last_modified: str
    body_hash: str
    failures: int
    last_ok_at: datetime | None = None
    last_error: str
    moved_to: str
    gone: bool
    identity: str
    why: str = Field(sa_column_kwargs={"server_default": text("''")})
    moving_to: str = Field(sa_column_kwargs={"server_default": text("''")})
    moves: int = Field(sa_column_kwargs={"server_default": "0"})
    hints: Any = Field(sa_type=JSON, sa_column_kwargs={"server_default": "[]"})
    rhythm: Any = Field(sa_type=JSON, sa_column_kwargs={"server_default": "[]"})
    was_read: bool = Field(default=False, sa_column_kwargs={"server_default": false()})
    origin: Any = Field(sa_type=JSON)
    silent_after: datetime | None = None


class DomainRow(SQLModel, table=True):
    """A domain that has to be asked more slowly than others; see `DomainPace`."""

    __tablename__ = "domain"
    __table_args__ = (Index("domain_resting", "rest_until", "name"),)

    name: str = Field(primary_key=True)
    pause_seconds: float
    rest_until: datetime


class DocumentRow(SQLModel, table=True):
    """A document of a folder source, and the stamp that tells whether it changed."""

    __tablename__ = "document"

    source_id: str = Field(primary_key=True)
    name: str = Field(primary_key=True)
    stamp: str


class FetchRow(SQLModel, table=True):
    """How one fetch of one source ended."""

    __tablename__ = "fetch_record"
    __table_args__ = (
        Index("fetch_by_source", "source_id", "started_at"),
        Index("fetch_by_time", "started_at"),
    )

    id: int | None = Field(default=None, primary_key=True, sa_type=_Long)
    source_id: str
    started_at: datetime
    status: str
    seconds: float
    http_status: int
    bytes_read: int = Field(sa_type=_Long)
    error: str
    warnings: Any = Field(sa_type=JSON)
    tally: Any = Field(sa_type=JSON)


class EventRow(SQLModel, table=True):
    """Something that happened to a source and that the health feed tells."""

    __tablename__ = "event"

    id: int | None = Field(default=None, primary_key=True, sa_type=_Long)
    public_id: str = Field(unique=True)
    source_id: str
    title: str
    kind: str
    happened_at: datetime
    detail: str


class CategoryRow(SQLModel, table=True):
    """A category path, and whether what stands there is on disk.

    `changed` counts the transactions that touched it, `published` is the count that was written
    out last. `title` is the one that articles brought along. `moved_to` is the path that took its
    place for good.
    """

    __tablename__ = "category"

    path: str = Field(primary_key=True)
    title: str = ""
    configured: bool = False
    changed: int = 0
    published: int = 0
    moved_to: str = Field(default="", sa_column_kwargs={"server_default": text("''")})


def table_of(model: type[SQLModel]) -> Table:
    """The table behind a model, for statements."""
    return SQLModel.metadata.tables[str(model.__tablename__)]


ARTICLE = table_of(ArticleRow)
COPY = table_of(CopyRow)
ALIAS = table_of(AliasRow)
PLACEMENT = table_of(PlacementRow)
SOURCE = table_of(SourceRow)
DOMAIN = table_of(DomainRow)
DOCUMENT = table_of(DocumentRow)
FETCH = table_of(FetchRow)
EVENT = table_of(EventRow)
CATEGORY = table_of(CategoryRow)
