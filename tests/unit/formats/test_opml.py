"""OPML 2.0, judged as a feed reader would import it."""

from __future__ import annotations

from lxml import etree

from aggregator.formats import opml
from aggregator.model.published import PublishedCategory, PublishedSite
from tests.support.publishing import SITE


def category(
    path: str, *children: PublishedCategory, formats: str = "rss atom"
) -> PublishedCategory:
    """A published category."""
    words = tuple(formats.split())
    return PublishedCategory(path, f"T {path} <&>", "D", "en", f"{SITE}{path}/", words, children)


def rendered(*categories: PublishedCategory) -> etree._Element:
    """Render a site with these categories and parse it."""
    site = PublishedSite("Site\x00", SITE, "en", "UTC", category("all"), categories)
    assert opml.render_opml(site) == opml.render_opml(site)
    return etree.fromstring(opml.render_opml(site))


def test_the_tree_is_kept() -> None:
    """Categories nest as they do on the site, after the feed of everything."""
    root = rendered(category("a", category("a/b", category("a/b/c"))), category("d"))
    assert root.get("version") == "2.0"
    assert root.findtext("head/title") == "Site"
    top = [str(each.get("text")) for each in root.iterfind("body/outline")]
    assert top == ["T all <&>", "T a <&>", "T d <&>"]
    deepest = root.find("body/outline[2]/outline/outline")
    assert deepest is not None
    assert dict(deepest.items()) == {
        "text": "T a/b/c <&>",
        "title": "T a/b/c <&>",
        "type": "rss",
        "xmlUrl": f"{SITE}a/b/c/rss.xml",
        "htmlUrl": f"{SITE}a/b/c/",
        "description": "D",
        "language": "en",
    }


def test_a_reader_subscribes_to_what_is_written() -> None:
    """RSS where it is written, else Atom; a category without either is a folder."""
    root = rendered(category("a", formats="json atom"), category("b", formats="html"))
    outlines = root.findall("body/outline")[1:]
    assert [(each.get("type"), each.get("xmlUrl")) for each in outlines] == [
        ("atom", f"{SITE}a/atom.xml"),
        (None, None),
    ]
