from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aggregator.text.lines import columns, head, one_line, shorten
from aggregator.text.summaries import LONGEST_SUMMARY, summarize

CHINESE = "图书馆昨日宣布延长开放时间。读者对此表示欢迎！" * 12
JAPANESE = "市立図書館は夜間の開館時間を延長すると発表した。「とても嬉しい。」と利用者は話す。" * 6
ENGLISH = "Dr. Smith paid 3.50 dollars to U.S. Mail. It was late. " * 9


@pytest.mark.parametrize("text", [CHINESE, JAPANESE, ENGLISH])
def test_ends_at_a_sentence(text: str) -> None:
    """A summary ends where a sentence does, in Chinese, Japanese and English."""
    summary = summarize(text)
    assert LONGEST_SUMMARY / 3 < columns(summary) <= LONGEST_SUMMARY
    assert summary[-1] in "。！」."
    assert text.startswith(summary)
    assert not summary.endswith(("Dr.", "3.", "U.S."))


def test_short_text_is_its_own_summary() -> None:
    """What fits stays as it is, on one line."""
    assert summarize(" two\n lines ") == "two lines"


def test_sentences_of_two_paragraphs() -> None:
    """Chinese and Japanese sentences of different paragraphs are joined as they are written."""
    assert summarize("雨停了。\n船开了。") == "雨停了。船开了。"
    assert summarize("「晴れた。」\n船が出る。") == "「晴れた。」船が出る。"
    assert summarize("雨停了。\nThe ship left.\nIt rains.") == "雨停了。 The ship left. It rains."


def test_no_sentence_ends() -> None:
    """Without the end of a sentence the cut is between words, and is shown."""
    summary = summarize("word " * 200)
    assert summary.endswith("word…")
    assert columns(summary) <= LONGEST_SUMMARY


@pytest.mark.parametrize("spare", [1, 0, -1])
def test_limit_in_columns(spare: int) -> None:
    """Full-width signs count twice: 150 of them fit, one more column does not."""
    text = "字" * 149 + "x" * (2 - spare)
    assert (summarize(text) == text) is (spare >= 0)


@given(st.text(max_size=900))
def test_never_longer(text: str) -> None:
    """No text makes a summary longer than its limit."""
    assert columns(summarize(text)) <= LONGEST_SUMMARY


def test_graphemes_stay_whole() -> None:
    """A family of four is one sign for its reader, and is kept or left as one."""
    family = "👨‍👩‍👧‍👦"
    assert head("ab" + family, 3) == "ab"
    assert shorten("a" + family * 3, 8) == "a" + "…"
    assert shorten("a" + family * 3, 9) == "a" + family + "…"


@pytest.mark.parametrize(
    ("text", "line"),
    [
        (" a\u3000b\n\tc ", "a b c"),
        ("a\u202eb\u2066c\u200bd\ufeff", "abcd"),
        ("a\x00\x0b\ud800b\x85c", "ab c"),
        ("e" + "\u0301" * 10_000, "e" + "\u0301" * 8),
        ("नमस्ते ไทย שָׁלוֹם", "नमस्ते ไทย שָׁלוֹם"),
    ],
)
def test_one_line(text: str, line: str) -> None:
    """A line has single spaces, nothing unseen, no turned direction and no flood of marks."""
    assert one_line(text, 100) == line


@pytest.mark.parametrize("length", [99, 100, 101])
def test_line_length(length: int) -> None:
    """A line of the limit's length stays, a longer one is cut to it."""
    line = one_line("x" * length, 100)
    assert len(line) == min(length, 100)
    assert line.endswith("…") is (length > 100)
