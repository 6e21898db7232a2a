"""Titles made comparable: the key under which two spellings of one headline are equal.

Does not say whether two articles are the same (see `aggregator.dedupe`), and is not for display.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Sequence
from functools import lru_cache
from html import unescape
from itertools import islice

from aggregator.text.generic_titles import GENERIC_TITLES
from aggregator.text.hashing import fingerprint
from aggregator.text.title_marks import MARK_AT_THE_END, ORNAMENTS, WORD_IN_FRONT

LONGEST_KEY = 300
"""Keys are at most this long, so that every database can index them."""

DISTINCTIVE_WEIGHT = 20
"""Letters that make a title distinctive; a Chinese, Japanese or Korean one counts twice."""

_UNTITLED = "untitled:"
_LONGEST_TAG = 24
_MOST_TAGS = 3
_MOST_SEPARATORS = 8
_TAG = re.compile(r"\s*(?:【([^【】]+)】|\[([^\[\]]+)\])\s*")
_NUMBERS_A_PART = re.compile(
    r"\d|^\s*(?:第?[一二三四五六七八九十百千两兩]+[集回话話章节節篇期部季弹彈]?|[上中下前后後][集篇编編]?|(?:.*[^a-z])?[ivx]+)\s*$"
)
_SEPARATOR = re.compile(r"[-_|–—]")
_HYPHENS = "-–—"
_AFTER_A_NAME = re.compile(r"\s*[|_»:—]\s*|\s+[-–]\s+")
_THOUSANDS = re.compile(r"(?<![\d.,])\d{1,3}(?P<mark>[,. '’])\d{3}(?:(?P=mark)\d{3})*(?![.,]?\d)")
_DATE_WORDS = re.compile(
    "january|february|march|april|june|july|august|september|october|november|december"
    "|monday|tuesday|wednesday|thursday|friday|saturday|sunday"
    "|montag|dienstag|mittwoch|donnerstag|freitag|samstag|sonntag"
    "|lundi|mardi|mercredi|jeudi|vendredi|samedi|dimanche"
    "|lunes|martes|miércoles|jueves|viernes|sábado|domingo"
    "|星期[一二三四五六日天]|周[一二三四五六日天]|週[一二三四五六日天]|[月火水木金土日]曜日?|[월화수목금토일]요일"
    "|[年月日号號년월일]"
)
_UNSEEN = re.compile("[\u034f\u115f\u1160\u180b-\u180f\ufe00-\ufe0f\U000e0000-\U000e0fff]")
_SPELLINGS = str.maketrans({"\u2212": "-", "\u00b4": "'", "～": "~", "〜": "~"})
_DROPPED_SYMBOLS = frozenset("|~")
CJK = re.compile(
    "[\u3005-\u3007\u3041-\u30ff\u3400-\u9fff\uac00-\ud7a3\uf900-\ufaff\U00020000-\U0003ffff]"
)
"""Letters of Chinese, Japanese and Korean: one says about as much as two others."""


def title_key(
    title: str, site_names: Sequence[str] = (), simplify: Callable[[str], str] | None = None
) -> str:
    """What is left of a title when only what carries meaning counts; "" for an empty one.

    Compatibility forms and case are folded; leading tags, marks of newsrooms (see `title_marks`)
    and a name of the source at either end are taken off; spaces and punctuation are dropped.
    Letters of every script keep their marks; digits keep what stands between them, and signs
    stay: 4 is not 5, +8% not -8%, C not C++. `simplify` may map variants of one script onto each
    other.
    """
    names = _name_keys(tuple(site_names), simplify)
    text = _without_site(_without_tags(_folded(title, simplify)), names)
    text = _without_mark(text[_end_of_name(text, names) :])
    key = _meaningful(text)
    if len(key) <= LONGEST_KEY:
        return key
    digest = fingerprint(key)
    return key[: LONGEST_KEY - len(digest)] + digest


def untitled_key(link: str, text: str) -> str:
    """The key of what has no title, from its link and the hash of its text; "" without a link."""
    return _UNTITLED + fingerprint(link, text) if link else ""


def is_of_title(key: str) -> bool:
    """Whether a key was made of a title; no title's key has a colon between letters."""
    return key != "" and not key.startswith(_UNTITLED)


def names_site_first(
    title: str, site_names: Sequence[str], simplify: Callable[[str], str] | None = None
) -> bool:
    """Whether a title begins with a name of its source, which its key leaves out."""
    text = _without_tags(_folded(title, simplify))
    return _end_of_name(text, _name_keys(tuple(site_names), simplify)) > 0


def is_distinctive(title: str) -> bool:
    """Whether a title (or its key) is long and particular enough to name one story.

    Digits do not count, nor does a generic name such as "Morning brief" at its beginning or end.
    """
    words = _DATE_WORDS.sub("", _letters(title))
    return _weight(_without_generic(words)) >= DISTINCTIVE_WEIGHT


def _folded(text: str, simplify: Callable[[str], str] | None = None) -> str:
    """NFKC and case folded, entities decoded, without characters that nobody sees."""
    text = unescape(text) if "&" in text else text
    text = _UNSEEN.sub("", text.translate(_SPELLINGS))
    text = unicodedata.normalize("NFKC", text).casefold()
    text = unicodedata.normalize("NFKC", text).strip()
    return simplify(text) if simplify else text


def _without_tags(text: str) -> str:
    """What newsrooms put in front off: ornaments, 【tag】 and [tag], "Breaking:".

    Not tags that number a part, and not what is the whole title.
    """
    for _ in range(_MOST_TAGS):
        bare = text.lstrip(ORNAMENTS + " ")
        end = _end_of_tag(bare)
        if not (end and _meaningful(bare[end:])):
            break
        text = bare[end:]
    return _if_it_says(text.lstrip(ORNAMENTS + " "), text)


def _end_of_tag(text: str) -> int:
    """Where the title begins behind a tag or a word in front; 0 where there is none."""
    if word := WORD_IN_FRONT.match(text):
        return word.end()
    match = _TAG.match(text)
    tag = (match[1] or match[2]) if match else ""
    if not match or len(tag) > _LONGEST_TAG or _NUMBERS_A_PART.search(tag):
        return 0
    return match.end()


def _without_mark(text: str) -> str:
    """What newsrooms put at the end off: ornaments, "(Update)", "（组图）"."""
    return _if_it_says(MARK_AT_THE_END.sub("", text.rstrip(ORNAMENTS + " ")), text)


def _if_it_says(text: str, whole: str) -> str:
    """What is left of a title, but the whole of it where that says nothing."""
    return text if text == whole or _meaningful(text) else whole


def _without_site(text: str, names: frozenset[str]) -> str:
    """Trailing " - Site" off, once for each name of the source that stands there."""
    ends = [match.start() for match in _SEPARATOR.finditer(text)][-_MOST_SEPARATORS:]
    for end in reversed(ends if names else []):
        if _names_site(text, end, names):
            text = text[:end]
    return text


def _names_site(text: str, separator: int, names: frozenset[str]) -> bool:
    """Whether a name of the source follows this separator, and a title goes before it."""
    head, tail = text[:separator].rstrip(), text[separator + 1 :].strip()
    in_a_word = text[separator] in _HYPHENS and head == text[:separator] and tail[:1].isascii()
    return not in_a_word and _meaningful(tail) in names and _meaningful(head) != ""


def _end_of_name(text: str, names: frozenset[str]) -> int:
    """Where the title begins behind "Site: "; 0 where no name of the source goes before it."""
    for found in islice(_AFTER_A_NAME.finditer(text) if names else (), _MOST_SEPARATORS):
        if _meaningful(text[: found.start()]) in names and _meaningful(text[found.end() :]):
            return found.end()
    return 0


@lru_cache(maxsize=4096)
def _name_keys(
    site_names: tuple[str, ...], simplify: Callable[[str], str] | None
) -> frozenset[str]:
    """The names of a source as they are looked for at the end of titles."""
    return frozenset(_meaningful(_folded(name, simplify)) for name in site_names) - {""}


def _meaningful(text: str) -> str:
    """Letters, digits and signs of a folded text; see `title_key`."""
    text = _THOUSANDS.sub(lambda match: match[0].replace(match["mark"], ""), text)
    kept: list[str] = []
    gap = 0
    for index, char in enumerate(text):
        if not _counts(text, index):
            gap += 1
            continue
        if gap and kept and char.isdigit() and kept[-1].isdigit():
            kept.append(_between_digits(text[index - gap : index]))
        kept.append("-" if char in _HYPHENS else char)
        gap = 0
    return "".join(kept)


def _between_digits(gap: str) -> str:
    """What stands for a gap between two digits: 3.15, 3-15 and 3 15 are not 315."""
    mark = gap.strip()
    if len(mark) != 1:
        return " "
    return "-" if mark == "~" or unicodedata.category(mark) == "Pd" else mark


def _counts(text: str, index: int) -> bool:
    """Whether a character carries meaning where it stands."""
    char = text[index]
    kind = unicodedata.category(char)
    if kind[0] in "LMN":
        return True
    if kind[0] == "S":
        return kind != "Sk" and char not in _DROPPED_SYMBOLS
    before, after = text[index - 1 : index], text[index + 1 : index + 2]
    if char in "-–":
        return _is_minus(before, after) or (char == "-" and _is_grade(before, after))
    if char == ".":
        return after.isdigit() and not before.isalnum()
    return (char in "%‰") or (char == "#" and before.isalpha())


def _is_minus(before: str, after: str) -> bool:
    """Whether a hyphen between these makes a number negative, unlike that of COVID-19 or 3-15."""
    starts_number = after.isdigit() or (after != "" and unicodedata.category(after) == "Sc")
    joins = before.isdigit() or before == "%" or (before.isalpha() and not CJK.match(before))
    return starts_number and not joins


def _is_grade(before: str, after: str) -> bool:
    """Whether a hyphen ends a word, as in a rating of A- or BBB-."""
    return before.isalpha() and before.isascii() and not after.isalnum()


def _is_letter(char: str) -> bool:
    return unicodedata.category(char)[0] in "LM"


def _letters(text: str) -> str:
    """The letters and marks alone, folded."""
    return "".join(filter(_is_letter, _folded(text)))


def _weight(letters: str) -> int:
    """How many letters, those of Chinese, Japanese and Korean twice; marks do not count."""
    return sum(map(str.isalpha, letters)) + len(CJK.findall(letters))


@lru_cache(maxsize=1)
def _generic() -> tuple[str, ...]:
    """Generic names as they are looked for, longest first."""
    names = {_DATE_WORDS.sub("", _letters(name)) for name in GENERIC_TITLES} - {""}
    return tuple(sorted(names, key=lambda name: (-len(name), name)))


def _without_generic(words: str) -> str:
    """The words without the longest generic name that they begin and that they end with."""
    for name in _generic():
        if words.startswith(name):
            words = words.removeprefix(name)
            break
    for name in _generic():
        if words.endswith(name):
            return words.removesuffix(name)
    return words
