"""How each element of a feed is read: what it holds goes to the feed or entry that it stands in.

Every reader takes the reading, the scope, the element and how deep that stands, and raises `Aside`
where feedparser might find something else.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from aggregator.sources.feed.well_formed import answers, people, tags
from aggregator.sources.feed.well_formed.reading import Reading, Scope
from aggregator.sources.feed.well_formed.texts import (
    TYPES,
    Aside,
    Element,
    attributes,
    language_of,
    text_of,
)
from aggregator.sources.feed.well_formed.vocabulary import (
    DATES,
    EPISODE,
    HARMLESS,
    RESERVED,
)

_ABOUT = "{http://www.w3.org/1999/02/22-rdf-syntax-ns#}about"
_LOST_AMPERSAND = re.compile(r"&([A-Za-z0-9_]+);")
_PAGES = ("text/html", "application/xhtml+xml")
_IN_IMAGE = frozenset({"title", "link", "description", "url", "width", "height"})
_IN_TEXT_INPUT = frozenset({"title", "link", "description", "name"})


def read_all(reading: Reading, scope: Scope, element: Element, depth: int) -> None:
    """Read what stands in an element; `depth` is that of its children."""
    for child in element:
        read_element(reading, scope, child, depth)


def read_element(reading: Reading, scope: Scope, element: Element, depth: int) -> None:
    """Read one element; what stands in one without meaning counts as if it stood outside."""
    name = reading.name(element)
    if reader := READERS.get(name):
        reader(reading, scope, element, depth)
    elif name in RESERVED or (len(element) and name in HARMLESS):
        raise Aside
    elif len(element):
        _inside(reading, scope, element, depth)


def check_is_plain(element: Element) -> None:
    """Entries and channels with addresses of their own are of a format that died."""
    if not {"href", "lastmod"}.isdisjoint(attributes(element)):
        raise Aside


def _inside(reading: Reading, scope: Scope, element: Element, depth: int) -> None:
    if language_of(element, "") != "":
        raise Aside
    read_all(reading, scope, element, depth + 1)


def _entry(reading: Reading, scope: Scope, element: Element, depth: int) -> None:
    if scope.is_entry:
        raise Aside
    check_is_plain(element)
    language = language_of(element, scope.language)
    entry = Scope(language, reading.enter(element), is_entry=True)
    if about := element.get(_ABOUT):
        entry.found["id"] = about
    read_all(reading, entry, element, depth + 1)
    reading.leave(scope)
    reading.entries.append(entry.found)


def _title(reading: Reading, scope: Scope, element: Element, depth: int) -> None:
    """The first that stands highest; that of a picture or film only where there is no other."""
    if not scope.is_entry and "title" in scope.found:
        raise Aside
    detail = reading.content(scope, element, "text/plain")
    if not -1 < scope.title_depth <= depth:
        scope.store("title", detail["value"], depth)
        scope.found["title_detail"] = detail
    if detail["value"] and reading.name(element) != "media_title":
        scope.title_depth = depth


def _description(reading: Reading, scope: Scope, element: Element, depth: int) -> None:
    _read_summary(reading, scope, element, depth, "text/html")


def _summary(reading: Reading, scope: Scope, element: Element, depth: int) -> None:
    _read_summary(reading, scope, element, depth, "text/plain")


def _read_summary(
    reading: Reading, scope: Scope, element: Element, depth: int, default: str
) -> None:
    """A summary; where there is one already, a second is taken for the whole text."""
    if not scope.is_entry:
        if "summary" in scope.found or len(element):
            raise Aside
        if default == "text/plain":
            scope.found["summary"] = ""
    elif "summary" in scope.found and not scope.has_content:
        _whole(reading, scope, element, "text/plain")
    else:
        detail = reading.content(scope, element, default)
        scope.store("summary", detail["value"], depth)
        scope.found["summary_detail"] = detail


def _content(reading: Reading, scope: Scope, element: Element, _depth: int) -> None:
    _whole(reading, scope, element, "text/plain")


def _encoded(reading: Reading, scope: Scope, element: Element, _depth: int) -> None:
    _whole(reading, scope, element, "text/html")


def _whole(reading: Reading, scope: Scope, element: Element, default: str) -> None:
    if not scope.is_entry:
        raise Aside
    scope.has_content = True
    detail = reading.content(scope, element, default)
    scope.found.setdefault("content", []).append(detail)
    scope.found.setdefault("summary", detail["value"])


def _link(reading: Reading, scope: Scope, element: Element, _depth: int) -> None:
    own = _with_href(element)
    own.setdefault("rel", "alternate")
    own.setdefault("type", "application/atom+xml" if own["rel"] == "self" else "text/html")
    scope.found.setdefault("links", []).append(own)
    if "href" in own:
        own["href"] = reading.address(own["href"])
        if own["rel"] == "alternate" and TYPES.get(own["type"], own["type"]) in _PAGES:
            scope.found["link"] = own["href"]
        return
    text = text_of(element)
    address = reading.address(text) if text else ""
    if scope.is_entry:
        address = address.replace("&amp;", "&")
    address = _LOST_AMPERSAND.sub(r"&\g<1>", address)
    scope.found["link"] = address
    if address or not scope.is_entry:
        own["href"] = address


def _with_href(element: Element) -> dict[str, str]:
    """The attributes of a link, with its address under one name."""
    own = attributes(element)
    if "uri" in own or len(element):
        raise Aside
    if own.get("url"):
        own["href"] = own.pop("url")
    return own


def _guid(reading: Reading, scope: Scope, element: Element, depth: int) -> None:
    is_link = attributes(element).get("ispermalink", "true") == "true"
    value = text_of(element)
    if is_link and value:
        value = reading.address(value)
    scope.store("id", value, depth)
    if is_link:
        scope.found.setdefault("link", value)


def _enclosure(_reading: Reading, scope: Scope, element: Element, _depth: int) -> None:
    own = {**_with_href(element), "rel": "enclosure"}
    scope.found.setdefault("links", []).append(own)


def _source(_reading: Reading, scope: Scope, element: Element, _depth: int) -> None:
    if not scope.is_entry:
        raise Aside
    address, title = attributes(element).get("url"), text_of(element)
    told = {"href": address, "title": title or None}
    scope.found["source"] = {name: value for name, value in told.items() if value is not None}


def _rights(reading: Reading, scope: Scope, element: Element, _depth: int) -> None:
    """Asked for of feeds only."""
    detail = reading.content(scope, element, "text/plain")
    if not scope.is_entry:
        scope.found |= {"rights": detail["value"], "rights_detail": detail}


def _word(reading: Reading, scope: Scope, element: Element, depth: int) -> None:
    """A word that feedparser keeps as it is."""
    if element.items():
        raise Aside
    scope.store(reading.name(element), text_of(element), depth)


def _explicit(_reading: Reading, scope: Scope, element: Element, _depth: int) -> None:
    """Yes, no, or neither, where feedparser understands none of the other words for them."""
    if element.items() or len(element):
        raise Aside
    scope.found["itunes_explicit"] = {"yes": True, "clean": False}.get(element.text or "")


def _date(reading: Reading, scope: Scope, element: Element, depth: int) -> None:
    scope.store(DATES[reading.name(element)], text_of(element), depth)


def _language(_reading: Reading, scope: Scope, element: Element, depth: int) -> None:
    scope.store("language", text_of(element), depth)


def _media(reading: Reading, scope: Scope, element: Element, depth: int) -> None:
    if reading.name(element) == "media_content":
        scope.found.setdefault("media_content", []).append(attributes(element))
    if len(element):
        _inside(reading, scope, element, depth)


def _thumbnail(_reading: Reading, scope: Scope, element: Element, _depth: int) -> None:
    if text_of(element):
        raise Aside
    scope.found.setdefault("media_thumbnail", []).append(attributes(element))


def _itunes_image(_reading: Reading, scope: Scope, element: Element, _depth: int) -> None:
    own = attributes(element)
    if len(element):
        raise Aside
    if address := own.get("href") or own.get("url"):
        scope.found["image"] = {"href": address}


def _image(reading: Reading, scope: Scope, element: Element, _depth: int) -> None:
    _check_parts(reading, scope, element, _IN_IMAGE)


def _text_input(reading: Reading, scope: Scope, element: Element, _depth: int) -> None:
    _check_parts(reading, scope, element, _IN_TEXT_INPUT)


def _check_parts(reading: Reading, scope: Scope, element: Element, parts: frozenset[str]) -> None:
    """Pass over the picture or the search field of a feed."""
    if scope.is_entry or any(reading.name(c) not in parts or len(c) for c in element):
        raise Aside


Reader = Callable[[Reading, Scope, Element, int], None]
_AUTHORS = ("author", "managingeditor", "dc_author", "dc_creator", "itunes_author")

READERS: Mapping[str, Reader] = {
    **dict.fromkeys(_AUTHORS, people.author),
    **dict.fromkeys(DATES, _date),
    **dict.fromkeys(("category", "dc_subject", "media_category"), tags.category),
    **dict.fromkeys(("description", "dc_description", "media_description"), _description),
    **dict.fromkeys(("guid", "id"), _guid),
    **dict.fromkeys(("item", "entry"), _entry),
    **dict.fromkeys(("itunes_keywords", "media_keywords"), tags.keywords),
    **dict.fromkeys(("language", "dc_language"), _language),
    **dict.fromkeys(("media_group", "media_content"), _media),
    **dict.fromkeys(("rights", "copyright", "dc_rights"), _rights),
    **dict.fromkeys(("summary", "itunes_summary"), _summary),
    **dict.fromkeys(("title", "dc_title", "media_title"), _title),
    **dict.fromkeys(EPISODE, _word),
    "comments": answers.comments,
    "content": _content,
    "contributor": people.passed_over,
    "content_encoded": _encoded,
    "enclosure": _enclosure,
    "feedburner_origlink": _word,
    "image": _image,
    "itunes_explicit": _explicit,
    "itunes_category": tags.nested_category,
    "itunes_image": _itunes_image,
    "itunes_owner": people.owner,
    "link": _link,
    "media_thumbnail": _thumbnail,
    "source": _source,
    "textinput": _text_input,
    "thr_in-reply-to": answers.in_reply_to,
    "wfw_commentrss": answers.comment_feed,
}
