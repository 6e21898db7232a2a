"""The body of a post: HTML as it is, Markdown made HTML, anything else plain text.

Cleaning is not done here: Markdown may hold any HTML, and what comes out is as raw as what went in.
"""

from __future__ import annotations

import re
from functools import cache
from pathlib import PurePosixPath
from typing import TYPE_CHECKING

from aggregator.model.entries import RawText, TextType

if TYPE_CHECKING:
    from markdown_it import MarkdownIt

_MARKDOWN = {".md", ".markdown", ".mdown", ".mkd", ".mdx"}
_HTML = {".html", ".htm", ".xhtml"}
_BLOCK = re.compile(
    r"<(?:!--|!doctype\b|(?:address|article|aside|blockquote|body|center|div|dl|figure|font|footer"
    r"|h[1-6]|header|html|main|ol|p|pre|script|section|style|table|ul)[\s/>])",
    re.IGNORECASE,
)
# Template engines take these marks away; what stands between them is text.
_RAW_MARKS = re.compile(r"\{%-?[ \t]{0,9}(?:end)?raw[ \t]{0,9}-?%\}")


def read_body(body: str, name: str) -> RawText:
    """Say what a body is, by the file's name and by how it begins and ends.

    A body that begins with the tag of a block and ends with a tag is HTML, whatever the file is
    called: Markdown would make code of its indented lines.
    """
    text = _RAW_MARKS.sub("", body).strip("\n")
    suffix = PurePosixPath(name).suffix.lower()
    bare = text.strip()
    if suffix in _HTML or (_BLOCK.match(bare) and bare.endswith(">")):
        return RawText(bare)
    if suffix in _MARKDOWN:
        return RawText(_markdown().render(text))
    return RawText(bare, TextType.TEXT)


@cache
def _markdown() -> MarkdownIt:
    from markdown_it import MarkdownIt

    return MarkdownIt("commonmark").enable(["table", "strikethrough"])
