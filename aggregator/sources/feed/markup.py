"""What the XML parser may see of a feed, and no more; every step takes linear time.

Cut away are the prolog with its document type (so that no entity is ever declared, and none
expanded), what XML forbids, entries beyond the limit and an entry that was cut off. Put right are
the two faults that feeds have most: a bare `&`, and HTML's names for characters.
"""

from __future__ import annotations

import re
import sys
from dataclasses import dataclass
from html.entities import html5
from typing import TYPE_CHECKING

from aggregator.sources.found import MOST_ENTRIES
from aggregator.text.counts import counted
from aggregator.text.xml_chars import strip_illegal

if TYPE_CHECKING:
    from collections.abc import Callable

LONGEST_ADDRESS = 254  # of e-mail: RFC 5321 §4.5.3.1.3

_TAG = r"<{}(?:[\w.-]{{1,60}}:)?(?:{})(?=[\s/>])"
_NAMES = "author|creator|managingeditor|webmaster|publisher|owner"
_ROOT = re.compile("<!--|(" + _TAG.format("", "rss|feed|rdf|channel|entry") + ")", re.IGNORECASE)
_ENTRY = re.compile(_TAG.format("(/?)", "item|entry"), re.IGNORECASE)
_EMPTY_TAG = re.compile(r"<[^<>]{0,2000}/>")
_NAME_OPENS = re.compile(_TAG.format("", _NAMES), re.IGNORECASE)
_NAME_CLOSES = re.compile(_TAG.format("/", _NAMES), re.IGNORECASE)
_WORD = r"[A-Za-z0-9_.+@-]"
_LONG_WORD = re.compile(rf"(?<!{_WORD})({_WORD}{{{LONGEST_ADDRESS}}}){_WORD}+")
_STRAY_REFERENCE = re.compile(
    r"&(?!(?:amp|lt|gt|quot|apos);)(?:#(?P<number>x[0-9a-fA-F]{1,6}|[0-9]{1,7});|(?P<name>[A-Za-z][A-Za-z0-9]{1,31};)?)"
)
_LINK_URI = re.compile(r"(<link)\s+uri\s*=\s*(?:\"[^\"<>]*\"|'[^'<>]*')")
_WRONG_END = re.compile(
    r"(<((?:[\w.-]{1,60}:)?title)(?:\s[^<>]{0,500})?(?<!/)>"
    r"(?:<div[^<>]{0,500}>[^<]{0,5000}</div>|[^<]{0,5000}))</(?!\2\s*>)[\w.:-]{1,60}\s*>",
    re.IGNORECASE,
)
_XML_OWN = {"&": "&amp;", "<": "&lt;", ">": "&gt;"}


@dataclass(frozen=True, slots=True)
class Markup:
    """The text of a feed from its root element on, and in words what was wrong with it."""

    text: str
    broken: tuple[str, ...] = ()


def find_root(text: str) -> int:
    """Where the root element of a feed begins, -1 if there is none; comments are passed over."""
    position = 0
    while match := _ROOT.search(text, position):
        if match[1]:
            return match.start()
        end = text.find("-->", match.end())
        if end < 0:
            return -1
        position = end + 3
    return -1


def holds_entry(text: str) -> bool:
    """Whether an entry opens somewhere in a text, read or not."""
    return bool(_ENTRY.search(text))


def prepare(text: str) -> Markup:
    """Cut a feed down to what the XML parser may see; `text` begins with the root element."""
    steps: tuple[Callable[[str], tuple[str, str]], ...] = (
        _legal_characters,
        _whole_entries,
        _legal_references,
        _ends_of_titles,
        _links_by_text,
        _short_addresses,
    )
    notes = []
    for step in steps:
        text, note = step(text)
        notes.append(note)
    return Markup(text, tuple(filter(None, notes)))


def _legal_characters(text: str) -> tuple[str, str]:
    legal = strip_illegal(text)
    return legal, "characters that XML forbids" if len(legal) < len(text) else ""


def _whole_entries(text: str) -> tuple[str, str]:
    """Leave out what follows the last entry that is closed, and entries beyond the limit."""
    opens: list[int] = []
    last_close = 0
    for match in _ENTRY.finditer(text):
        if match[1]:
            last_close = match.end()
        else:
            opens.append(match.start())
    note = ""
    if opens and opens[-1] > last_close and not _EMPTY_TAG.match(text, opens[-1]):
        text = text[: opens.pop()]
        note = f"cut off after {counted(len(opens), 'whole entry', 'whole entries')}"
    if len(opens) > MOST_ENTRIES:
        end = text.find(">", max(last_close, opens[-1])) + 1
        text = text[: opens[MOST_ENTRIES]] + text[end:]
        note = f"{len(opens)} entries, of which the first {MOST_ENTRIES} were read"
    return text, note


def _legal_references(text: str) -> tuple[str, str]:
    """Mend references outside CDATA sections, where nothing is a reference."""
    mended = _outside_sections(text, lambda part: _STRAY_REFERENCE.sub(_mended, part))
    return mended, "bare & or references that XML does not know" if mended != text else ""


def _ends_of_titles(text: str) -> tuple[str, str]:
    """Close titles that end in another element's tag: no parser would give them to their entry."""
    mended = _outside_sections(text, lambda part: _WRONG_END.sub(r"\1</\2>", part))
    return mended, "titles that end in the tag of another element" if mended != text else ""


def _outside_sections(text: str, mend: Callable[[str], str]) -> str:
    """A text with what stands outside CDATA sections mended, piece by piece."""
    pieces = []
    position = 0
    while position < len(text):
        start = text.find("<![CDATA[", position)
        start = len(text) if start < 0 else start
        pieces.append(mend(text[position:start]))
        end = text.find("]]>", start)
        position = len(text) if end < 0 else end + 3
        pieces.append(text[start:position])
    return "".join(pieces)


def _mended(match: re.Match[str]) -> str:
    """The character that a reference means, itself where it is good, or an escaped `&`."""
    number, name = match["number"], match["name"]
    if number:
        code = int(number[1:], 16) if number[0] == "x" else int(number)
        return match[0] if code <= sys.maxunicode and strip_illegal(chr(code)) else ""
    character = html5.get(name or "", "")
    if character:
        return "".join(_XML_OWN.get(c, c) for c in character)
    return "&amp;" + match[0][1:]


def _links_by_text(text: str) -> tuple[str, str]:
    """Take the attribute `uri` off RSS links: feedparser would take it for the address."""
    return _LINK_URI.sub(r"\1", text), ""


def _short_addresses(text: str) -> tuple[str, str]:
    """Cut endless words in the names of people: feedparser takes quadratic time over them."""
    pieces = []
    position = 0
    while opening := _NAME_OPENS.search(text, position):
        closing = _NAME_CLOSES.search(text, opening.end())
        end = closing.start() if closing else len(text)
        pieces += [text[position : opening.end()], _LONG_WORD.sub(r"\1", text[opening.end() : end])]
        position = end
    shortened = "".join([*pieces, text[position:]])
    return shortened, "endless names" if len(shortened) < len(text) else ""
