"""The gate refuses what a reader would stumble over, and lets everything else pass."""

from __future__ import annotations

from dataclasses import replace

import pytest

from aggregator.errors import PublishError
from aggregator.formats import formats
from aggregator.model.published import FeedDocument
from aggregator.publish import gate
from tests.support.publishing import article, feed

THREE = pytest.mark.parametrize("name", ["rss", "atom", "json"])
GIVEN = feed(article(1), article(2))


def rendered(name: str) -> FeedDocument:
    """The sample feed in a format."""
    return formats()[name].render(GIVEN)


@pytest.mark.parametrize("name", sorted(formats()))
def test_what_was_rendered_passes(name: str) -> None:
    """Every format's own output is let through, over nothing and over itself."""
    gate.check(rendered(name), GIVEN, None)
    gate.check(rendered(name), GIVEN, rendered(name).body)


@THREE
def test_broken_bytes_are_refused(name: str) -> None:
    """A document that cannot be parsed back is refused."""
    document = rendered(name)
    with pytest.raises(PublishError, match="not well-formed"):
        gate.check(replace(document, body=document.body[:-20]), GIVEN, None)


@THREE
def test_a_missing_article_is_refused(name: str) -> None:
    """All articles that went in must be in it, but for those reported as left out."""
    short = formats()[name].render(feed(article(1)))
    with pytest.raises(PublishError, match="1 articles where 2"):
        gate.check(short, GIVEN, None)
    gate.check(replace(short, left_out=((article(2).public_id, "why"),)), GIVEN, None)


@THREE
def test_repeated_ids_are_refused(name: str) -> None:
    """No two articles of a feed share an id."""
    twice = feed(article(1), article(1))
    with pytest.raises(PublishError, match="same id"):
        gate.check(formats()[name].render(twice), twice, None)


@THREE
def test_disorder_is_refused(name: str) -> None:
    """Articles stand newest first; equal times are fine."""
    wrong = feed(article(2), article(1))
    with pytest.raises(PublishError, match="order"):
        gate.check(formats()[name].render(wrong), wrong, None)
    equal = feed(article(1), article(2, published_at=article(1).published_at))
    gate.check(formats()[name].render(equal), equal, None)


@THREE
def test_sudden_emptiness_is_refused(name: str) -> None:
    """An empty feed replaces no feed with articles, but nothing, an empty or a damaged one."""
    empty = formats()[name].render(feed())
    with pytest.raises(PublishError, match="empty"):
        gate.check(empty, feed(), rendered(name).body)
    gate.check(empty, feed(), None)
    gate.check(empty, feed(), empty.body)
    gate.check(empty, feed(), rendered(name).body[:50])


@pytest.mark.parametrize(("extra", "passes"), [(-1, True), (0, True), (1, False)])
def test_size_has_a_bound(monkeypatch: pytest.MonkeyPatch, extra: int, *, passes: bool) -> None:
    """A file of exactly the largest size passes, one byte more does not."""
    document = rendered("html")
    monkeypatch.setattr(gate, "LARGEST_FILE", len(document.body) - extra)
    if passes:
        gate.check(document, GIVEN, None)
    else:
        with pytest.raises(PublishError, match="bytes"):
            gate.check(document, GIVEN, None)


def test_nothing_is_no_file() -> None:
    """An empty file is never published."""
    with pytest.raises(PublishError, match="0 bytes"):
        gate.check(replace(rendered("html"), body=b""), GIVEN, None)
