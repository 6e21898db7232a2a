"""The gate refuses what a reader would stumble over, and lets everything else pass."""

from __future__ import annotations

import contextlib
from collections.abc import Collection
from dataclasses import replace

import pytest

from aggregator.errors import PublishError
from aggregator.formats import formats
from aggregator.model.published import FeedDocument
from aggregator.publish import gate
from tests.support.publishing import article, feed


def unknown(missing: Collection[str]) -> Collection[str]:
    """Nobody knows why anything is missing."""
    del missing
    return ()


THREE = pytest.mark.parametrize("name", ["rss", "atom", "json"])
GIVEN = feed(article(1), article(2))


def rendered(name: str) -> FeedDocument:
    """The sample feed in a format."""
    return formats()[name].render(GIVEN)


@pytest.mark.parametrize("name", sorted(formats()))
def test_what_was_rendered_passes(name: str) -> None:
    """Every format's own output is let through, over nothing and over itself."""
    gate.check(rendered(name), GIVEN, None, unknown)
    gate.check(rendered(name), GIVEN, rendered(name).body, unknown)


@THREE
def test_broken_bytes_are_refused(name: str) -> None:
    """A document that cannot be parsed back is refused."""
    document = rendered(name)
    with pytest.raises(PublishError, match="not well-formed"):
        gate.check(replace(document, body=document.body[:-20]), GIVEN, None, unknown)


@THREE
def test_a_missing_article_is_refused(name: str) -> None:
    """All articles that went in must be in it, but for those reported as left out."""
    short = formats()[name].render(feed(article(1)))
    with pytest.raises(PublishError, match="1 articles where 2"):
        gate.check(short, GIVEN, None, unknown)
    gate.check(replace(short, left_out=((article(2).public_id, "why"),)), GIVEN, None, unknown)


@THREE
def test_repeated_ids_are_refused(name: str) -> None:
    """No two articles of a feed share an id."""
    twice = feed(article(1), article(1))
    with pytest.raises(PublishError, match="same id"):
        gate.check(formats()[name].render(twice), twice, None, unknown)


@THREE
def test_disorder_is_refused(name: str) -> None:
    """Articles stand newest first; equal times are fine."""
    wrong = feed(article(2), article(1))
    with pytest.raises(PublishError, match="order"):
        gate.check(formats()[name].render(wrong), wrong, None, unknown)
    equal = feed(article(1), article(2, published_at=article(1).published_at))
    gate.check(formats()[name].render(equal), equal, None, unknown)


@THREE
@pytest.mark.parametrize(("left", "passes"), [(0, False), (1, False), (2, True), (3, True)])
def test_a_feed_is_not_emptied_without_a_reason(name: str, left: int, *, passes: bool) -> None:
    """A feed keeps half of its articles, or as it is, unless it is known why they are missing."""
    before = formats()[name].render(feed(*(article(n) for n in range(4)))).body
    fewer = feed(*(article(n) for n in range(left)))
    document = formats()[name].render(fewer)
    with contextlib.nullcontext() if passes else pytest.raises(PublishError, match="has 4"):
        gate.check(document, fewer, before, unknown)
    gate.check(document, fewer, before)
    gate.check(document, fewer, None, unknown)
    gate.check(document, fewer, before[:50], unknown)


@pytest.mark.parametrize(("extra", "passes"), [(-1, True), (0, True), (1, False)])
def test_size_has_a_bound(monkeypatch: pytest.MonkeyPatch, extra: int, *, passes: bool) -> None:
    """A file of exactly the largest size passes, one byte more does not."""
    document = rendered("html")
    monkeypatch.setattr(gate, "LARGEST_FILE", len(document.body) - extra)
    if passes:
        gate.check(document, GIVEN, None, unknown)
    else:
        with pytest.raises(PublishError, match="bytes"):
            gate.check(document, GIVEN, None, unknown)


def test_nothing_is_no_file() -> None:
    """An empty file is never published."""
    with pytest.raises(PublishError, match="0 bytes"):
        gate.check(replace(rendered("html"), body=b""), GIVEN, None, unknown)


@THREE
@pytest.mark.parametrize(("explained", "passes"), [(0, False), (1, False), (2, True), (4, True)])
def test_reasons_for_half_of_the_articles_are_enough(
    name: str, explained: int, *, passes: bool
) -> None:
    """What left for a known reason counts as if it were still there."""
    before = formats()[name].render(feed(*(article(n) for n in range(4)))).body
    known = [article(n).public_id for n in range(explained)]
    empty = feed()
    with contextlib.nullcontext() if passes else pytest.raises(PublishError, match="--force"):
        gate.check(formats()[name].render(empty), empty, before, lambda _missing: known)
