"""JSON Feed 1.1, judged by its specification."""

from __future__ import annotations

import json
from typing import Any

from aggregator.formats import formats
from aggregator.model.entries import Enclosure, Origin, Related, Relation
from aggregator.model.published import Feed
from tests.support.publishing import NOON, SITE, article, feed

JSON = formats()["json"]


def read(given: Feed) -> Any:
    """Render and parse."""
    return json.loads(JSON.render(given).body)


def test_the_head() -> None:
    """Version, title, addresses, language and hubs stand at the head."""
    head = read(feed(hubs=("https://hub.example/",)))
    assert head == {
        "version": "https://jsonfeed.org/version/1.1",
        "title": "新浪财经",
        "home_page_url": f"{SITE}finance/sina/",
        "feed_url": f"{SITE}finance/sina/feed.json",
        "description": "Finance, all of it",
        "language": "en",
        "authors": [{"name": "The Morning Wire"}],
        "hubs": [{"type": "WebSub", "url": "https://hub.example/"}],
        "items": [],
    }


def test_every_field_arrives() -> None:
    """An item holds everything that the article has."""
    given = article(updated_at=NOON, language="zh-CN")
    assert read(feed(given))["items"] == [
        {
            "id": given.public_id,
            "url": given.url,
            "title": given.title,
            "content_html": given.body,
            "summary": given.summary,
            "image": "https://origin.example/1.png",
            "date_published": "2026-01-31T11:59:00Z",
            "date_modified": "2026-01-31T12:00:00Z",
            "authors": [{"name": "Zhang San"}],
            "tags": ["金融", "新浪财经", "GDP"],
            "language": "zh-CN",
            "attachments": [
                {
                    "url": "https://origin.example/e.mp3",
                    "mime_type": "audio/mpeg",
                    "size_in_bytes": 1234,
                }
            ],
            "_source": {
                "title": "Origin News",
                "home_page_url": "https://origin.example/",
                "feed_url": "https://origin.example/feed.xml",
            },
        }
    ]


def test_what_is_empty_is_left_out() -> None:
    """Empty fields do not appear, but an item always has a content."""
    bare = article(
        title="",
        summary="",
        body="",
        author="",
        image=None,
        enclosures=(),
        categories=(),
        tags=(),
        origin=Origin(),
    )
    (item,) = read(feed(bare))["items"]
    assert set(item) == {"id", "url", "content_text", "date_published", "date_modified"}


def test_an_attachment_always_has_a_type() -> None:
    """The type is mandatory; an unknown length is left out."""
    (item,) = read(feed(article(enclosures=(Enclosure("https://origin.example/a"),))))["items"]
    assert item["attachments"] == [
        {"url": "https://origin.example/a", "mime_type": "application/octet-stream"}
    ]


def test_a_bad_article_is_left_out_and_reported() -> None:
    """An article that cannot be written is named; the others are published."""
    document = JSON.render(feed(article(1), article(3, public_id=""), article(4, body="a\ud800b")))
    assert [item["title"] for item in json.loads(document.body)["items"]] == [
        "Article 1",
        "Article 4",
    ]
    assert document.left_out == (("", "ValueError: it has no public id"),)


def test_what_an_article_names_beside_itself_is_told() -> None:
    """The page that it is about is JSON Feed's `external_url`; the rest stands in an extension."""
    related = (
        Related(Relation.REPLIES, "https://o.example/1/comments.xml", "application/rss+xml"),
        Related(Relation.RELATED, "https://about.example/1"),
        Related(Relation.IN_REPLY_TO, "", "", "tag:o.example,2026:0"),
    )
    (item,) = read(feed(article(related=related)))["items"]
    assert item["external_url"] == "https://about.example/1"
    assert item["_related"]["links"] == [
        {
            "rel": "replies",
            "url": "https://o.example/1/comments.xml",
            "mime_type": "application/rss+xml",
        },
        {"rel": "related", "url": "https://about.example/1"},
        {"rel": "in-reply-to", "id": "tag:o.example,2026:0"},
    ]
