"""More tables, beside the ledger: contents put away, own pages, entries dropped, digests."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Index, text
from sqlmodel import Field, SQLModel

from aggregator.store.tables import table_of


class ContentRow(SQLModel, table=True):
    """What an article would show if this copy stood; gone when it does, or with its article."""

    __tablename__ = "content"

    source_id: str = Field(primary_key=True)
    entry_key: str = Field(primary_key=True, max_length=64)
    title: str
    link: str
    summary: str
    body: str
    author: str
    updated_at: datetime
    image: Any = Field(sa_type=JSON)
    enclosures: Any = Field(sa_type=JSON)
    tags: Any = Field(sa_type=JSON)
    language: str
    origin: Any = Field(sa_type=JSON)
    related: Any = Field(sa_type=JSON, sa_column_kwargs={"server_default": "[]"})


class PageRow(SQLModel, table=True):
    """The own page of an entry (`full_text`): its text, or when it is tried again.

    Entries that no article was made of have one too, so that their page is not read each time.
    """

    __tablename__ = "page"
    __table_args__ = (
        Index(
            "page_due",
            "source_id",
            "next_try_at",
            sqlite_where=text("next_try_at IS NOT NULL"),
            postgresql_where=text("next_try_at IS NOT NULL"),
        ),
        Index("page_by_time", "tried_at"),
    )

    source_id: str = Field(primary_key=True)
    entry_key: str = Field(primary_key=True, max_length=64)
    read_by: str = Field(max_length=64)
    tried_at: datetime
    html: str
    published_text: str
    author: str
    image: str
    tries: int
    next_try_at: datetime | None = None
    title: str = Field(default="", sa_column_kwargs={"server_default": text("''")})


class DroppedRow(SQLModel, table=True):
    """An entry that was read and did not become an article, and why, when it was read last.

    `article` is what a rule dropped (see `withheld`), "" where there never was one.
    """

    __tablename__ = "dropped"
    __table_args__ = (
        Index("dropped_of_source", "source_id", "dropped_at"),
        Index("dropped_by_time", "dropped_at"),
    )

    source_id: str = Field(primary_key=True)
    entry_key: str = Field(primary_key=True, max_length=64)
    title: str
    link: str
    stage: str
    reason: str
    detail: str
    dropped_at: datetime
    article: str = Field(default="", sa_column_kwargs={"server_default": text("''")})


class EditionRow(SQLModel, table=True):
    """A closed edition of a digest; see `Edition`. Never updated."""

    __tablename__ = "edition"

    feed_id: str = Field(primary_key=True)
    closed_at: datetime = Field(primary_key=True)
    opened_at: datetime
    public_id: str
    title: str
    summary: str
    body: str
    members: Any = Field(sa_type=JSON)


class SubscriptionRow(SQLModel, table=True):
    """How it stands with a hub that was asked to tell of a source; see `Subscription`."""

    __tablename__ = "subscription"

    source_id: str = Field(primary_key=True)
    hub: str
    topic: str
    token: str = Field(unique=True)
    secret: str
    next_try_at: datetime
    tries: int
    expires_at: datetime | None = None
    pushed_at: datetime | None = None
    trusted: bool


class WithdrawalRow(SQLModel, table=True):
    """An article that a person took back; `paths` are where it stood, with those above and `all`.

    The article's row and its lines of the ledger stay, emptied as by retention, so that it never
    comes back.
    """

    __tablename__ = "withdrawal"

    token: str = Field(primary_key=True, max_length=20)
    public_id: str
    why: str
    withdrawn_at: datetime
    paths: Any = Field(sa_type=JSON)


CONTENT = table_of(ContentRow)
PAGE = table_of(PageRow)
DROPPED = table_of(DroppedRow)
EDITION = table_of(EditionRow)
SUBSCRIPTION = table_of(SubscriptionRow)
WITHDRAWAL = table_of(WithdrawalRow)
