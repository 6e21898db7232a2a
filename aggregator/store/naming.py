"""What articles are called outside: names that follow from story keys and never change."""

from __future__ import annotations

from datetime import datetime

_TOKEN_DIGITS = 20


def token_of(story_key: str) -> str:
    """The part of a public id that names the article in addresses."""
    return story_key[:_TOKEN_DIGITS]


def public_id(authority: str, published_at: datetime, story_key: str) -> str:
    """The `tag:` URI (RFC 4151) of a new article; it never changes afterwards."""
    return f"tag:{authority},{published_at.date().isoformat()}:{token_of(story_key)}"
