"""Atom 1.0 (RFC 4287), and the extensions for archives and tombstones."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import Any

from lxml import etree

from tests.support.shared import SHARED
from tests.support.validator import common
from tests.support.validator.common import Finding, text_of

NS = "{http://www.w3.org/2005/Atom}"
FEED = f"{NS}feed"
_LANG = "{http://www.w3.org/XML/1998/namespace}lang"
_ANSWERED = "{http://purl.org/syndication/thread/1.0}in-reply-to"
_TOMBSTONE = "{http://purl.org/atompub/tombstones/1.0}deleted-entry"
_TEXTS = ("text", "html", "xhtml")


def _names(*names: str) -> tuple[str, ...]:
    return tuple(NS + name for name in names)


_ONCE_IN_FEED = _names("generator", "icon", "id", "logo", "rights", "subtitle", "title", "updated")
_ONCE_IN_ENTRY = _names(
    "content", "id", "published", "rights", "source", "summary", "title", "updated"
)


def judge(root: Any) -> list[Finding]:
    """What is wrong with a feed."""
    return list(_feed(root))


def follows_grammar(root: Any) -> str:
    """What the grammar of RFC 4287 says against it; nothing where it, or no grammar, is here."""
    grammar = _grammar()
    if grammar is None or grammar.validate(root):
        return ""
    return str(grammar.error_log.last_error)


@cache
def _grammar() -> etree.RelaxNG | None:
    path = SHARED / "schema/atom.rng"
    return etree.RelaxNG(etree.parse(path)) if path.exists() else None


def _feed(root: Any) -> Iterator[Finding]:
    if broken := follows_grammar(root):
        yield Finding("Grammar", broken)
    yield from common.language(root.get(_LANG), "feed")
    yield from _required(root, _ONCE_IN_FEED)
    entries = root.findall(f"{NS}entry")
    own = [link for link in root.iterfind(f"{NS}link") if link.get("rel") == "self"]
    if not own:
        yield Finding("MissingSelf", "feed")
    for link in own:
        yield from common.address(link.get("href"), "feed/link self")
    yield from _shared(root)
    ids = [text_of(each, f"{NS}id") or "" for each in entries]
    yield from common.unique(ids, "DuplicateEntries")
    for entry in entries:
        yield from _entry(entry, has_author=root.find(f"{NS}author") is not None)
    for stone in root.iterfind(_TOMBSTONE):
        yield from common.iri(stone.get("ref"), "deleted-entry")
        yield from common.rfc3339(stone.get("when"), "deleted-entry")
        if stone.get("ref") in ids:
            yield Finding("DuplicateEntries", "a tombstone of an entry that is there")


def _required(element: Any, once: tuple[str, ...]) -> Iterator[Finding]:
    yield from common.at_most_once(element, once)
    for name in ("id", "title", "updated"):
        yield from common.present(element, NS + name)
    yield from common.iri(text_of(element, f"{NS}id"), f"{common.local(element.tag)}/id")
    if element.find(f"{NS}updated") is not None:
        yield from common.rfc3339(text_of(element, f"{NS}updated"), "updated")


def _entry(entry: Any, *, has_author: bool) -> Iterator[Finding]:
    where = text_of(entry, f"{NS}id") or "entry"
    yield from _required(entry, _ONCE_IN_ENTRY)
    yield from common.language(entry.get(_LANG), where)
    source = entry.find(f"{NS}source")
    authors = (entry.find(f"{NS}author"), entry.find(f"{NS}source/{NS}author"))
    if not has_author and authors == (None, None):
        yield Finding("MissingElement", f"{where}: author")
    if entry.find(f"{NS}published") is not None:
        yield from common.rfc3339(text_of(entry, f"{NS}published"), where)
    content = entry.find(f"{NS}content")
    if content is None and not any(
        link.get("rel", "alternate") == "alternate" for link in entry.iterfind(f"{NS}link")
    ):
        yield Finding("MissingContentOrAlternate", where)
    yield from _shared(entry)
    if source is not None:
        yield from _source(source, where)
    yield from answers(entry, where)


def answers(entry: Any, where: str) -> Iterator[Finding]:
    """RFC 4685, in RSS as well."""
    for answered in entry.iterfind(_ANSWERED):
        yield from common.iri(answered.get("ref"), f"{where}: in-reply-to")
        if answered.get("href") is not None:
            yield from common.address(answered.get("href"), f"{where}: in-reply-to")


def _source(source: Any, where: str) -> Iterator[Finding]:
    yield from common.at_most_once(source, _ONCE_IN_FEED)
    for name in ("id", "title", "updated"):
        yield from common.present(source, NS + name, "MissingSourceElement")
    yield from common.iri(text_of(source, f"{NS}id"), f"{where}: source")
    yield from _shared(source)


def _shared(element: Any) -> Iterator[Finding]:
    """What feeds, entries and sources have alike: links, people, texts, categories."""
    alternates = list[str]()
    for link in element.iterfind(f"{NS}link"):
        yield from _link(link)
        if link.get("rel", "alternate") == "alternate":
            alternates.append(f"{link.get('type')} {link.get('hreflang')}")
    yield from common.unique(alternates, "DuplicateAtomLink")
    for person in element.iterfind(f"{NS}author"):
        yield from _person(person)
    for person in element.iterfind(f"{NS}contributor"):
        yield from _person(person)
    for category in element.iterfind(f"{NS}category"):
        if not (category.get("term") or "").strip():
            yield Finding("NotBlank", "category/term")
    for name in ("title", "subtitle", "rights", "summary", "content"):
        for text in element.iterfind(NS + name):
            yield from _text(text)


def _link(link: Any) -> Iterator[Finding]:
    if not link.get("href"):
        yield Finding("MissingAttribute", "link/href")
    elif not _is_relative(link.get("href")):
        yield from common.iri(link.get("href"), f"link {link.get('rel')}")
    else:
        yield Finding("RelativeLink", link.get("href"))  # allowed, but not in what we publish
    if (media_type := link.get("type")) is not None:
        yield from common.mime_type(media_type, "link/type")
    if (length := link.get("length")) is not None:
        yield from common.length(length, "link/length")


def _is_relative(address: str) -> bool:
    return ":" not in address.partition("/")[0].partition("?")[0].partition("#")[0]


def _person(person: Any) -> Iterator[Finding]:
    yield from common.at_most_once(person, _names("name", "uri", "email"))
    if not (text_of(person, f"{NS}name") or "").strip():
        yield Finding("NotBlank", f"{common.local(person.tag)}/name")
    if (address := text_of(person, f"{NS}email")) is not None:
        yield from common.mail(address, f"{common.local(person.tag)}/email")


def _text(element: Any) -> Iterator[Finding]:
    where = common.local(element.tag)
    kind = element.get("type", "text")
    if kind not in _TEXTS:
        if where == "content":
            yield from common.mime_type(kind, where)
        else:
            yield Finding("InvalidMIMEType", where)
    if kind in ("html", "text/html"):
        yield from common.body("".join(element.itertext()), where)
    elif kind == "xhtml":
        for child in element:
            yield from common.body(etree.tostring(child, encoding="unicode"), where)
    elif kind == "text" and len(element):
        yield Finding("UndefinedElement", where)
    is_elsewhere = where == "content" and element.get("src") is not None
    if not is_elsewhere and not "".join(element.itertext()).strip() and not len(element):
        yield Finding("NotBlank", where)
