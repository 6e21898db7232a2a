"""The whole XSS corpus through both sanitizers, read back by a parser that neither of them uses."""

from __future__ import annotations

import pytest

from aggregator.clean.body import clean_body
from aggregator.model.entries import RawText
from aggregator.text.markup import sanitize
from tests.support.bodies import EMBEDS, facts, xss_payloads
from tests.support.entries import BASE, body, cleaning


@pytest.fixture(scope="module")
def payloads() -> list[str]:
    """Every payload once."""
    return sorted(set(xss_payloads()))


def test_nothing_off_the_list_is_left(payloads: list[str]) -> None:
    """No element, attribute or scheme that the policy does not name survives either sanitizer."""
    for name in ("bleach", "nh3"):
        for payload in payloads:
            clean = clean_body(RawText(payload), BASE, (), cleaning(name)).html
            assert facts(clean).forbidden == [], payload


def test_the_sanitizers_agree(payloads: list[str]) -> None:
    """Text and addresses are the same whoever sanitized."""
    for payload in payloads:
        by_bleach = facts(clean_body(RawText(payload), BASE, (), cleaning()).html)
        by_nh3 = facts(clean_body(RawText(payload), BASE, (), cleaning("nh3")).html)
        assert by_bleach == by_nh3, payload


def test_sanitizing_twice_changes_nothing(payloads: list[str]) -> None:
    """What has been through a sanitizer comes out of it, and out of the other, as it went in."""
    for payload in payloads:
        once = clean_body(RawText(payload), BASE, (), cleaning()).html
        assert sanitize(once, "bleach", EMBEDS) == once
        assert facts(sanitize(once, "nh3", EMBEDS)) == facts(once)


def test_code_that_shows_markup_stays_text() -> None:
    """Escaped markup is text, before and after."""
    assert body("<code>&lt;script&gt;alert(1)&lt;/script&gt;</code>") == (
        "<code>&lt;script&gt;alert(1)&lt;/script&gt;</code>"
    )
