"""Who wrote it, in RSS one text and in Atom an element with parts."""

from __future__ import annotations

from aggregator.sources.feed.markup import LONGEST_ADDRESS
from aggregator.sources.feed.well_formed.reading import Reading, Scope
from aggregator.sources.feed.well_formed.texts import Aside, Element, name_and_address, text_of
from aggregator.sources.feed.well_formed.vocabulary import PERSON, READ_PREFIXES

_KEPT = {"name": "name", "email": "email", "itunes_name": "name", "itunes_email": "email"}


def author(reading: Reading, scope: Scope, element: Element, depth: int) -> None:
    """Somebody who wrote the feed or the entry.

    feedparser mixes what it knows of several authors where one has no name, so only the first may
    have none. What it calls `author` would be another text where name and address are given; it
    only counts where neither is.
    """
    if depth != scope.depths.get("author", depth):
        raise Aside
    people = scope.found.setdefault("authors", [])
    person = _parts(reading, element) if len(element) else name_and_address(text_of(element))
    if people and not person.get("name"):
        raise Aside
    people.append(person)
    scope.store("author", person.get("name") or person.get("email") or "", depth)


def passed_over(reading: Reading, _scope: Scope, element: Element, _depth: int) -> None:
    """People that nobody asks for; their parts are nobody else's."""
    if any(reading.name(child) not in PERSON or len(child) for child in element):
        raise Aside


def owner(reading: Reading, scope: Scope, element: Element, depth: int) -> None:
    """Whom a podcast belongs to; feedparser takes his name and address for its author's.

    That is seen where a channel's authors are those of its entries, or where an entry has one.
    """
    if len(element) and (scope.is_entry or reading.is_atom):
        raise Aside
    passed_over(reading, scope, element, depth)


def _parts(reading: Reading, element: Element) -> dict[str, str]:
    person = dict[str, str]()
    for child in element:
        name, value = reading.name(child), (child.text or "").strip()
        prefix, has_prefix, _ = name.partition("_")
        means_nothing = has_prefix and prefix not in READ_PREFIXES
        if len(child) or not (name in PERSON or means_nothing) or len(value) > LONGEST_ADDRESS:
            raise Aside
        if name in _KEPT:
            person[_KEPT[name]] = value
    if "".join([element.text or "", *(child.tail or "" for child in element)]).strip():
        raise Aside
    return person
