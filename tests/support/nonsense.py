"""Texts that patterns with a careless star take minutes for, and an entry that is made of one."""

from __future__ import annotations

from datetime import UTC

from aggregator.clean import clean_entry
from aggregator.model.entries import Enclosure, Origin, RawEntry, RawText, TextType
from aggregator.text.dates import parse_date
from aggregator.text.search import terms, words
from aggregator.text.titles import title_key
from tests.support.entries import NOW, REF, cleaning

SIZE = 100_000
NONSENSE = {
    "letters": "a" * SIZE + "!",
    "spaces": "a" + " " * SIZE + "a",
    "tabs and breaks": "\t\n" * (SIZE // 2) + "x",
    "hyphens": "a-" * (SIZE // 2) + "!",
    "dots": "1." * (SIZE // 2) + "!",
    "slashes": "http://a/" + "../" * (SIZE // 3) + "?",
    "colons": "12:" * (SIZE // 3),
    "brackets": "[" * SIZE + "]",
    "angles": "<" * SIZE + ">",
    "open tags": "<a b=" * (SIZE // 5),
    "attributes": "<a " + "a='1' " * (SIZE // 6) + "<",
    "ampersands": "&amp" * (SIZE // 4),
    "numbers": "1" * SIZE + "x",
    "commas": "a@b.c (" * (SIZE // 7),
    "marks": "e" + "\u0301" * SIZE,
    "Chinese": "年月日" * (SIZE // 3),
}


def read_nonsense(name: str) -> str:
    """Clean an entry that says the same in each of its fields; gives the name when it is done."""
    text = NONSENSE[name]
    raw = RawEntry(
        guid=text,
        link=text,
        title=RawText(text, TextType.HTML),
        summary=RawText(text),
        content=RawText(text),
        authors=(text,),
        published_text=text,
        updated_text=text,
        tags=(text,),
        enclosures=(Enclosure(text, text, 1),),
        language=text,
        origin=Origin(text, text, text),
    )
    clean_entry(raw, REF, cleaning("bleach"), NOW)
    clean_entry(raw, REF, cleaning("nh3"), NOW)
    parse_date(text, NOW, UTC)
    title_key(text)
    words(text)
    terms(text)
    return name
