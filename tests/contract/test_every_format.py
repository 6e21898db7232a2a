"""What every output format promises: a new one is tested here by being there."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from aggregator.contracts import Format
from aggregator.formats import formats
from aggregator.model.entries import Enclosure, Episode, Origin
from aggregator.model.published import Place, Via, Withdrawal
from tests.support.publishing import NOON, SITE, article, feed
from tests.support.validator import judge

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
def test_whole_sparse_and_hostile_articles_are_valid(form: Format) -> None:
    """A document breaks no rule of its format, and none of the feed validator."""
    podcast = Enclosure(
        "https://origin.example/2.mp3", "audio/mpeg", 9, Episode(600, 1, 2, "full", False)
    )
    many = feed(
        article(1, via=(Via("https://echo.example/1", "Echo"), Via("https://echo.example/2"))),
        article(2, enclosures=(podcast, Enclosure("https://origin.example/b")), updated_at=NOON),
        article(3, summary="", author="", image=None, origin=Origin(), tags=("]]>", "&amp;lt;")),
        article(4, body="", title="AT&T <b>", language="zh-CN", origin=Origin("Only a name")),
        article(5, origin=Origin("O", "", "https://o.example/f", "urn:o", "© 2026 O & sons")),
        hubs=("https://hub.example/",),
        place=Place(f"{SITE}finance/sina/archive/2025-12/", "", ""),
        withdrawn=(Withdrawal(f"{article(9).public_id}", "a9", "It was <wrong>.", NOON),),
    )
    folders = [f"{SITE}finance/sina/{part}" for part in ("archive/1/", "archive/3/", "")]
    kept = feed(article(1), place=Place(*folders), url=f"{SITE}finance/sina/archive/2/")
    if form.name != "html":
        for given in (many, kept, feed(), feed(language="", description="", site_title="")):
            assert judge(form.file_name, form.render(given).body) == []


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
