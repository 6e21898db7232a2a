"""Bodies made to cost: what is cut, and that no size or depth comes through."""

from __future__ import annotations

import pytest

from aggregator.clean.body import MAX_BODY
from aggregator.model.articles import DropReason
from aggregator.model.entries import RawEntry, RawText
from aggregator.text.tree import (
    MAX_ATTRIBUTES,
    MAX_DEPTH,
    MAX_ELEMENTS,
    MAX_ESCAPES,
    TooMuchMarkupError,
    inner_html,
    parse,
)
from tests.support.entries import article, cleaning, dropped

LINK = "https://site.example/1"


def _entry(content: str, summary: str = "In short.") -> RawEntry:
    return RawEntry(
        link=LINK, title=RawText("A title"), content=RawText(content), summary=RawText(summary)
    )


@pytest.mark.parametrize("size", [MAX_BODY - 1, MAX_BODY])
def test_largest_body(size: int) -> None:
    """A body of up to 1 MiB is read."""
    assert len(article(_entry("x" * size)).body) == size


def test_larger_body() -> None:
    """One byte more, and the summary stands for it."""
    assert article(_entry("x" * (MAX_BODY + 1))).body == "In short."


def test_size_is_counted_in_bytes() -> None:
    """A Chinese sign counts three bytes."""
    assert article(_entry("字" * (MAX_BODY // 3))).body.startswith("字")
    assert article(_entry("字" * (MAX_BODY // 3 + 1))).body == "In short."


def test_larger_summary_too() -> None:
    """Where the summary is too large as well, title and link are the article."""
    huge = "x" * (MAX_BODY + 1)
    result = article(_entry(huge, huge))
    assert (result.body, result.title, result.link) == ("", "A title", LINK)


def test_nothing_but_a_body_too_large() -> None:
    """An entry that is nothing else than too much is dropped, with the reason."""
    assert dropped(RawEntry(content=RawText("x" * (MAX_BODY + 1)))).reason is DropReason.TOO_LARGE


def test_elements_are_counted() -> None:
    """As many elements as the limit are a tree, one more is too much."""
    assert len(parse("<b>x</b>" * MAX_ELEMENTS)) == MAX_ELEMENTS
    with pytest.raises(TooMuchMarkupError):
        parse("<b>x</b>" * (MAX_ELEMENTS + 1))
    assert article(_entry("<b>x</b>" * (MAX_ELEMENTS + 1))).body == "In short."


@pytest.mark.parametrize("inside", ["<p>", "<ul><li>", "<table><tr><td><b>"])
def test_too_many_elements_inside_of_others_lose_no_article(inside: str) -> None:
    """What is open when the limit is passed changes nothing: the summary stands for the body."""
    assert article(_entry(inside + "<br>" * MAX_ELEMENTS)).body == "In short."


def test_depth_is_cut() -> None:
    """Elements below the deepest level leave their text behind."""
    for depth in (MAX_DEPTH - 1, MAX_DEPTH, MAX_DEPTH + 1):
        html = inner_html(parse("<b>" * depth + "x"))
        assert html.count("<b>") == min(depth, MAX_DEPTH)
        assert "x" in html


def test_attributes_are_cut() -> None:
    """An element keeps its first attributes, up to the limit."""
    for count in (MAX_ATTRIBUTES - 1, MAX_ATTRIBUTES, MAX_ATTRIBUTES + 1):
        element = parse("<p " + " ".join(f"a{i}=1" for i in range(count)) + ">x</p>")[0]
        assert len(element.attrib) == min(count, MAX_ATTRIBUTES)


def test_escapes_are_counted() -> None:
    """As many escaped signs as the limit are written, one more is too much."""
    assert inner_html(parse("&amp;" * MAX_ESCAPES)).count("&") == MAX_ESCAPES
    with pytest.raises(TooMuchMarkupError):
        inner_html(parse("&amp;" * (MAX_ESCAPES + 1)))


HOSTILE = {
    "nested blocks": "<div>" * 50_000,
    "nested formatting": "<b>" * 50_000 + "x",
    "nested tables": "<table><tr><td>" * 20_000,
    "nested lists": "<ul><li>x" * 10_000,
    "attributes": "<p " + " ".join(f"a{i}=1" for i in range(50_000)) + ">x",
    "comments": "<!--" * 100_000,
    "unfinished tags": "<a " * 50_000,
    "links in links": "<a href=/x>" * 19_000 + "x",
    "fake entities": "&x" * 300_000,
    "less than": "< " * 300_000,
    "ends of nothing": "</div>" * 100_000,
    "breaks": "<br>" * 19_000,
    "srcset": '<img srcset="' + "a 1w," * 100_000 + '">',
    "empties": ("<b></b>" + "x" * 40) * 19_000,
    "quotes": "<a b=\"<a b='" * 40_000,
    "pictures": "<picture>" * 5_000 + "<img src=/x>" + "<source srcset=x>" * 9_000,
    "frames": "<iframe src=/x>" * 50_000,
}


@pytest.mark.parametrize("name", HOSTILE)
def test_hostile_markup_is_bounded(name: str) -> None:
    """Whatever was sent, both sanitizers get, and give, a small and shallow body."""
    content = RawText(HOSTILE[name])
    for sanitizer in ("bleach", "nh3"):
        result = article(RawEntry(title=RawText("A title"), content=content), cleaning(sanitizer))
        assert len(result.body) <= MAX_BODY
        assert result.body.count("<") <= 2 * MAX_ELEMENTS
