"""Builders of feeds for tests of formats and publishing: everything filled in and changeable."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from aggregator.model.entries import Enclosure, Image, Origin
from aggregator.model.published import Feed, PublishedArticle

NOON = datetime(2026, 1, 31, 12, tzinfo=UTC)
SITE = "https://news.example.org/"


def article(number: int = 1, **changes: Any) -> PublishedArticle:
    """An article with every field filled; a higher number is an older one."""
    values: dict[str, Any] = {
        "public_id": f"tag:news.example.org,2026:articles/a{number}",
        "token": f"a{number}",
        "url": f"https://origin.example/{number}?a=1&b=2",
        "title": f"Article {number}",
        "summary": f"What article {number} is about",
        "body": f"<p>The body of {number}</p>",
        "author": "Zhang San",
        "published_at": NOON - timedelta(minutes=number),
        "updated_at": NOON - timedelta(minutes=number),
        "image": Image(f"https://origin.example/{number}.png", 400, 300),
        "enclosures": (Enclosure("https://origin.example/e.mp3", "audio/mpeg", 1234),),
        "categories": ("金融", "新浪财经"),
        "tags": ("GDP",),
        "language": "en",
        "origin": Origin(
            "Origin News", "https://origin.example/", "https://origin.example/feed.xml"
        ),
    }
    return PublishedArticle(**values | changes)


def feed(*articles: PublishedArticle, **changes: Any) -> Feed:
    """A feed of these articles."""
    values: dict[str, Any] = {
        "path": "finance/sina",
        "title": "新浪财经",
        "description": "Finance, all of it",
        "language": "en",
        "url": f"{SITE}finance/sina/",
        "site_title": "The Morning Wire",
        "articles": articles,
        "content": "full",
        "formats": ("rss", "atom", "json", "html"),
        "site_url": SITE,
    }
    return Feed(**values | changes)
