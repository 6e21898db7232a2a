"""The judge that counts: what a real browser makes of every clean body of the XSS corpus.

Each body is put into a live page by `innerHTML`, serialised and put in once more (what mutation
XSS lives on), parsed as a document of its own, and its links are clicked. All network is refused.
"""

from __future__ import annotations

from typing import Any

import pytest

from aggregator.clean.body import clean_body
from aggregator.model.entries import RawText
from aggregator.text.markup import sanitize
from tests.support.bodies import EMBEDS, xss_payloads
from tests.support.entries import BASE, cleaning
from tests.support.judge import BATCH, judge, page

__all__ = ["page"]


def test_the_judge_sees(page: Any) -> None:
    """Raw payloads do run in this page, so that silence means something."""
    raw = ["<img src=x: onerror=alert(1)>", '<a href="javascript:alert(1)">x</a>']
    findings = judge(page, raw)
    assert {found[0] for found in findings} >= {-1, 0, 1}


@pytest.mark.parametrize("sanitizer", ["bleach", "nh3"])
def test_nothing_runs(page: Any, sanitizer: str) -> None:
    """No clean body runs anything, holds anything off the policy, or changes when read again."""
    how = cleaning("nh3" if sanitizer == "nh3" else "bleach")
    payloads = set(xss_payloads())
    cleaned = {clean_body(RawText(payload), BASE, (), how).html for payload in payloads}
    # The sanitizer must hold alone, too: a step before it that fails must not open the door.
    alone = {sanitize(payload, how.clean.sanitizer, EMBEDS) for payload in payloads}
    bodies = sorted(cleaned | alone)
    assert len(bodies) > 400
    for start in range(0, len(bodies), BATCH):
        batch = bodies[start : start + BATCH]
        findings = judge(page, batch)
        assert findings == [], [batch[found[0]] for found in findings[:3]]
