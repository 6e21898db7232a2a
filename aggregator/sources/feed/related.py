"""What else an entry of RSS or Atom names: where it was found, is answered, or what it answers."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from aggregator.model.entries import Related, Relation
from aggregator.sources.feed.well_formed.vocabulary import THREAD
from aggregator.sources.found import resolve

_REGISTERED = "http://www.iana.org/assignments/relation/"
"""What a relation may begin with (RFC 4287 §4.2.7.2)."""
_IN_LINKS = {each.value: each for each in (Relation.VIA, Relation.RELATED, Relation.REPLIES)}
_PAGE = "text/html"


def related(entry: Mapping[str, Any], url: str) -> tuple[Related, ...]:
    """The other resources of an entry as feedparser names its parts, each once."""
    return tuple(dict.fromkeys(_found(entry, url)))


def name_threads(entries: Iterable[dict[str, Any]], namespaces: Mapping[str, str]) -> None:
    """Call what an entry answers by one name, whatever prefix the document has for RFC 4685."""
    prefixes = [prefix for prefix, uri in namespaces.items() if uri.lower() == THREAD]
    for name in (f"{prefix}_in-reply-to" for prefix in prefixes if prefix != "thr"):
        for entry in entries:
            if name in entry:
                entry["thr_in-reply-to"] = entry[name]


def _found(entry: Mapping[str, Any], url: str) -> Iterator[Related]:
    for link in entry.get("links", ()):
        relation = _IN_LINKS.get(link.get("rel", "").removeprefix(_REGISTERED))
        if relation and (address := resolve(url, link.get("href", ""))):
            yield Related(relation, address, _type(link))
    if page := _address(entry.get("comments"), url):
        yield Related(Relation.REPLIES, page)
    if feed := _address(entry.get("wfw_commentrss"), url):
        yield Related(Relation.REPLIES, feed, "application/rss+xml")
    answered = entry.get("thr_in-reply-to")
    if isinstance(answered, Mapping):
        address = _address(answered.get("href"), url)
        name = answered.get("ref", "").strip()
        if address or name:
            yield Related(Relation.IN_REPLY_TO, address, _type(answered), name)


def _address(text: object, url: str) -> str:
    return resolve(url, text.strip()) if isinstance(text, str) else ""


def _type(link: Mapping[str, Any]) -> str:
    """The type of what is linked to; "" for a page, which is what feedparser says of any link."""
    kind = str(link.get("type", ""))
    return "" if kind == _PAGE else kind
