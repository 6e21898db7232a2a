"""Cleaning, for whatever strangers write."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import example, given, settings
from hypothesis import strategies as st
from lxml import etree

from aggregator.dedupe.bodies import measured
from aggregator.model.articles import Article
from aggregator.model.entries import Enclosure, Image, RawEntry, RawText, TextType
from aggregator.text.markup import plain_text, sanitize
from aggregator.text.policy import words
from aggregator.text.xml_chars import strip_illegal
from tests.support.bodies import EMBEDS, facts
from tests.support.entries import article, attempt, cleaning

TAGS = sorted(
    words(
        "p div b a i span table tr td tbody ul li ol pre code h1 h2 blockquote img br figure"
        " figcaption ruby rt dl dt details summary video source iframe picture noscript font center"
        " section hr caption form svg math style script template plaintext xmp title select"
        " textarea body html col colgroup em address menu wbr"
    )
)
ATTRIBUTES = [
    "",
    ' href="/a"',
    ' href="javascript:alert(1)"',
    ' href="#note"',
    ' src="/i.png"',
    ' src="https://www.youtube.com/embed/1"',
    ' data-src=/z srcset="/q 2x, /w 3x"',
    ' style="display:none"',
    " onclick=alert(1)",
    ' id=q class="ad"',
]
PIECES = st.one_of(
    st.builds("<{}{}>".format, st.sampled_from(TAGS), st.sampled_from(ATTRIBUTES)),
    st.builds("</{}>".format, st.sampled_from(TAGS)),
    st.sampled_from(["<!--", "-->", "<![CDATA[", "]]>", "&lt;b&gt;", "&amp;lt;", "&#0;", "\u3000"]),
    st.text(st.characters(exclude_categories=[]), max_size=8),
)
MARKUP = st.lists(PIECES, max_size=20).map("".join)
ANY_TEXT = st.text(st.characters(exclude_categories=[]), max_size=60)


def _body(html: str, sanitizer: str) -> str:
    how = cleaning("nh3" if sanitizer == "nh3" else "bleach")
    raw = RawEntry(
        title=RawText("A title"), content=RawText(html), base_url="https://site.example/"
    )
    return article(raw, how).body


@given(MARKUP)
@settings(max_examples=300, deadline=None)
def test_any_markup(html: str) -> None:
    """Both sanitizers leave the same text and addresses, nothing off the list, and it is stable."""
    by_bleach, by_nh3 = _body(html, "bleach"), _body(html, "nh3")
    assert facts(by_bleach).forbidden == []
    assert facts(by_bleach) == facts(by_nh3)
    assert sanitize(by_bleach, "bleach", EMBEDS).strip() == by_bleach
    assert sanitize(by_nh3, "nh3", EMBEDS).strip() == by_nh3


ENDS = st.lists(
    st.one_of(
        PIECES,
        st.sampled_from(
            [
                *(
                    "<hr>",
                    "Read more",
                    "<p>Read more</p>",
                    "<a href=/x>★</a>",
                    "\n",
                    " ",
                    "<i></i>",
                ),
                *(
                    "<sup><a href='#n'>1</a></sup>",
                    "<p id=n>1. A note</p>",
                    "<p>责任编辑</p>",
                    "</p>",
                ),
            ]
        ),
    ),
    max_size=12,
).map("".join)


@given(MARKUP, ENDS)
@settings(max_examples=300, deadline=None)
@example("", "<p>a</p><hr><i></i>")
@example("", "o<nobr>\n</nobr>x")
@example("x", "<p>Read more</p>" * 9)
@example("", "<ul>text<li></ul>")
def test_cleaning_twice_changes_nothing(html: str, end: str) -> None:
    """What one cleaning leaves, another leaves as well: nothing falls at the second time only."""
    raw = RawEntry(title=RawText("A title"), link="https://site.example/a")
    once = article(replace(raw, content=RawText(html + end)), cleaning("nh3")).body
    assert article(replace(raw, content=RawText(once)), cleaning("nh3")).body == once


@given(MARKUP)
@settings(max_examples=100, deadline=None)
def test_what_is_compared_is_the_text_of_the_body(html: str) -> None:
    """Cleaning measures the text that it has at hand; measuring the body again changes nothing."""
    raw = RawEntry(title=RawText("A title"), content=RawText(html))
    made = article(raw, cleaning("nh3"))
    assert made.text_hash
    assert measured(made) == made


@given(MARKUP)
def test_body_can_be_carried_by_xml(html: str) -> None:
    """No body, and no plain text of it, holds a character that XML forbids."""
    body = _body(html, "bleach")
    etree.Element("content").text = body
    assert strip_illegal(plain_text(body)) == plain_text(body)


@given(
    st.builds(
        RawEntry,
        guid=ANY_TEXT,
        link=ANY_TEXT,
        title=st.builds(RawText, ANY_TEXT, st.sampled_from(TextType)),
        summary=st.builds(RawText, MARKUP, st.sampled_from(TextType)),
        content=st.builds(RawText, MARKUP, st.sampled_from(TextType)),
        authors=st.lists(ANY_TEXT, max_size=3).map(tuple),
        published_text=ANY_TEXT,
        updated_text=ANY_TEXT,
        tags=st.lists(ANY_TEXT, max_size=3).map(tuple),
        images=st.lists(st.builds(Image, ANY_TEXT), max_size=2).map(tuple),
        enclosures=st.lists(st.builds(Enclosure, ANY_TEXT, ANY_TEXT), max_size=2).map(tuple),
        language=ANY_TEXT,
        base_url=ANY_TEXT,
        position=st.integers(),
    )
)
@example(RawEntry(content=RawText("\x7f", TextType.TEXT)))
@settings(deadline=None)
def test_any_entry(raw: RawEntry) -> None:
    """Any entry becomes an article that can be published, or is dropped, and never fails."""
    result = attempt(raw)
    if not isinstance(result, Article):
        assert result.reason != "failed", result.detail
        return
    assert result.title.strip()
    fields = (result.title, result.summary, result.body, result.author, result.link, *result.tags)
    assert all(strip_illegal(field) == field for field in fields)
    assert result.link == "" or result.link.startswith(("http://", "https://"))
    assert result.updated_at >= result.published_at
