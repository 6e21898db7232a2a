"""As which media type a feed is sent: `Accept` read by RFC 9110 §12.5.1, for our one choice.

Chromium shows `application/rss+xml` as source text, and only plain XML with its style sheet. A
browser asks for `application/xml` before anything that it does not name, so it gets that; programs
do not.
"""

from __future__ import annotations

import re

from aggregator.web.remembering import remembered

PLAIN_XML = "application/xml; charset=utf-8"
_FEEDS = frozenset(("application/rss+xml", "application/atom+xml"))
_LONGEST = 1000
_ELEMENT = re.compile(
    r"([!#$%&'*+.^_`|~0-9a-z/-]+)\s*(?:;.*?\bq=(0(?:\.\d{0,3})?|1(?:\.0{0,3})?))?"
)


def is_feed(content_type: str) -> bool:
    """Whether it is one of the types that may be sent as plain XML instead."""
    return content_type.partition(";")[0] in _FEEDS


@remembered
def prefers_plain_xml(field: bytes) -> bool:
    """Whether a client wants `application/xml` more than every type that feeds have."""
    if b"application/xml" not in field or len(field) > _LONGEST:
        return False
    elements = (element.strip() for element in field.decode("latin-1").lower().split(","))
    found = [match for element in elements if (match := _ELEMENT.match(element))]
    given = {match[1]: float(match[2]) if match[2] else 1.0 for match in found}
    others = given.get("application/*", given.get("*/*", 0.0))
    return given.get("application/xml", 0.0) > max(given.get(feed, others) for feed in _FEEDS)
