"""RSS, RDF and Atom into entries, by feedparser, or by `well_formed` where that gives the same.

feedparser gets bytes from memory (its `parse` opens addresses and files that a text names), no
base address (it would make unstable ids of RSS guids), and neither cleans nor resolves markup: we
do that later, once and in linear time. Its dates are never used, only the words they came from.
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterable
from dataclasses import replace
from typing import Any
from urllib.parse import urlsplit

from aggregator.errors import ParseError, ParseReason
from aggregator.model.entries import (
    Enclosure,
    Image,
    Origin,
    ParsedDocument,
    RawEntry,
    RawText,
    TextType,
)
from aggregator.sources.feed import well_formed
from aggregator.sources.feed.episodes import episode
from aggregator.sources.feed.links import first_page, integer
from aggregator.sources.feed.related import name_threads, related
from aggregator.sources.found import resolve
from aggregator.text.markup import plain_text
from aggregator.text.xml_chars import strip_illegal

_HTML_TYPES = ("text/html", "application/xhtml+xml")
_BINARY = ("image/", "audio/", "video/", "font/", "application/pdf", "application/zip")
_ADDRESS = re.compile(r"https?://", re.IGNORECASE)
_LEFT_OF_ADDRESS = re.compile(r"[\s(<]*mailto:[\s)>]*$", re.IGNORECASE)
_PLAYED = ("audio", "video")


def read_well_formed(text: str, url: str, language: str) -> ParsedDocument | None:
    """Read a document without any fault, quickly; None where feedparser has to read it."""
    found = well_formed.read(text, language)
    return _document(found.feed, found.entries, url, is_atom=found.is_atom) if found else None


def read_markup(text: str, url: str, language: str) -> ParsedDocument:
    """Read the entries of an RSS, RDF or Atom document.

    Raises:
        ParseError: there is nothing of a feed in it.
    """
    import feedparser

    headers = {"content-type": "application/xml; charset=utf-8", "content-language": language}
    found = feedparser.parse(
        io.BytesIO(text.encode()),
        response_headers=headers,
        sanitize_html=False,
        resolve_relative_uris=False,
    )
    broken = _trouble(found)
    if not found.version and not found.entries:
        raise ParseError(ParseReason.MALFORMED, broken or "there is nothing of a feed in it")
    is_atom = str(found.version).startswith("atom")
    name_threads(found.entries, found.namespaces)
    return replace(_document(found.feed, found.entries, url, is_atom=is_atom), broken=broken)


def _document(feed: Any, entries: Iterable[Any], url: str, *, is_atom: bool) -> ParsedDocument:
    inherited = _people(feed) if is_atom else ()
    home = _home(feed, url)
    start = url if is_atom else _start(url, home)
    return ParsedDocument(
        entries=tuple(
            _entry(entry, position, start, is_atom, inherited)
            for position, entry in enumerate(entries)
        ),
        origin=Origin(_title(feed), home, url, _id(feed), _rights(feed)),
        language=_text(feed.get("language")),
    )


def _trouble(found: Any) -> str:
    """What was wrong with the markup, in words."""
    error = found.get("bozo_exception") if found.bozo else None
    if error is None:
        return ""
    if hasattr(error, "getLineNumber"):
        return f"not well-formed XML: {error.getMessage()} at line {error.getLineNumber()}"
    return f"not well-formed XML: {error}"


def _entry(
    entry: Any, position: int, url: str, is_atom: bool, inherited: tuple[str, ...]
) -> RawEntry:
    base = _base(entry, url)
    summary, content = _bodies(entry, is_atom)
    source = entry.get("source") or {}
    published, updated = _dates(entry, is_atom)
    return RawEntry(
        guid=_text(entry.get("id")),
        link=_link(entry, url),
        title=_raw(entry, "title", TextType.TEXT),
        summary=summary,
        content=content,
        authors=_people(entry) or _people(source) or inherited,
        published_text=published,
        updated_text=updated,
        tags=_tags(entry),
        images=_images(entry, base),
        enclosures=_enclosures(entry, base),
        language=_language(entry),
        base_url=base,
        position=position,
        origin=_origin(source, url),
        related=related(entry, url),
    )


def _text(value: object) -> str:
    return strip_illegal(value).strip() if isinstance(value, str) else ""


def _typed(detail: Any, default: TextType) -> RawText:
    kind = detail.get("type")
    known = TextType.HTML if kind in _HTML_TYPES else TextType.TEXT
    return RawText(_text(detail.get("value")), known if kind else default)


def _raw(element: Any, name: str, default: TextType) -> RawText:
    detail = element.get(f"{name}_detail")
    return _typed(detail, default) if detail else RawText(_text(element.get(name)), default)


def _bodies(entry: Any, is_atom: bool) -> tuple[RawText, RawText]:
    """The short and the whole text.

    feedparser makes a summary of a whole text that stands alone, and a whole text of a second
    summary, such as a podcast's itunes:summary beside its description.
    """
    summary = _raw(entry, "summary", TextType.HTML)
    contents = [
        _typed(detail, TextType.HTML)
        for detail in entry.get("content", ())
        if not _text(detail.get("type")).startswith(_BINARY)
    ]
    content = max(contents, key=_fullness, default=RawText(""))
    if contents and content.value == summary.value:
        return RawText(""), content
    is_second_summary = not is_atom and content.type is TextType.TEXT
    if is_second_summary and len(content.value) < len(summary.value):
        return summary, RawText("")
    return summary, content


def _fullness(text: RawText) -> tuple[bool, int]:
    return text.type is TextType.HTML, len(text.value)


def _base(entry: Any, url: str) -> str:
    """What the relative links in an entry's texts start from: its xml:base, else the feed."""
    details = [*entry.get("content", ()), entry.get("summary_detail"), entry.get("title_detail")]
    return next((resolve(url, d["base"]) for d in details if d and d.get("base")), url)


def _dates(entry: Any, is_atom: bool) -> tuple[str, str]:
    """The words for when it appeared and changed; RSS has dc:date for the former."""
    # Plain dict access: feedparser's own falls back from one date to the other.
    published = _text(dict.get(entry, "published")) or _text(dict.get(entry, "created"))
    updated = _text(dict.get(entry, "updated"))
    return published or ("" if is_atom else updated), updated


def _link(entry: Any, url: str) -> str:
    """The article's own page: FeedBurner's note of it, else the first alternate link, else its id.

    An id stands for a link only where it is an address: most ids never were meant to be followed.
    """
    link = _text(entry.get("feedburner_origlink")) or first_page(entry.get("links", ()))
    id_as_link = _text(entry.get("link"))
    return resolve(url, link) or (id_as_link if _ADDRESS.match(id_as_link) else "")


def _home(feed: Any, url: str) -> str:
    return resolve(url, first_page(feed.get("links", ())) or _text(feed.get("link")))


def _start(url: str, home: str) -> str:
    """What relative links of RSS start from: the feed, but its site where another host serves it.

    RSS itself does not say; a feed at FeedBurner keeps the relative links of its site.
    """
    try:
        return home if urlsplit(home).hostname not in {None, urlsplit(url).hostname} else url
    except ValueError:
        return url


def _people(element: Any) -> tuple[str, ...]:
    named = [_text(p.get("name")) or _text(p.get("email")) for p in element.get("authors", ())]
    names = [_LEFT_OF_ADDRESS.sub("", name) for name in [*named, _text(element.get("author"))]]
    return tuple(dict.fromkeys(filter(None, names if not any(named) else names[:-1])))


def _tags(entry: Any) -> tuple[str, ...]:
    words = [_text(t.get("label")) or _text(t.get("term")) for t in entry.get("tags", ())]
    return tuple(dict.fromkeys(filter(None, words)))


def _language(entry: Any) -> str:
    details = [*entry.get("content", ()), entry.get("summary_detail"), entry.get("title_detail")]
    inside = next((d["language"] for d in details if d and d.get("language")), "")
    return _text(entry.get("language")) or _text(inside)


def _title(element: Any) -> str:
    """The title of a feed, as plain text."""
    title = _raw(element, "title", TextType.TEXT)
    return plain_text(title.value) if title.type is TextType.HTML else title.value


def _origin(source: Any, url: str) -> Origin:
    """The feed that an entry was taken from: Atom `source`, RSS `source`."""
    if not source:
        return Origin()
    own = next((x.get("href") for x in source.get("links", ()) if x.get("rel") == "self"), "")
    feed_url = _text(source.get("href")) or _text(own)
    link = first_page(source.get("links", ())) or _text(source.get("link"))
    return Origin(
        _title(source), resolve(url, link), resolve(url, feed_url), _id(source), _rights(source)
    )


def _id(feed: Any) -> str:
    """The id that an Atom feed has; feedparser makes an address of RSS's `link` otherwise."""
    return _text(dict.get(feed, "id"))


def _rights(feed: Any) -> str:
    return _raw(feed, "rights", TextType.TEXT).value


def _images(entry: Any, base: str) -> tuple[Image, ...]:
    """Pictures that the entry names beside its text, the likeliest head image first."""
    media = [m for m in entry.get("media_content", ()) if _is_picture(m)]
    files = [x for x in entry.get("links", ()) if _is_enclosure(x) and _is_picture(x)]
    own = [entry["image"]] if isinstance(entry.get("image"), dict) else []
    found = [
        Image(address, integer(m.get("width")), integer(m.get("height")))
        for m in [*media, *entry.get("media_thumbnail", ()), *own, *files]
        if (address := resolve(base, _address(m)))
    ]
    return tuple({image.url: image for image in reversed(found)}.values())[::-1]


def _enclosures(entry: Any, base: str) -> tuple[Enclosure, ...]:
    files = [x for x in entry.get("links", ()) if _is_enclosure(x)]
    played = [m for m in entry.get("media_content", ()) if _is_played(m)]
    said = episode(entry)
    found = [
        Enclosure(
            address,
            _text(f.get("type")),
            integer(f.get("length")) or integer(f.get("filesize")),
            said,
        )
        for f in [*files, *played]
        if (address := resolve(base, _address(f)))
    ]
    return tuple({file.url: file for file in reversed(found)}.values())[::-1]


def _address(element: Any) -> str:
    return _text(element.get("href")) or _text(element.get("url"))


def _is_enclosure(link: Any) -> bool:
    return bool(link.get("rel") == "enclosure")


def _is_picture(element: Any) -> bool:
    kind = _text(element.get("type"))
    return _text(element.get("medium")) == "image" or kind.lower().startswith("image/")


def _is_played(element: Any) -> bool:
    kind = _text(element.get("type")).lower()
    return _text(element.get("medium")) in _PLAYED or kind.split("/")[0] in _PLAYED
