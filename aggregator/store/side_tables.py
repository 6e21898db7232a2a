"""More tables: what copies that do not stand would show, and entries that were dropped."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, Index
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


class DroppedRow(SQLModel, table=True):
    """An entry that was read and did not become an article, and why, when it was read last."""

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


CONTENT = table_of(ContentRow)
DROPPED = table_of(DroppedRow)
