"""`feeds.opml`: every published feed as one tree (http://opml.org/spec2.opml).

Not a format of one category, so it is not in `FORMATS`; publishing asks for it by name. It carries
no date: OPML's dates are optional, and a list of feeds has no newest article.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from lxml import etree

from aggregator.formats.common import writable

if TYPE_CHECKING:
    from aggregator.model.published import PublishedCategory, PublishedSite

FILE_NAME = "feeds.opml"

_FEED_TYPES = {"rss": ("rss", "rss.xml"), "atom": ("atom", "atom.xml")}
"""What a reader subscribes to, the first that is written: OPML's `type` and the file."""


def render_opml(site: PublishedSite) -> bytes:
    """Write the tree; the same site always gives the same bytes.

    A category that is written in no format for feed readers stands as a folder only.
    """
    site = writable(site)
    root = etree.Element("opml", version="2.0")
    etree.SubElement(etree.SubElement(root, "head"), "title").text = site.title
    body = etree.SubElement(root, "body")
    for category in (site.everything, *site.categories, *site.feeds):
        _outline(body, category)
    return etree.tostring(root, pretty_print=True, xml_declaration=True, encoding="UTF-8")


def _outline(parent: Any, category: PublishedCategory) -> None:
    outline = etree.SubElement(parent, "outline", text=category.title, title=category.title)
    for name, (kind, file_name) in _FEED_TYPES.items():
        if name in category.formats:
            outline.set("type", kind)
            outline.set("xmlUrl", category.url + file_name)
            break
    outline.set("htmlUrl", category.url)
    for attribute in ("description", "language"):
        if text := getattr(category, attribute):
            outline.set(attribute, text)
    for child in category.children:
        _outline(outline, child)
