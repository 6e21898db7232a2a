"""What can be found: texts as words for an index, and what somebody types as terms to look for.

Scripts without spaces between words are cut into pairs of letters that overlap, so that a word of
two letters or more is found inside any run of them, with no dictionary. Both sides are cut by the
same rules; how an index keeps the words is the store's business.
"""

from __future__ import annotations

import re
import unicodedata
from array import array
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import unescape

LONGEST_TEXT = 30_000
"""Characters of an article that can be found: a longer one is found by its beginning."""
LONGEST_QUERY = 200
"""Characters that are read of what somebody types."""
MOST_TERMS = 10
SHORTEST_BEGINNING = 3
"""Letters from which on a word also stands for longer ones that begin with it."""
LONGEST_WORD = 64

_UNSPACED = (
    "\u0e01-\u0ecd\u1000-\u103f\u1780-\u17d3"  # Thai, Lao, Burmese, Khmer
    "\u3005-\u3007\u3041-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7a3\uf900-\ufaff"
    "\U00020000-\U000323af"
)
_NONE = "\x01"
"""Stands for no letter while pairs are made; no word holds it."""
_BETWEEN = "¶"
"""Stands between title and body, so that no phrase goes over from one to the other; no word."""
_WORD = re.compile(r"[^\W_]+")
_RUN = re.compile(f"([{_UNSPACED}]+)")
_LETTER = rf"[^\W_{_UNSPACED}]"
_REST_OF_TAG = r"""[^'">]*(?:(?:"[^"]*"|'[^']*')[^'">]*)*>"""
_INLINE = re.compile(
    r"</?(?:a|abbr|b|bdi|bdo|cite|code|del|dfn|em|i|ins|kbd|mark|q|s|samp|small|span|strong|sub|sup"
    rf"|u|var|wbr)(?=[\s>]){_REST_OF_TAG}"
)
_TAG = re.compile(f"<{_REST_OF_TAG}")
_CHUNK = re.compile(r'"(?P<quoted>[^"]*)"?|[^\s"]+')
_MARKS = re.compile("[\u0300-\u036f]+")
_SIGNS = bytes(code for code in range(256) if not bytes([code]).isalnum())
_WITHOUT_SIGNS = bytes.maketrans(_SIGNS, b" " * len(_SIGNS))


@dataclass(frozen=True, slots=True)
class Term:
    """Words that must follow one another; the last one may be the beginning of a longer word."""

    words: tuple[str, ...]
    is_beginning: bool = False


def plain(body: str) -> str:
    """The text of a sanitized body, a space for each tag that does not stand within a line."""
    joined = _INLINE.sub("", body[: 4 * LONGEST_TEXT])
    return unescape(_TAG.sub(" ", joined))[:LONGEST_TEXT]


def searchable(title: str, summary: str, body: str) -> str:
    """The words of an article as an index keeps them, in their order, a space between them."""
    return f"{_line(title)} {_BETWEEN} {_line(plain(body) or summary)}".strip()


def words(text: str) -> list[str]:
    """The words of a text, folded: no case, no width, no accents; pairs where no spaces stand."""
    return _line(text).split()


def _line(text: str) -> str:
    """The words of a text, a space between them."""
    if text.isascii():
        spaced = text.encode("ascii").lower().translate(_WITHOUT_SIGNS).decode("ascii")
        return _cut(spaced).rstrip()
    # Words with spaces between them, and runs without, in turn.
    parts = _RUN.split(" ".join(_WORD.findall(folded(text))))
    parts[::2] = ["" if part == " " else _cut(part) for part in parts[::2]]
    if len(parts) > 1:
        parts[1::2] = _pairs(parts[1::2])
    return "".join(parts).rstrip()


def _cut(spaced: str) -> str:
    """The words of a text that has spaces, none too long, a space after each."""
    found = spaced.split()
    if max(map(len, found), default=0) > LONGEST_WORD:
        found = [word[:LONGEST_WORD] for word in found]
    return " ".join([*found, ""])


def _pairs(runs: Sequence[str]) -> list[str]:
    """Of each run the pairs of its letters, and its last letter, so that each begins one.

    There is a space after each of them. All runs are cut at once, as numbers, because making a
    text of each pair costs more than all else that is done for searching.
    """
    first = array("I", "\n".join(runs).encode("utf-32-le"))
    second = array("I", _NONE.join([run[1:] + _NONE for run in runs]).encode("utf-32-le"))
    both = array("I", " ".encode("utf-32-le") * 3 * len(first))
    both[0::3] = first
    both[1::3] = second
    return both.tobytes().decode("utf-32-le").replace(_NONE, "").split("\n ")


def folded(text: str) -> str:
    """The text as it is compared: compatible forms, case and Latin accents made one."""
    decomposed = unicodedata.normalize("NFKD", text).casefold()
    return unicodedata.normalize("NFKC", _MARKS.sub("", decomposed))


def terms(query: str) -> tuple[Term, ...]:
    """What somebody looks for: every term must be there; `"in quotes"` exactly so."""
    found = (_term(chunk) for chunk in _CHUNK.finditer(query[:LONGEST_QUERY]))
    return tuple(dict.fromkeys(term for term in found if term))[:MOST_TERMS]


def _term(chunk: re.Match[str]) -> Term | None:
    quoted = chunk["quoted"]
    parts = words(chunk[0] if quoted is None else quoted)
    if not parts:
        return None
    last = parts[-1]
    if _RUN.match(last):
        # A run ends with its last letter alone; in what is searched the run may go on.
        is_in_pair = len(parts) > 1 and len(parts[-2]) > 1 and _RUN.match(parts[-2]) is not None
        return Term(tuple(parts[:-1])) if is_in_pair else Term(tuple(parts), is_beginning=True)
    return Term(tuple(parts), quoted is None and len(last) >= SHORTEST_BEGINNING)


def marked(text: str, wanted: Sequence[Term]) -> list[tuple[str, bool]]:
    """The text in parts, each with whether it is what was looked for."""
    parts, end = list[tuple[str, bool]](), 0
    for start, stop in _spans(text, wanted):
        parts += [(text[end:start], False), (text[start:stop], True)]
        end = stop
    return [part for part in (*parts, (text[end:], False)) if part[0]]


def excerpt(text: str, wanted: Sequence[Term], length: int = 200) -> list[tuple[str, bool]]:
    """A piece of the text around the first thing that was looked for, as `marked` gives it."""
    flat = " ".join(text.split())
    first = next(iter(_spans(flat, wanted)), (0, 0))[0]
    start = max(0, min(first - length // 4, len(flat) - length))
    if start:
        start = flat.find(" ", start, first) + 1 or start
    piece = flat[start : start + length].strip()
    before, after = "…" if start else "", "…" if start + length < len(flat) else ""
    return marked(f"{before}{piece}{after}", wanted)


def _spans(text: str, wanted: Sequence[Term]) -> Iterator[tuple[int, int]]:
    """Where in the text something stands that was looked for, in order, none over another."""
    if not wanted:
        return
    letters, places = _folded_letters(text)
    pattern = re.compile("|".join(_pattern(term) for term in wanted))
    for match in pattern.finditer(letters):
        yield places[match.start()], places[match.end() - 1] + 1


def _folded_letters(text: str) -> tuple[str, Sequence[int]]:
    """The text folded letter by letter, and from which letter each came."""
    if text.isascii():
        return text.lower(), range(len(text))
    folds = {letter: folded(letter) for letter in set(text)}
    parts = [folds[letter] for letter in text]
    return "".join(parts), [place for place, part in enumerate(parts) for _ in part]


def _pattern(term: Term) -> str:
    """What a term looks like in a folded text; pairs that overlap are one run again."""
    runs: list[str] = []
    for word in term.words:
        if runs and _RUN.match(word) and runs[-1][-1] == word[0]:
            runs[-1] += word[1:]
        else:
            runs.append(word)
    begins = "" if _RUN.match(runs[0]) else f"(?<!{_LETTER})"
    if _RUN.match(runs[-1][-1]):
        ends = ""
    else:  # the rest of the word that was only begun, or its end
        ends = f"{_LETTER}*" if term.is_beginning else f"(?!{_LETTER})"
    return begins + r"[\W_]*".join(re.escape(run) for run in runs) + ends
