"""Footnotes: a reference leads to its note on the article's page, and tells it."""

from __future__ import annotations

import pytest

from aggregator.model.entries import RawEntry, RawText
from tests.support.bodies import facts
from tests.support.entries import article, cleaning

PAGE = "https://site.example/post"
REL = 'rel="noopener noreferrer"'


def _body(html: str, link: str = PAGE) -> str:
    raw = RawEntry(title=RawText("A title"), content=RawText(html), link=link)
    clean = article(raw).body
    assert facts(article(raw, cleaning("nh3")).body) == facts(clean)
    return clean


def test_a_reference_leads_to_the_page_and_tells_its_note() -> None:
    """A reference is a link to the article's page at the note, whose text is the link's title."""
    html = (
        '<p>A claim<sup id="fnref:1"><a href="#fn:1">1</a></sup>.</p>'
        '<ol><li id="fn:1"><p>The <b>proof</b>. <a href="#fnref:1">↩︎</a></p></li></ol>'
    )
    assert _body(html) == (
        f'<p>A claim<sup><a href="{PAGE}#fn:1" title="The proof." {REL}>1</a></sup>.</p>'
        "<ol><li><p>The <b>proof</b>. </p></li></ol>"
    )


def test_notes_that_are_linked_in_full() -> None:
    """References that name the whole address, and notes that begin with their number, work too."""
    html = (
        f'<p>A<a id="back-1" href="{PAGE}#note-1">1</a> b</p>'
        '<div><a id="note-1" href="#back-1">1</a> <p>What the note says.</p></div>'
    )
    assert _body(html) == (
        f'<p>A<a href="{PAGE}#note-1" title="What the note says." {REL}>1</a> b</p>'
        "<div>1 <p>What the note says.</p></div>"
    )


def test_a_table_of_contents_leads_to_the_page() -> None:
    """A link to a part further down leads there on the page; the heading's own sign goes."""
    html = '<a href="#part">A part</a><h2 id="part">A part<a href="#part">#</a></h2>'
    assert _body(html) == f'<a href="{PAGE}#part" {REL}>A part</a><h2>A part</h2>'


@pytest.mark.parametrize("link", ["", PAGE])
def test_what_leads_nowhere_is_text(link: str) -> None:
    """Without a target in the text, or without a page, a link within the page is its own text."""
    nowhere = '<p>x <a href="#comments">4 comments</a><a href="#top">↑</a></p>'
    assert _body(nowhere, link) == "<p>x 4 comments</p>"
    note = '<p>x<sup><a href="#n">1</a></sup></p><p id="n">A note <a href="#r">^</a></p>'
    assert ("<sup>1</sup>" in _body(note, link)) == (link == "")


def test_a_long_note_is_cut() -> None:
    """A title holds the beginning of a long note, ended at a sentence."""
    note = "A sentence of this note. " * 200
    title = _body(f'<p>x<a href="#n">*</a></p><p id="n">{note}</p>').partition('title="')[2]
    text = title.partition('"')[0]
    assert len(text) <= 300
    assert text.endswith("note.")


def test_many_references_cost_little() -> None:
    """Only the first notes are told in titles, however many and however long there are."""
    html = '<p><a href="#n">1</a></p>' * 500 + '<div id="n">' + "<p>word</p>" * 9_000 + "</div>"
    clean = _body(html)
    assert clean.count(f'href="{PAGE}#n"') == 500
    assert clean.count("title=") == 200
