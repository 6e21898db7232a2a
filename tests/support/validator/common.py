"""Checks of single values that several formats share: addresses, dates, ids, mail, bodies."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple
from urllib.parse import urlsplit

from lxml import etree, html

EARLIEST = datetime(1970, 1, 1, tzinfo=UTC)


class Finding(NamedTuple):
    """A rule that is broken, by the validator's name for it, and where."""

    event: str
    where: str


def parse(body: bytes) -> Any:
    """Parse without entities, network or DTD.

    Raises:
        XMLSyntaxError: it is not well-formed.
    """
    return etree.fromstring(body, etree.XMLParser(resolve_entities=False, no_network=True))


def text_of(element: Any, tag: str) -> str | None:
    """The text of a child, None without such a child."""
    found = element.find(tag)
    return None if found is None else "".join(found.itertext())


_IRI = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:[^\s<>\"{}|\\^`\x00-\x20]+")
_TAG = re.compile(
    r"tag:(?:[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*|[A-Za-z0-9._-]+@[A-Za-z0-9.-]+)"
    r",\d{4}(?:-\d\d(?:-\d\d)?)?:(?:[^\s#]|#)*"
)
_MAIL = re.compile(r"[^\s@<>()\",:;]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*")
_MIME = re.compile(r"[A-Za-z0-9!#$&.+^_-]+/[A-Za-z0-9!#$&.+^_-]+(?:\s*;.*)?")
_LANGUAGE = re.compile(r"[A-Za-z]{2,8}(?:-[A-Za-z0-9]{1,8})*")
_RFC3339 = re.compile(
    r"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.\d+)?(Z|[+-](?:[01]\d|2[0-3]):[0-5]\d)"
)


def iri(value: str | None, where: str) -> Iterator[Finding]:
    """An address or id with a scheme; tag URIs by their own grammar."""
    value = value or ""
    if value.startswith("tag:"):
        if not _TAG.fullmatch(value):
            yield Finding("InvalidTAG", where)
    elif not _IRI.fullmatch(value):
        yield Finding("InvalidLink", where)


def address(value: str | None, where: str) -> Iterator[Finding]:
    """An address that a reader can follow."""
    try:
        parts = urlsplit(value or "")
        good = parts.scheme in ("http", "https") and bool(parts.hostname)
    except ValueError:
        good = False
    if not good or not _IRI.fullmatch(value or ""):
        yield Finding("InvalidLink", where)


def mail(value: str, where: str) -> Iterator[Finding]:
    """A bare mail address."""
    if not _MAIL.fullmatch(value):
        yield Finding("InvalidContact", where)


def mime_type(value: str, where: str) -> Iterator[Finding]:
    """A media type."""
    if not _MIME.fullmatch(value):
        yield Finding("InvalidMIMEType", where)


def language(value: str | None, where: str) -> Iterator[Finding]:
    """A language tag, where there is one."""
    if value is not None and not _LANGUAGE.fullmatch(value):
        yield Finding("InvalidLanguage", where)


def length(value: str, where: str) -> Iterator[Finding]:
    """A number of bytes."""
    if not (value.isascii() and value.isdigit()):
        yield Finding("InvalidNonNegativeInteger", where)


def rfc3339(value: str | None, where: str) -> Iterator[Finding]:
    """A date as Atom and JSON Feed write it, of a plausible year."""
    found = _RFC3339.fullmatch(value or "")
    try:
        moment = datetime.fromisoformat("".join(found.groups())) if found else None
    except ValueError:
        moment = None
    if moment is None:
        yield Finding("InvalidRFC3339Date", where)
    else:
        yield from plausible(moment, where)


def plausible(moment: datetime, where: str) -> Iterator[Finding]:
    """Neither before feeds could exist nor after tomorrow."""
    if not EARLIEST <= moment <= datetime.now(UTC) + timedelta(days=2):
        yield Finding("ImplausibleDate", where)


def at_most_once(element: Any, tags: Iterable[str]) -> Iterator[Finding]:
    """No child of these comes twice."""
    counts = Counter(child.tag for child in element)
    for tag in tags:
        if counts[tag] > 1:
            yield Finding("DuplicateElement", f"{local(element.tag)}/{local(tag)}")


def present(element: Any, tag: str, event: str = "MissingElement") -> Iterator[Finding]:
    """A child that must be there."""
    if element.find(tag) is None:
        yield Finding(event, f"{local(element.tag)}/{local(tag)}")


def local(tag: str) -> str:
    """A tag without its namespace."""
    return tag.rpartition("}")[2]


def unique(values: Iterable[str], event: str) -> Iterator[Finding]:
    """Nothing comes twice."""
    counts = Counter(values)
    for value, count in counts.items():
        if count > 1:
            yield Finding(event, value)


_ADDRESSES = ("href", "src", "poster", "cite", "data", "longdesc", "action", "background")
_CODE = ("script", "object", "embed", "applet", "meta", "link", "base", "form", "style", "frame")


def body(markup: str | None, where: str) -> Iterator[Finding]:
    """HTML that readers of every kind can show: no relative address, nothing that runs."""
    if not (markup or "").strip():
        return
    for element in html.fragment_fromstring(markup or "", create_parent="div").iter():
        if not isinstance(element.tag, str):
            continue
        if element.tag in _CODE or any(name.startswith("on") for name in element.attrib):
            yield Finding("SecurityRisk", f"{where}: {element.tag}")
        addresses = [element.attrib[name] for name in _ADDRESSES if name in element.attrib]
        addresses += [each.split()[0] for each in element.get("srcset", "").split(", ") if each]
        for each in addresses:
            if each.strip().lower().startswith(("javascript:", "vbscript:", "data:text")):
                yield Finding("SecurityRisk", f"{where}: {each[:40]}")
            elif not _has_scheme(each):
                yield Finding("ContainsRelRef", f"{where}: {each[:80]}")


def _has_scheme(value: str) -> bool:
    return re.match(r"[A-Za-z][A-Za-z0-9+.-]*:", value) is not None
