"""OPML 2.0, by its specification (http://opml.org/spec2.opml)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from lxml import etree

from tests.support.validator import common
from tests.support.validator.common import Finding


def judge(body: bytes) -> list[Finding]:
    """What is wrong with a list of feeds."""
    try:
        root = common.parse(body)
    except etree.XMLSyntaxError as error:
        return [Finding("SAXError", str(error))]
    return list(_opml(root))


def _opml(root: Any) -> Iterator[Finding]:
    if (root.tag, root.get("version")) != ("opml", "2.0"):
        yield Finding("WrongVersion", str(root.tag))
    if [child.tag for child in root] != ["head", "body"]:
        yield Finding("MissingElement", "head and body, in this order")
    outlines = list(root.iterfind("body//outline"))
    if not outlines:
        yield Finding("MissingElement", "outline")
    for outline in outlines:
        if not (outline.get("text") or "").strip():
            yield Finding("NotBlank", "outline/text")
        if outline.get("type") == "rss" and outline.get("xmlUrl") is None:
            yield Finding("MissingAttribute", f"{outline.get('text')}: xmlUrl")
        for name in ("xmlUrl", "htmlUrl"):
            if outline.get(name) is not None:
                yield from common.address(outline.get(name), f"{outline.get('text')}: {name}")
        yield from common.language(outline.get("language"), str(outline.get("text")))
    feeds = [outline.get("xmlUrl") for outline in outlines if outline.get("xmlUrl")]
    yield from common.unique(feeds, "DuplicateEntries")
