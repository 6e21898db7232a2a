"""The body of an entry: from whatever a source calls HTML to safe HTML that is good to read.

The order matters: selectors see the markup as the source wrote it, addresses are put right before
pictures are compared, empty elements are found when everything else has gone, and the sanitizer
comes last, so that nothing of ours can undo it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from html import escape

from aggregator.clean import footnotes, links, pictures
from aggregator.clean.cleaning import Cleaning
from aggregator.clean.prune import drop_closing, prune
from aggregator.clean.structure import normalise
from aggregator.clean.tidy import tidy
from aggregator.model.entries import Image, RawText, TextType
from aggregator.text.markup import lines_of, plain_text, sanitize
from aggregator.text.tree import Element, TooMuchMarkupError, drop, held, inner_html, parse, sweep

MAX_BODY = 1_048_576
"""Bytes in UTF-8. A larger body is not read at all: the article keeps its summary and its link."""

_TAG = re.compile(r"<[A-Za-z/!]")
_MORE_THAN_PROSE = re.compile(r"<(?:table|pre)\b|#", re.IGNORECASE)
_PARAGRAPH = re.compile(r"\n[^\S\n]*\n\s*")


@dataclass(frozen=True, slots=True)
class Body:
    """A clean body, its plain text, and the picture that stands for the article.

    `prose` is the text without marks of footnotes, tables and programs, for summaries; the whole
    text where there is nothing else.
    """

    html: str = ""
    text: str = ""
    image: Image | None = None
    prose: str = ""


def is_too_large(text: RawText) -> bool:
    """Whether a text is over `MAX_BODY`."""
    size = len(text.value)
    if size > MAX_BODY or 4 * size <= MAX_BODY:
        return size > MAX_BODY
    return len(text.value.encode("utf-8", "surrogatepass")) > MAX_BODY


def clean_body(
    text: RawText, base: str, given: Iterable[Image], how: Cleaning, page: str = ""
) -> Body:
    """Make a safe body of a text, and find its head image.

    Addresses start from `base`; `page` is the article's own, where it has one.

    Raises:
        TooMuchMarkupError: it is over `MAX_BODY`, or has more elements than any article needs.
    """
    if is_too_large(text):
        raise TooMuchMarkupError(f"more than {MAX_BODY:,} bytes")
    root = parse(as_html(text))
    with held(root):
        return _cleaned(root, base, given, how, page)


def _cleaned(root: Element, base: str, given: Iterable[Image], how: Cleaning, page: str) -> Body:
    """The steps, in their order; the tree is used up."""
    clean, embeds = how.clean, frozenset(how.clean.embeds)
    prune(root, how.remove)
    pictures.resolve(root, base)
    links.resolve_embeds(root, base, embeds)
    marks = footnotes.marks(root, page)
    footnotes.resolve(root, page)
    links.resolve(root, base)
    normalise(root)
    image = pictures.head_image(given, root, base)
    if clean.images == "drop":
        pictures.drop_all(root)
        image = None
    tidy(root)
    if drop_closing(root):
        tidy(root)
    html = sanitize(inner_html(root), clean.sanitizer, embeds).strip()
    if "<" not in html:
        html = html.replace("\n", " ")  # without markup around it, it would make a paragraph
    plain = lines_of(root)
    return Body(html, plain, image, _prose(root, marks, plain))


def prose_of(text: RawText, page: str) -> str:
    """What `Body.prose` is, of a text of which no body is made; `page` is the article's own."""
    html = as_html(text)
    if not _MORE_THAN_PROSE.search(html):
        return plain_text(html)
    try:
        root = parse(html)
    except TooMuchMarkupError:
        return ""
    marks = footnotes.marks(root, page)
    return _prose(root, marks, lines_of(root))


def _prose(root: Element, marks: Iterable[Element], text: str) -> str:
    """A text without these marks, tables and programs; its tree was read and is used up."""
    left_out = [*map(footnotes.whole_mark, marks), *root.iter("table", "pre")]
    for each in left_out:
        drop(each)
    sweep(root)
    return (lines_of(root) if left_out else "") or text


def as_html(text: RawText) -> str:
    """Markup for the parser; text without markup keeps its paragraphs and line breaks."""
    if text.type is TextType.HTML and _TAG.search(text.value):
        return text.value
    value = text.value.strip().replace("\r\n", "\n").replace("\r", "\n")
    if text.type is TextType.TEXT:
        value = escape(value, quote=False)
    if "\n" not in value:
        return value
    paragraphs = (part.strip().replace("\n", "<br>") for part in _PARAGRAPH.split(value))
    return "".join(f"<p>{part}</p>" for part in paragraphs)
