"""Which WebSub hub a feed announces, and by which address: `Link` header first, then its head.

https://www.w3.org/TR/websub/#discovery. Read from the text above the first entry, as `hints` are.
"""

from __future__ import annotations

import re
from html import unescape
from urllib.parse import urljoin

from aggregator.sources.feed.hints import head_of

LONGEST_ADDRESS = 2000

_LINK_VALUE = re.compile(
    r"<([^<>]{1,2000})>((?:\s*;\s*[\w*]{1,30}\s*=\s*(?:\"[^\"]{0,300}\"|[^\s;,\"]{1,300}))*)"
)
_REL = re.compile(r";\s*rel\s*=\s*(?:\"([^\"]*)\"|([^\s;,\"]+))", re.IGNORECASE)
_LINK_ELEMENT = re.compile(r"<(?:[\w.-]{1,60}:)?link\s([^<>]{1,4000})>", re.IGNORECASE)
_ATTRIBUTE = re.compile(r"([\w:-]{1,60})\s{0,9}=\s{0,9}(?:\"([^\"]*)\"|'([^']*)')")


def announced(header: str, text: str, base: str) -> tuple[str, str]:
    """Hub and topic of a feed, absolute; the topic is `base` where it names no other; else ""."""
    told = _of_header(header)
    if "hub" not in told:
        told = _of_head(text)
    return hub_and_topic(told.get("hub", ""), told.get("self", ""), base)


def hub_and_topic(hub: str, topic: str, base: str) -> tuple[str, str]:
    """Both as absolute addresses, as in `announced`."""
    hub = _address(hub, base)
    return (hub, _address(topic, base) or base) if hub else ("", "")


def _of_header(header: str) -> dict[str, str]:
    """The first address for each relation in a `Link` header (RFC 8288)."""
    found: dict[str, str] = {}
    for value in _LINK_VALUE.finditer(header):
        rel = _REL.search(value[2])
        for word in (rel[1] or rel[2] or "").lower().split() if rel else ():
            found.setdefault(word, value[1].strip())
    return found


def _of_head(text: str) -> dict[str, str]:
    """The same for the links of a feed, in Atom's namespace whatever its prefix."""
    found: dict[str, str] = {}
    for element in _LINK_ELEMENT.finditer(head_of(text)):
        told = {
            each[1].lower(): each[2] or each[3] or "" for each in _ATTRIBUTE.finditer(element[1])
        }
        for word in told.get("rel", "").lower().split():
            found.setdefault(word, unescape(told.get("href", "")).strip())
    return found


def _address(text: str, base: str) -> str:
    try:
        url = urljoin(base, text) if text else ""
    except ValueError:
        return ""
    is_web = url.lower().startswith(("http://", "https://")) and len(url) <= LONGEST_ADDRESS
    return url if is_web and url.isprintable() and " " not in url else ""
