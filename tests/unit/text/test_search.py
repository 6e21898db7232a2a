from __future__ import annotations

import pytest

from aggregator.text.search import LONGEST_QUERY, MOST_TERMS, Term, excerpt, marked, plain, terms
from aggregator.text.search import words as words_of


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("The C++ of 3.15", ["the", "c", "of", "3", "15"]),
        ("知识产权", ["知识", "识产", "产权", "权"]),
        ("国", ["国"]),
        ("iPhone15手机", ["iphone15", "手机", "机"]),
        ("Straße ＡＢＣ café ﬁ", ["strasse", "abc", "cafe", "fi"]),
        ("ｶﾞがハングル", ["ガが", "がハ", "ハン", "ング", "グル", "ル"]),
        ("한국어", ["한국", "국어", "어"]),
        ("a_b-c", ["a", "b", "c"]),
        ("", []),
    ],
)
def test_texts_are_cut_into_words(text: str, words: list[str]) -> None:
    """Folded words where spaces stand, pairs and a last letter where none do."""
    assert words_of(text) == words


@pytest.mark.parametrize(
    ("query", "wanted"),
    [
        ("知识产权", [Term(("知识", "识产", "产权"))]),
        ("国", [Term(("国",), is_beginning=True)]),
        ("A股", [Term(("a", "股"), is_beginning=True)]),
        ("3月15日", [Term(("3", "月", "15", "日"), is_beginning=True)]),
        ("iPhone15手机", [Term(("iphone15", "手机"))]),
        ('"产权 国"', [Term(("产权", "权", "国"), is_beginning=True)]),
        ("ab abc", [Term(("ab",)), Term(("abc",), is_beginning=True)]),
        ('"ab cde" "', [Term(("ab", "cde"))]),
        ("x-ray", [Term(("x", "ray"), is_beginning=True)]),
        ("same SAME", [Term(("same",), is_beginning=True)]),
        ("!? *", []),
    ],
)
def test_queries_are_cut_by_the_same_rules(query: str, wanted: list[Term]) -> None:
    """Each word is a term; its last part may be a beginning, unless it stands in quotes."""
    assert list(terms(query)) == wanted


def test_a_query_has_bounds() -> None:
    """So many terms, and so many letters, and what is beyond them is not looked for."""
    many = [f"w{n:03}" for n in range(MOST_TERMS + 1)]
    assert len(terms(" ".join(many[:-1]))) == len(terms(" ".join(many))) == MOST_TERMS
    assert len(terms("x" * (LONGEST_QUERY - 2) + " y")) == 2
    assert len(terms("x" * LONGEST_QUERY + " y")) == 1


@pytest.mark.parametrize(
    ("body", "text"),
    [
        ('<p title="a > b">x<br>y</p>', " x y "),
        ("&lt;b&gt; &amp; &#x4e2d;", "<b> & 中"),
        ('下<a href="https://x.example/">周</a>三<img alt="x"><b>一</b><br>二', "下周三 一 二"),
        ("a<blockquote>b</blockquote>c", "a b c"),
        ("a" * 40_000, "a" * 30_000),
    ],
)
def test_bodies_become_text(body: str, text: str) -> None:
    """Tags of blocks are spaces, entities are letters, and a long body ends somewhere."""
    assert plain(body) == text


def show(parts: list[tuple[str, bool]]) -> str:
    """Parts of a text with brackets around what was found."""
    return "".join(f"[{text}]" if is_found else text for text, is_found in parts)


@pytest.mark.parametrize(
    ("text", "query", "shown"),
    [
        ("Rates rise, says Café", "rates cafe", "[Rates] rise, says [Café]"),
        ("the governments", "gov", "the [governments]"),
        ("the governments", '"gov"', "the governments"),
        ("国家知识产权局", "知识产权", "国家[知识产权]局"),
        ("ＡＢＣ与iPhone15手机", "abc iphone15手机", "[ＡＢＣ]与[iPhone15手机]"),
        ("A股、B股和一股", "a股", "[A股]、B股和一股"),
        ("one, two", '"one two"', "[one, two]"),
        ("<script>", "script", "<[script]>"),
        ("ﬁre ﬁre", "fire", "[ﬁre] [ﬁre]"),
        ("nothing", "", "nothing"),
        ("", "a", ""),
    ],
)
def test_what_was_looked_for_is_marked(text: str, query: str, shown: str) -> None:
    """In the text as it was written, whatever case, width or accents it has."""
    assert show(marked(text, terms(query))) == shown


def test_an_excerpt_is_around_the_first_find() -> None:
    """Short texts stay whole; of long ones a piece is shown, with dots where it was cut."""
    text = f"{'before ' * 50}needle {'after ' * 50}"
    piece = show(excerpt(text, terms("needle"), length=100))
    assert piece.startswith("…before")
    assert "[needle]" in piece
    assert piece.endswith("…")
    assert len(piece) <= 104
    assert show(excerpt("all  of\nit", terms("of"), length=9)) == "all [of] it"
    assert show(excerpt("x" * 300, terms("y"), length=200)) == "x" * 200 + "…"
