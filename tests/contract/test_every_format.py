"""What every output format promises: a new one is tested here by being there."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from aggregator.contracts import Format
from aggregator.formats import formats
from aggregator.model.entries import Origin
from tests.support.publishing import NOON, article, feed

EVERY = pytest.mark.parametrize("form", formats().values(), ids=list(formats()))


def test_file_names_are_their_own() -> None:
    """No two formats write the same file."""
    names = [form.file_name for form in formats().values()]
    assert len(set(names)) == len(names)
    assert {"rss", "atom", "json", "html"} <= set(formats())


@EVERY
def test_a_document_says_what_it_is(form: Format) -> None:
    """A document carries its category, format, file, media type with charset and newest time."""
    document = form.render(feed(article(1), article(2)))
    assert (document.path, document.format) == ("finance/sina", form.name)
    assert (document.file_name, document.media_type) == (form.file_name, form.media_type)
    assert document.media_type.endswith("; charset=utf-8")
    assert document.newest_at == NOON - timedelta(minutes=1)
    assert document.body.decode()


@EVERY
def test_the_same_feed_gives_the_same_bytes(form: Format) -> None:
    """Rendering depends on the feed alone."""
    given = feed(*(article(number) for number in range(10)))
    assert form.render(given) == form.render(replace(given))


@EVERY
def test_an_empty_feed_is_a_document_too(form: Format) -> None:
    """People can subscribe before the first article."""
    document = form.render(feed())
    assert document.body
    assert document.newest_at is None
    assert "新浪财经" in document.body.decode()


@EVERY
def test_a_bare_article_is_carried(form: Format) -> None:
    """An article with nothing but an id, a title, an address and times is in the document."""
    bare = article(
        summary="",
        body="",
        author="",
        image=None,
        enclosures=(),
        categories=(),
        tags=(),
        language="",
        origin=Origin(),
    )
    document = form.render(feed(bare, language="", description="", site_title=""))
    assert document.left_out == ()
    assert "Article 1" in document.body.decode()


@EVERY
@pytest.mark.parametrize("words", ["中文【独家】", "👩‍👩‍👧‍👦", "שלום", "e\u0301" * 9])
def test_every_script_is_carried(form: Format, words: str) -> None:
    """Words of every script stand in the document as they are."""
    assert words in form.render(feed(article(title=words))).body.decode()


@EVERY
@pytest.mark.parametrize("bad", ["\x00", "\x1f", "\ud800", "\uffff"])
def test_what_nothing_can_carry_costs_itself_alone(form: Format, bad: str) -> None:
    """A character that XML forbids is dropped; the article and its feed are not."""
    document = form.render(feed(article(title=f"Head{bad}line", summary=bad), article(2)))
    assert document.left_out == ()
    assert "Headline" in document.body.decode()
    assert "Article 2" in document.body.decode()
