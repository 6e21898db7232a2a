"""Whose an article is, stands in every feed; where wanted, in its text as well."""

from __future__ import annotations

from typing import Any

import pytest

from aggregator.model.entries import Origin
from aggregator.model.published import PublishedArticle, Via
from aggregator.publish.categories import catalogue
from aggregator.publish.convert import category_feed
from tests.support.publishing import configuration, stored


def taken(publish: dict[str, Any], **changes: Any) -> PublishedArticle:
    """A stored article as the feed of `all`, which is in Chinese, carries it."""
    wanted = configuration("/nowhere", publish)
    known = catalogue(wanted, ())
    feed = category_feed(known["all"], [stored(**changes)], known, wanted.settings)
    return feed.articles[0]


@pytest.mark.parametrize(("language", "word"), [("en", "Source:"), ("zh-CN", "来源：")])
def test_a_line_in_the_body_links_to_the_original(language: str, word: str) -> None:
    """With `attribution_line` the body ends with the source's name, in the article's language."""
    found = taken(
        {"attribution_line": True},
        language=language,
        link='https://origin.example/1?a="1"&b=2',
        origin=Origin("A <b> & C"),
    )
    address = "https://origin.example/1?a=&quot;1&quot;&amp;b=2"
    line = f'<p>{word} <a href="{address}">A &lt;b&gt; &amp; C</a></p>'
    assert found.body == f"<p>The body of 1</p>\n{line}"


@pytest.mark.parametrize(
    ("publish", "changes"),
    [
        ({}, {}),
        ({"attribution_line": True}, {"origin": Origin()}),
        ({"attribution_line": True}, {"body": ""}),
    ],
    ids=["not wanted", "nobody to name", "no body"],
)
def test_no_line_where_there_is_nothing_to_say(
    publish: dict[str, Any], changes: dict[str, Any]
) -> None:
    """Bodies stay as they are otherwise."""
    assert "<a" not in taken(publish, **changes).body


def test_copies_are_named_once_and_only_if_a_reader_can_go_there() -> None:
    """The article's own link, repeated ones and what is no web address are left out."""
    links = ("https://origin.example/1", "https://b.example/", "javascript:x", "https://b.example/")
    found = taken({}, via=tuple(Via(link, f"{n}") for n, link in enumerate(links)))
    assert found.via == (Via("https://b.example/", "1"),)
