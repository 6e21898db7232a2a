"""The sources of a configuration as OPML 2.0 (http://opml.org/spec2.opml): categories are outlines.

Only feeds can be written, with address, title, site and id: a list of subscriptions has no place
for selectors, rules and intervals. The published feeds are another list (`formats.opml`).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

from aggregator.config.opml import NAMESPACE
from aggregator.config.tree import join

if TYPE_CHECKING:
    from aggregator.model.categories import CategorySpec
from aggregator.model.settings import Configuration, SourceSpec

_FEED = "feed"


def export_opml(configuration: Configuration) -> tuple[bytes, tuple[str, ...]]:
    """The document, and the ids of the sources that it cannot hold.

    A source in several categories stands in each of them; a category without feeds is left out.
    """
    from lxml import etree

    feeds = [spec for spec in configuration.sources if spec.kind == _FEED]
    root = etree.Element("opml", version="2.0", nsmap={"aggregator": NAMESPACE})
    head, body = etree.SubElement(root, "head"), etree.SubElement(root, "body")
    etree.SubElement(head, "title").text = configuration.settings.site.title
    for spec in feeds:
        if not spec.category:
            _outline(body, spec)
    _folders(body, configuration.categories, "", feeds)
    data = etree.tostring(root, encoding="utf-8", xml_declaration=True, pretty_print=True)
    left_out = [spec.id for spec in configuration.sources if spec.kind != _FEED]
    return data, tuple(left_out)


def _folders(
    parent: Any, categories: Iterable[CategorySpec], above: str, feeds: Sequence[SourceSpec]
) -> None:
    """An outline for each category that holds a feed, or has one below it that does."""
    from lxml import etree

    for category in categories:
        path = join(above, category.id)
        if not any(_is_below(place, path) for spec in feeds for place in spec.category):
            continue
        folder = etree.SubElement(parent, "outline", text=category.title or category.id)
        for spec in feeds:
            if path in spec.category:
                _outline(folder, spec)
        _folders(folder, category.categories, path, feeds)


def _is_below(path: str, parent: str) -> bool:
    return path == parent or path.startswith(f"{parent}/")


def _outline(parent: Any, spec: Any) -> None:
    """A feed; without a title its id is its text, which OPML asks for."""
    from lxml import etree

    attributes = {"type": "rss", "text": spec.title or spec.id}
    if spec.title:
        attributes["title"] = spec.title
    attributes["xmlUrl"] = spec.url
    if spec.site_link:
        attributes["htmlUrl"] = spec.site_link
    outline = etree.SubElement(parent, "outline", attributes)
    outline.set(f"{{{NAMESPACE}}}id", spec.id)
