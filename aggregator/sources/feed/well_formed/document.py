"""From the text of a document to what it holds, or to the word that feedparser has to read it."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from lxml import etree

from aggregator.sources.feed.well_formed.elements import check_is_plain, read_all, read_element
from aggregator.sources.feed.well_formed.reading import Reading, Scope
from aggregator.sources.feed.well_formed.texts import Aside, Element, language_of
from aggregator.sources.feed.well_formed.vocabulary import (
    ATOM,
    NAMESPACES,
    READ_PREFIXES,
    RSS_090,
    RSS_1,
)
from aggregator.sources.found import MOST_ENTRIES

_ATOM_ROOT = "{http://www.w3.org/2005/Atom}feed"
_RDF_ROOT = "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}RDF"
_FOREIGN: Mapping[str, tuple[str, ...]] = {
    "rss": (),
    _ATOM_ROOT: (RSS_1, RSS_090),
    _RDF_ROOT: (ATOM, RSS_090),
}
"""Namespaces that make feedparser take a document for one of another format, by root element."""

_PREFIXES = frozenset(NAMESPACES.values()) - {""}
_DECLARED = re.compile(r"xmlns(?::([\w.-]+))?\s*=\s*[\"']([^\"']*)")
_BASES = etree.XPath("count(//@*[translate(local-name(), 'BASE', 'base') = 'base'])")


@dataclass(frozen=True, slots=True)
class Found:
    """What a document holds, under the names that feedparser gives it."""

    feed: Mapping[str, Any]
    entries: list[dict[str, Any]]
    is_atom: bool


def read(text: str, language: str) -> Found | None:
    """Read a document that begins with its root element; None where feedparser has to.

    `language` is what the response said about it.
    """
    parser = etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    try:
        root = etree.fromstring(text, parser)
        return _found(text, root, language) if root.tag in _FOREIGN else None
    except (etree.XMLSyntaxError, ValueError, Aside):
        return None


def _found(text: str, root: Element, language: str) -> Found:
    _check_declarations(text, _FOREIGN[str(root.tag)])
    reading, feed = Reading(root.tag == _ATOM_ROOT), Scope(language or None)
    if language:
        feed.found["language"] = language.replace("_", "-")
    feed.base = reading.enter(root)
    feed.language = language_of(root, feed.language)
    if feed.language and root.tag != _RDF_ROOT:
        feed.found["language"] = feed.language.replace("_", "-")
    if reading.is_atom:
        read_all(reading, feed, root, 2)
    else:
        _read_channel(reading, feed, root)
    if not 0 < len(reading.entries) == _entries_in(root) <= MOST_ENTRIES:
        raise Aside  # some stand where they do not belong
    if reading.bases != _BASES(root):
        raise Aside  # some stand where they were not expected
    return Found(feed.found, reading.entries, reading.is_atom)


def _entries_in(root: Element) -> int:
    """How many elements are called entries, wherever they stand."""
    count = Counter(str(each.tag).rpartition("}")[2].lower() for each in root.iter())
    return count["item"] + count["entry"]


def _check_declarations(text: str, foreign: tuple[str, ...]) -> None:
    """Look for declarations that change what names mean, anywhere in a document."""
    for prefix, uri in {(prefix.lower(), uri.lower()) for prefix, uri in _DECLARED.findall(text)}:
        standard = NAMESPACES.get(uri)
        is_taken = prefix in (READ_PREFIXES if standard is None else _PREFIXES - {standard})
        if is_taken or uri in foreign or "backend.userland.com/rss" in uri:
            raise Aside


def _read_channel(reading: Reading, feed: Scope, root: Element) -> None:
    """RSS: everything stands in the one channel, in RSS 1.0 the entries behind it."""
    channel, *others = root
    if reading.name(channel) != "channel":
        raise Aside
    check_is_plain(channel)
    around = feed.language
    feed.language = language_of(channel, around)
    read_all(reading, feed, channel, 3)
    feed.language = around
    for other in others:
        if root.tag != _RDF_ROOT or reading.name(other) not in ("item", "image", "textinput"):
            raise Aside
        read_element(reading, feed, other, 2)
