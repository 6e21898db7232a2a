"""Where a preview says that a date came from."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from aggregator.ingest.preview import date_trail
from aggregator.model.entries import RawEntry

NOW = datetime(2026, 11, 23, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("text", "zone", "why"),
    [
        ("2026-05-04T12:00:00+02:00", "", ""),
        ("Mon, 04 May 2026 12:00:00 GMT", "", ""),
        ("1625045848", "", ""),
        ("2026-05-04 12:00", "Asia/Shanghai", ""),
        ("Mon, 04 May 2026 12:00:00 CST", "Asia/Shanghai", ""),
        ("2021年06月30日 17:37", "Asia/Shanghai", ""),
        ("", "", "the source gives no date"),
        ("Invalid Date", "", "this cannot be read as a date"),
        ("0001-01-01T00:00:00Z", "", "before 1990, which cannot be"),
        ("2026-11-25T00:00:00Z", "", "more than a day ahead, which cannot be"),
    ],
)
def test_zone_or_reason(text: str, zone: str, why: str) -> None:
    """A date that names its zone shows none; one without shows the source's; else the reason."""
    trail = date_trail(RawEntry(published_text=text), "Asia/Shanghai", NOW)
    assert (trail.text, trail.zone, trail.why) == (text, zone, why)


def test_updated_stands_in_for_a_missing_date() -> None:
    """An entry that only says when it was updated is dated by that, and this is told."""
    trail = date_trail(RawEntry(updated_text="2026-05-04T12:00:00Z"), "UTC", NOW)
    assert (trail.field, trail.why) == ("updated", "")
