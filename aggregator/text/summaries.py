"""A summary out of a longer text, ended where a sentence ends.

Works on plain text in any script; a full stop is told from a decimal point or an abbreviation by
what stands around it, not by a dictionary of a language.
"""

from __future__ import annotations

import re

from aggregator.text.lines import close_up, columns, head

LONGEST_SUMMARY = 300
"""Columns: as much as three lines of Latin text, or half as many Chinese signs."""

_SENTENCE_END = re.compile(
    r"[。！？｡]+[」』”’）)】]*"
    r"|(?<![\s.][A-Za-z])(?<!\bMr)(?<!\bMs)(?<!\bDr)(?<!\bSt)(?<!\bvs)(?<!\bNo)(?<!\bMrs)"
    r"[.!?…]+[\"'”’)\]»]*(?=\s|$)"
)
_LAST_SPACE = re.compile(r"\s\S*$")
_SHORTEST_PART = 3
"""A sentence that ends within the first third is not worth losing the rest for."""


def summarize(text: str, most: int = LONGEST_SUMMARY) -> str:
    """The beginning of a text in at most so many columns, cut at a sentence if one ends in it."""
    line = close_up(" ".join(text[: 8 * most].split()))
    if len(line) <= most and columns(line) <= most:
        return line
    start = head(line, most)
    ends = [found.end() for found in _SENTENCE_END.finditer(line, 0, len(start) + 8)]
    fitting = [end for end in ends if len(start) / _SHORTEST_PART <= end <= len(start)]
    if fitting:
        return line[: fitting[-1]].rstrip()
    return _at_word(head(line, most - 1), line) + "…"


def _at_word(start: str, line: str) -> str:
    """Go back to the last space if the cut is inside a word of a script that has spaces."""
    follows = line[len(start) : len(start) + 1]
    if not follows.strip() or not start[-1:].isascii():
        return start.rstrip()
    shorter = _LAST_SPACE.sub("", start)
    return shorter if len(shorter) > len(start) // 2 else start
