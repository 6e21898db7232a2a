"""How long an answer stays fresh, as RFC 9111 says, from headers that strangers write."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from aggregator.fetch.freshness import LONGEST_LIFETIME, lifetime

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
NOON = "Mon, 23 Nov 2026 12:00:00 GMT"
LATER = "Mon, 23 Nov 2026 12:10:00 GMT"


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({}, 0),
        ({"cache-control": "max-age=600"}, 600),
        ({"cache-control": "public, Max-Age = 600, must-revalidate"}, 600),
        ({"cache-control": 'max-age="600"'}, 600),
        ({"cache-control": "s-maxage=600"}, 0),
        ({"cache-control": "max-age=-1"}, 0),
        ({"cache-control": "max-age=soon"}, 0),
        ({"cache-control": "no-cache, max-age=600"}, 0),
        ({"cache-control": "max-age=600,no-store"}, 0),
        ({"cache-control": "max-age=600", "age": "100"}, 500),
        ({"cache-control": "max-age=600", "age": "700"}, 0),
        ({"cache-control": "max-age=600", "age": "old"}, 600),
        ({"cache-control": "max-age=600", "expires": NOON}, 600),
        ({"cache-control": "max-age=86399"}, 86399),
        ({"cache-control": "max-age=86400"}, 86400),
        ({"cache-control": "max-age=86401"}, 86400),
        ({"cache-control": "max-age=99999999999999999999"}, 86400),
        ({"expires": LATER}, 600),
        ({"expires": LATER, "date": LATER}, 0),
        ({"expires": LATER, "date": NOON}, 600),
        ({"expires": LATER, "date": "long ago"}, 600),
        ({"expires": NOON, "date": LATER}, 0),
        ({"expires": "0"}, 0),
        ({"expires": "-1"}, 0),
        ({"expires": "Thu, 01 Jan 2099 00:00:00 GMT"}, 86400),
    ],
)
def test_the_headers_say_how_long(headers: dict[str, str], seconds: int) -> None:
    """max-age counts before Expires, time on the way is taken off, and a day is the most."""
    assert lifetime(headers, NOW) == timedelta(seconds=seconds)


@given(st.text(), st.text(), st.text(), st.text())
def test_any_headers_give_a_length(control: str, age: str, expires: str, date: str) -> None:
    """Whatever stands there, it is a length from nothing to a day."""
    headers = {"cache-control": control, "age": age, "expires": expires, "date": date}
    assert timedelta(0) <= lifetime(headers, NOW) <= LONGEST_LIFETIME
