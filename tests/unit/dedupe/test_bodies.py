from __future__ import annotations

import pytest

from aggregator.dedupe.bodies import agree, comparable, text_hash
from aggregator.text.comparing import COMPARED
from tests.support.deciding import article

WORDS = "onetwothreefourfivesixseveneightnineteneleventwelvethirteenfourteen"
LONG = comparable(
    "The council met on Tuesday and talked for three hours about the new bridge. Residents had "
    "brought drawings and asked for a path along the river. A decision is expected in 14 days."
)


@pytest.mark.parametrize(("length", "agrees"), [(11, False), (12, True), (13, True)])
def test_how_long_a_beginning_must_be(length: int, *, agrees: bool) -> None:
    """Fewer than twelve characters at the beginning prove nothing."""
    assert agree(WORDS[:length], WORDS) == agrees


def test_what_a_cut_leaves_at_the_end_does_no_harm() -> None:
    """A beginning may end in "… read more"; the numbers in it must be in the whole text."""
    assert agree(LONG[:100] + "readmore", LONG)
    assert not agree(LONG[:100] + "1789", LONG)


def test_a_summary_stands_in_the_text() -> None:
    """Sentences taken out of a text agree with it, in whatever order."""
    summary = comparable(
        "A decision is expected in 14 days. Residents had brought drawings and asked for a path."
    )
    assert agree(summary, LONG)
    assert not agree(summary.replace("14", "15"), LONG)
    assert not agree(summary[:55], LONG)


@pytest.mark.parametrize(("length", "agrees"), [(29, False), (30, True), (31, True)])
def test_how_long_a_summary_in_east_asia_must_be(length: int, *, agrees: bool) -> None:
    """Chinese, Japanese and Korean letters say as much as two others each."""
    whole = "".join(map(chr, range(0x4E00, 0x4E00 + 90)))
    assert agree(whole[40 : 40 + length], whole) == agrees


@pytest.mark.parametrize("unseen", ["\u00ad", "\u200b", "\u200e", "\u2060", "\ufeff", "• "])
def test_what_nobody_reads_makes_no_other_text(unseen: str) -> None:
    """Invisible letters and bullets do not count."""
    assert comparable(f"The coun{unseen}cil met") == comparable("The council met")


def test_no_text_is_no_agreement() -> None:
    """Nothing agrees with nothing, nor with anything else."""
    assert not agree("", "")
    assert not agree("", LONG)


@pytest.mark.parametrize(
    ("one", "other"), [("up +1.2%", "up -1.2%"), ("v3.15", "v315"), ("$5", "€5"), ("10:30", "1030")]
)
def test_signs_and_points_count(one: str, other: str) -> None:
    """What differs in a sign or a decimal point is not the same text."""
    assert comparable(one) != comparable(other)


def test_texts_are_compared_to_a_limit() -> None:
    """However long texts are, no more than a bounded beginning is looked at."""
    same = "x" * COMPARED
    assert comparable(same + "a") == comparable(same + "b")
    assert comparable(same[1:] + "a") != comparable(same[1:] + "b")


def test_the_text_is_the_body_else_the_summary() -> None:
    """An article without a body says what its summary says."""
    assert text_hash(article(body="<p>Some <b>text</b>.</p>")) == text_hash(
        article(summary="some text")
    )
    assert text_hash(article(body="<p>x</p>", text_hash="made before")) == "made before"
