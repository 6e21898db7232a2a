"""OPML 2.0, by its specification (http://opml.org/spec2.opml).

Elements and attributes that it does not name must stand in a namespace; every value that it gives
a form must have it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from lxml import etree

from tests.support.validator import common, rss
from tests.support.validator.common import Finding

Check = Callable[[str, str], Iterator[Finding]]


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
    if [child.tag for child in _own(root)] != ["head", "body"]:
        yield Finding("MissingElement", "head and body, in this order")
    for head in root.iterfind("head"):
        yield from _head(head)
    for body in root.iterfind("body"):
        yield from common.present(body, "outline")
        yield from _outlines(body)
    feeds = [each.get("xmlUrl") for each in root.iter("outline") if each.get("xmlUrl")]
    yield from common.unique(feeds, "DuplicateEntries")


def _head(head: Any) -> Iterator[Finding]:
    yield from common.at_most_once(head, _HEAD)
    for child in _own(head):
        if child.tag not in _HEAD:
            yield Finding("UndefinedElement", f"head/{child.tag}")
        elif child.text:
            yield from _HEAD[child.tag](child.text.strip(), f"head/{child.tag}")


def _outlines(parent: Any) -> Iterator[Finding]:
    for child in _own(parent):
        if child.tag != "outline":
            yield Finding("UndefinedElement", f"{parent.tag}/{child.tag}")
            continue
        yield from _outline(child)
        yield from _outlines(child)


def _outline(outline: Any) -> Iterator[Finding]:
    where = str(outline.get("text"))
    if not (outline.get("text") or "").strip():
        yield Finding("NotBlank", "outline/text")
    for name, value in outline.attrib.items():
        if name not in _OUTLINE and not name.startswith("{"):
            yield Finding("UndefinedAttribute", f"{where}: {name}")
        elif name in _OUTLINE:
            yield from _OUTLINE[name](value, f"{where}: {name}")
    needed = {"rss": "xmlUrl", "link": "url", "include": "url"}.get(outline.get("type"))
    if needed and outline.get(needed) is None:
        yield Finding("MissingAttribute", f"{where}: {needed}")


def _own(parent: Any) -> list[Any]:
    """The children that stand in no namespace."""
    return [x for x in parent if isinstance(x.tag, str) and not x.tag.startswith("{")]


def _anything(_value: str, _where: str) -> Iterator[Finding]:
    yield from ()


def _one_of(*words: str) -> Check:
    def check(value: str, where: str) -> Iterator[Finding]:
        if value not in words:
            yield Finding("InvalidValue", where)

    return check


def _lines(value: str, where: str) -> Iterator[Finding]:
    """Numbers of outlines, with commas between."""
    for number in value.split(",") if value else ():
        yield from common.length(number.strip(), where)


def _categories(value: str, where: str) -> Iterator[Finding]:
    """Slash-delimited paths, or tags, with commas between."""
    if not all(each.strip("/ ") for each in value.split(",")):
        yield Finding("NotBlank", where)


_HEAD: Mapping[str, Check] = {
    "title": _anything,
    "dateCreated": rss.rfc822,
    "dateModified": rss.rfc822,
    "ownerName": _anything,
    "ownerEmail": common.mail,
    "ownerId": common.address,
    "docs": common.address,
    "expansionState": _lines,
    "vertScrollState": common.length,
    "windowTop": common.length,
    "windowLeft": common.length,
    "windowBottom": common.length,
    "windowRight": common.length,
}
_YES_OR_NO = _one_of("true", "false")
_OUTLINE: Mapping[str, Check] = {
    "text": _anything,
    "type": _anything,
    "isComment": _YES_OR_NO,
    "isBreakpoint": _YES_OR_NO,
    "created": rss.rfc822,
    "category": _categories,
    "xmlUrl": common.address,
    "htmlUrl": common.address,
    "url": common.address,
    "title": _anything,
    "description": _anything,
    "language": common.language,
    "version": _one_of("RSS1", "RSS", "scriptingNews"),
}
