"""OPML files in `sources/`: outlines with a feed become sources, those around them categories.

Reads XML without entities, DTDs or the network. Does not fetch the feeds, and writes nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from aggregator.config.nodes import Document, Entry, Finding, Items, Keys, Place, Scalar
from aggregator.config.parsing import UnreadableError
from aggregator.config.tree import CategoryTree, join
from aggregator.model.articles import CategoryTitle
from aggregator.model.categories import CategorySpec
from aggregator.text.hashing import fingerprint
from aggregator.text.slugs import slug

if TYPE_CHECKING:
    from lxml.etree import _Element

NAMESPACE = "urn:feed-aggregator:source"
"""Namespace of what OPML has no attribute for: the id that a source has with us."""
_ID = f"{{{NAMESPACE}}}id"
_LONGEST_TITLE = 300


@dataclass(frozen=True, slots=True)
class Subscription:
    """A feed that an outline names; `folders` are the titles of the outlines around it.

    `id` is that of a source which this program exported, "" for any other.
    """

    file: str
    line: int
    url: str
    title: str
    site_link: str
    folders: tuple[str, ...]
    id: str = ""


def read_opml(file: str, data: bytes) -> list[Subscription]:
    """Every feed of an OPML document, in its order.

    Raises:
        UnreadableError: it is not XML, or not OPML.
    """
    from lxml import etree

    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False)
    try:
        root = etree.fromstring(data, parser)
    except etree.XMLSyntaxError as error:
        line, column = error.position
        what = f"this is not XML: {error.msg or 'the file is empty'}"
        raise UnreadableError(Finding((), what, place=Place(line or 1, column or 1))) from None
    if etree.QName(root).localname.lower() != "opml":
        what = f"this is not OPML: its root is <{root.tag}>"
        raise UnreadableError(Finding((), what, place=Place(_line(root), 1)))
    outlines = [(each, _attributes(each)) for each in root.iter("outline")]
    return [_subscription(file, *each) for each in outlines if each[1].get("xmlurl")]


def _subscription(file: str, outline: _Element, attributes: Mapping[str, str]) -> Subscription:
    """The feed of an outline, with the folders that it lies in."""
    around = [_attributes(each) for each in outline.iterancestors("outline")]
    folders = [_title(each) for each in reversed(around) if not each.get("xmlurl")]
    return Subscription(
        file=file,
        line=_line(outline),
        url=attributes["xmlurl"],
        title=_own_title(attributes)[:_LONGEST_TITLE],
        site_link=attributes.get("htmlurl", ""),
        folders=tuple(folder for folder in folders if folder),
        id=attributes.get(_ID, ""),
    )


def _line(element: Any) -> int:
    """The line of an element; lxml's types do not tell that it is a number."""
    return int(element.sourceline or 1)


def _attributes(outline: _Element) -> dict[str, str]:
    """The attributes of an outline; programs differ in the case of their names."""
    return {str(name).lower(): str(value).strip() for name, value in outline.attrib.items()}


def _title(attributes: Mapping[str, str]) -> str:
    """What an outline is called, in one line."""
    return " ".join((attributes.get("text") or attributes.get("title") or "").split())


def _own_title(attributes: Mapping[str, str]) -> str:
    """What a feed is called; a text that only repeats its id stands for no title."""
    title = _title(attributes)
    return "" if title == attributes.get(_ID) and "title" not in attributes else title


def source_id(url: str) -> str:
    """The id of a feed that has none of its own: it depends on nothing but the address."""
    try:
        host = urlsplit(url).hostname or ""
    except ValueError:
        host = ""
    return f"{slug(host.removeprefix('www.') or 'feed')}-{fingerprint(url)[:8]}"


def place_subscriptions(
    subscriptions: Iterable[Subscription], tree: CategoryTree
) -> tuple[list[Document], list[CategoryTitle]]:
    """Each feed as a source, once however often it is listed, and the categories to be added."""
    first: dict[str, Subscription] = {}
    paths: dict[str, dict[str, None]] = {}
    added: dict[str, CategoryTitle] = {}
    for each in subscriptions:
        path, new = tree.place(each.folders)
        first.setdefault(each.url, each)
        paths.setdefault(each.url, {}).update({path: None} if path else {})
        added |= {category.path: category for category in new if category.path not in added}
    sources = [_document(each, tuple(paths[url])) for url, each in first.items()]
    return sources, list(added.values())


def _document(feed: Subscription, paths: Sequence[str]) -> Document:
    """A feed in the form in which every source is validated."""
    place = Place(feed.line, 1)

    def entry(value: str) -> Entry:
        return Entry(place, Scalar(place, value, value))

    keys = {
        "id": entry(feed.id or source_id(feed.url)),
        "url": entry(feed.url),
        "title": entry(feed.title),
        "site_link": entry(feed.site_link),
        "category": Entry(place, Items(place, tuple(Scalar(place, each, each) for each in paths))),
    }
    return Document(feed.file, Keys(place, keys), ("outline", feed.title or feed.url))


def grow(
    categories: Sequence[CategorySpec], added: Iterable[CategoryTitle]
) -> tuple[CategorySpec, ...]:
    """The tree with more categories, each under its parent."""
    by_parent: dict[str, list[CategorySpec]] = {}
    for each in added:
        parent, _, segment = each.path.rpartition("/")
        by_parent.setdefault(parent, []).append(CategorySpec(id=segment, title=each.title[:200]))
    return _grown(tuple(categories), by_parent, "")


def _grown(
    categories: tuple[CategorySpec, ...], new: Mapping[str, list[CategorySpec]], parent: str
) -> tuple[CategorySpec, ...]:
    """One level of the tree with what is new on it and below it."""
    return tuple(
        spec.model_copy(update={"categories": _grown(spec.categories, new, join(parent, spec.id))})
        for spec in (*categories, *new.get(parent, ()))
    )
