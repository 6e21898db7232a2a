"""The rules of the W3C feed validator that matter for what we publish, as our own checks.

Findings carry the names of its events, so that its own test cases try these rules
(`tests/unit/formats/test_validator.py`). Not here are rules about elements that we never write.
`python -m tests.support.validator FOLDER` judges every published file below a folder.
"""

from __future__ import annotations

from pathlib import PurePosixPath

from lxml import etree

from tests.support.validator import atom, json_feed, opml, rss
from tests.support.validator.common import Finding, parse

__all__ = ["Finding", "judge", "judge_xml"]


def judge(name: str, body: bytes) -> list[Finding]:
    """What is wrong with a published file; the end of its name says what it is meant to be."""
    match PurePosixPath(name).suffix:
        case ".json":
            return json_feed.judge(body)
        case ".opml":
            return opml.judge(body)
        case _:
            return judge_xml(body)


def judge_xml(body: bytes) -> list[Finding]:
    """What is wrong with an RSS 2.0 or Atom 1.0 feed."""
    try:
        root = parse(body)
    except etree.XMLSyntaxError as error:
        return [Finding("SAXError", str(error))]
    if root.tag == atom.FEED:
        return atom.judge(root)
    return rss.judge(root)
