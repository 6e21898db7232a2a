"""Facts of the corpora that do not hold for us, and why.

An expectation that is itself `WRONG` counts for nobody. What is otherwise here `ON_PURPOSE` is left
out of the comparison as well, but the documentation says how much it is, and what the shares are
with it. What is left and does not hold is a miss, `ACCEPTED` because no reader would notice it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from tests.support.facts import Fact


@dataclass(frozen=True, slots=True)
class Reason:
    """Why facts need not hold: of the documents and kinds that two patterns name."""

    documents: str
    kinds: str
    reason: str

    def covers(self, fact: Fact) -> bool:
        """Whether a fact is one of these."""
        return bool(
            re.search(self.documents, fact.document) and re.fullmatch(self.kinds, fact.kind)
        )


WRONG = (
    Reason(
        r"rss0__rss_0.9[12]_spec_1|rss1__rss_1.0_(debian|example_1|iso8859|spec_[12])",
        "guid",
        "a hash of that library's own making, for items without a guid",
    ),
    Reason(r"rss-parser/uolNoticias", "title|text", "written from mojibake"),
    Reason(r"entities__rang", "title", "&rang; as HTML 4 knew it; it is U+27E9 since HTML 5"),
)

ON_PURPOSE = (
    Reason(
        r"rss-parser/feedburner",
        "link",
        "FeedBurner's counter; here the article's own address, which feedburner:origLink names",
    ),
    Reason(r"entry_category_term", "tag", "a category's term; here its label, made to be read"),
    Reason(
        r"base__entry_title_xml_base_inherit_4|base__http_relative_xml_base",
        "base",
        "where links in a title start; titles are plain text here",
    ),
    Reason(
        r"http_entry_id_base_docuri",
        "guid",
        "an id made absolute; here it stays as written, and outlives a feed that moves",
    ),
    Reason(r"entity_in_doctype", "guid", "an entity of the document's own; none is expanded here"),
    Reason(
        r"sanitize__(item_description|item_content_encoded|item_fullitem)_iframe",
        "shown text",
        "a frame that left without a trace; here a link to its page stays",
    ),
    Reason(
        r"sanitize__entry_title_(blink|iframe|link|meta)",
        "shown title",
        "signs of markup taken out of a title; here they are what the title is about",
    ),
)

ACCEPTED = (
    Reason(r"rss_2.0_ch9", "text", "the longer itunes:summary stands for a text that breaks off"),
    Reason(r"osm-pl", ".*", "the file ends inside its last item, which comes with the next fetch"),
    Reason(r"integration__osm.xml", "text", "expects a style sheet to be read as words"),
    Reason(
        r"item_description_not_a_doctype|xml_declaration_unexpected_character",
        "text|title",
        "what only looks like a document type; browsers do not show it either",
    ),
    Reason(r"entry_content_crazy", "shown text", "expects the <title> inside of a body as text"),
    Reason(r"issue_275", "text", "the bytes of a video as text"),
    Reason(r"translator__rss__.*_item_description", "image", "found later, by cleaning"),
)
