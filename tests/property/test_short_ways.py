"""Short ways through plain texts come out where the long way does."""

from __future__ import annotations

import re
import unicodedata

from hypothesis import example, given, settings
from hypothesis import strategies as st

from aggregator.text import search
from aggregator.text.comparing import comparable
from aggregator.text.lines import one_line
from aggregator.text.markup import plain_text

_PIECES = [
    *("word", "Straße", "iPhone15", "x" * search.LONGEST_WORD, "3.15", "-8", ".,5", "e.g.", "_"),
    *("知识产权", "国", "手机", "ガ", "한국어", "ไทย", "Ａ股", "①", "・", "。", "、", "ー"),
    *(" ", "  ", "\n", "\t", "\x0b", "\x1f", "\xa0", "\u3000", "\u2028", "¨", "é", "e\u0301"),
    *("\u0301" * 9, "\U00020000", "\U0001f600", "\ufe0f", "\x01", "¶", "<b a=c>"),
]
TEXT = st.lists(st.one_of(st.sampled_from(_PIECES), st.text(max_size=3)), max_size=12).map("".join)


def words_one_by_one(text: str) -> list[str]:
    """Words and pairs as `search.words` promises them."""
    found = list[str]()
    for word in re.findall(r"[^\W_]+", search.folded(text)):
        for number, part in enumerate(search._RUN.split(word)):
            if number % 2:
                found += [part[start : start + 2] for start in range(len(part))]
            elif part:
                found.append(part[: search.LONGEST_WORD])
    return found


@settings(max_examples=300)
@given(TEXT)
@example("A股 3月15日")
@example("x" * (search.LONGEST_WORD + 1) + "国x")
def test_words_are_cut_as_one_by_one(text: str) -> None:
    """All runs of a text are cut at once as each would be alone."""
    assert search.words(text) == words_one_by_one(text)


@settings(max_examples=300)
@given(TEXT)
def test_a_title_does_not_depend_on_its_way(text: str) -> None:
    """A sign that nobody sees makes a title take the long way, and makes it no other."""
    assert one_line(f"{text}\u2060", 200) == one_line(text, 200)


@settings(max_examples=300)
@given(TEXT.filter(lambda text: not re.search("[<&\r]", text)))
def test_lines_do_not_depend_on_their_way(text: str) -> None:
    """Two blanks at the end make a text take the long way, and its lines no others."""
    assert plain_text(f"{text}  ") == plain_text(text)


@settings(max_examples=300)
@given(TEXT)
def test_what_is_compared_is_what_one_step_after_another_leaves(text: str) -> None:
    """Points that are no decimal ones go, then blanks, then all other punctuation."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    bare = "".join(re.sub(r"[.,:/-](?!\d)", "", folded).split())
    signs = r"""[!"'()*;<=>?@\[\]^_`{|}~“”‘’«»„‹›【】「」『』《》〈〉。、·・—–]"""
    assert comparable(text) == re.sub(signs, "", bare)
