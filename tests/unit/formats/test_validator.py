"""The rules that judge our feeds are tried with the W3C validator's own cases."""

from __future__ import annotations

import json
from pathlib import Path

from tests.support.shared import SHARED, shared
from tests.support.validator import judge_xml

COVERED = {
    "DuplicateElement", "MissingElement", "MissingTitle", "MissingDescription", "MissingLink",
    "InvalidTAG", "InvalidLink", "InvalidFullLink", "InvalidRFC3339Date", "InvalidRFC2822Date",
    "InvalidMIMEType", "InvalidContact", "InvalidAddrSpec", "MissingAttribute", "ImplausibleDate",
    "MissingSelf", "DuplicateEntries", "DuplicateValue", "DuplicateAtomLink", "NotBlank",
    "InvalidNonNegativeInteger", "MissingContentOrAlternate", "MissingSourceElement",
    "InvalidHttpGUID", "MissingGuid", "ItemMustContainTitleOrDescription", "SAXError",
    "SecurityRisk",
}  # fmt: skip
"""The events that matter for what we publish."""
SAME = {"InvalidAddrSpec": "InvalidContact", "InvalidFullLink": "InvalidLink"}
"""Events that our rules do not tell apart."""
NEVER_WRITTEN = (
    "rss11__", "rss__", "rss10", "rss090", "rss091", "image", "textinput", "textInput", "cloud",
    "skipdays", "skiphours", "Hours", "ttl", "docs", "generator", "icon", "xhtml", "content-src",
    "xmlns", "namespace", "mathml", "brief-entry", "entry-source-author", "link-xmlbase",
)  # fmt: skip
"""In the name of cases about elements, dialects and constructs that our feeds never have."""


def _cases(*, must_occur: bool) -> list[tuple[Path, str]]:
    index = SHARED / "corpus/index.json"
    if not index.exists():
        return []
    return [
        (SHARED / "corpus" / document["file"], expected["validator_event"])
        for document in json.loads(index.read_bytes())["documents"]
        if document["kind"] == "validator"
        and (expected := document["expected"])["must_occur"] is must_occur
        and not any(mark in document["file"] for mark in NEVER_WRITTEN)
    ]


def test_what_the_validator_refuses_is_found() -> None:
    """Each case of an event that matters makes our rules say the same event."""
    shared("corpus/validator")
    cases = [(path, event) for path, event in _cases(must_occur=True) if event in COVERED]
    missed = [
        f"{path.name}: {event}"
        for path, event in cases
        if SAME.get(event, event) not in {each.event for each in judge_xml(path.read_bytes())}
    ]
    assert (len(cases) > 100, missed) == (True, [])


def test_what_the_validator_accepts_is_let_pass() -> None:
    """A case that is to have no error has none of those that matter."""
    shared("corpus/validator")
    cases = [path for path, event in _cases(must_occur=False) if event in {"Error", "Warning"}]
    wrong = {
        path.name: found
        for path in cases
        if (found := [f for f in judge_xml(path.read_bytes()) if f.event in COVERED - ADVICE])
    }
    assert (len(cases) > 25, wrong) == (True, {})


ADVICE = {"MissingSelf", "MissingGuid", "MissingSourceElement", "ImplausibleDate"}
"""Events that the validator only warns of."""
