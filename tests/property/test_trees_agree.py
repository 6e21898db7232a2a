"""Markup that is left to the parser alone gives what the bounded builder gives."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from aggregator.model.entries import ParsedDocument
from aggregator.text import markup, tree
from aggregator.text.xml_chars import strip_illegal
from tests.support.facts import read
from tests.support.shared import shared

_TAGS = "p div b a img br ul li table tr td pre script style svg video source wbr noscript o:p form"
_ATTRIBUTES = ("", ' class="x y"', ' href="/a?b=c&amp;d"', " src=p.jpg", " hidden", ' x:y="1"')
_opening = st.builds("<{}{}>".format, st.sampled_from(_TAGS.split()), st.sampled_from(_ATTRIBUTES))
_closing = st.builds("</{}>".format, st.sampled_from(_TAGS.split()))
_text = st.sampled_from(
    ["word", " ", "\n", "&amp;", "&#8217;", "&#11;", "&#xFFFF;", "&bogus;", "<", ">", '"']
)
_odd = st.sampled_from(["<!-- c -->", "<?pi?>", "<!DOCTYPE html>", "<body>", "</html>", "<head>"])
MARKUP = st.lists(st.one_of(_opening, _closing, _text, _odd), max_size=40).map("".join)


def bounded(html: str) -> tree.Element:
    """The tree of the builder that can read anything."""
    return tree.parse_bounded(strip_illegal(html))


@settings(max_examples=300)
@given(MARKUP)
def test_both_ways_to_parse_give_the_same_tree(html: str) -> None:
    """Whatever the markup, the tree does not depend on who built the tree."""
    plainly = tree.inner_html(tree.parse(html))
    assert _bare(plainly) == _bare(tree.inner_html(bounded(html)))


def test_both_ways_to_parse_real_bodies_agree() -> None:
    """The bodies of real feeds come out alike, and most of them need no bounds."""
    alone, count = 0, 0
    for file in sorted(shared("corpus/real").rglob("*.xml"))[::4]:
        found = read(file)
        entries = found.entries if isinstance(found, ParsedDocument) else ()
        for text in (
            text.value for entry in entries[:3] for text in (entry.content, entry.summary)
        ):
            if text.strip():
                count += 1
                alone += tree.parse_harmless(strip_illegal(text)) is not None
                assert _bare(tree.inner_html(tree.parse(text))) == _bare(
                    tree.inner_html(bounded(text))
                )
    assert count
    assert alone > 0.8 * count


def test_deep_markup_is_left_to_the_bounded_builder() -> None:
    """At the greatest depth the parser may work alone, one element deeper it may not."""
    assert tree.parse_harmless("<b>" * tree.MAX_DEPTH + "x") is not None
    assert tree.parse_harmless("<b>" * (tree.MAX_DEPTH + 1) + "x") is None


def test_many_attributes_are_left_to_the_bounded_builder() -> None:
    """So many different attributes as an element may have are no reason, one more is."""
    names = [f"a{number}" for number in range(tree.MAX_ATTRIBUTES + 1)]
    assert tree.parse_harmless(f"<p {' '.join(names[:-1])}>x") is not None
    assert tree.parse_harmless(f"<p {' '.join(names)}>x") is None


def test_long_runs_without_brackets_are_left_to_the_bounded_builder() -> None:
    """A run of the greatest length may be a tag with few attributes, a longer one need not be."""
    assert tree.parse_harmless("<p>" + "x" * tree.SHORT_RUN) is not None
    assert tree.parse_harmless("<p>" + "x" * (tree.SHORT_RUN + 1)) is None


def test_endless_markup_is_left_to_the_bounded_builder() -> None:
    """The number of runs between brackets is bounded before anything is parsed."""
    assert tree.parse_harmless("<b>" * (tree.FEW_RUNS // 2)) is None


@given(st.text())
def test_text_without_markup_needs_no_parser(text: str) -> None:
    """Where a parser would change nothing, the plain text is what it would have given."""
    assert markup.plain_text(text) == markup.lines_of(tree.parse(text))


def _bare(html: str) -> str:
    """Markup without the white space around it, and attributes without a value in one way."""
    return html.strip().replace('=""', "")
