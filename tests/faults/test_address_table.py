"""N5, N6, I5: in a network where every address leads to a canary, nothing of ours reaches one."""

from __future__ import annotations

import pytest

from tests.support.address_forms import FORMS
from tests.support.address_table import REBINDING, REDIRECTED, is_possible, rows
from tests.support.shared import require


@pytest.mark.slow
def test_nothing_inside_is_connected_to() -> None:
    """By no spelling, name, redirect or rebinding; plain requests show that the canaries count."""
    require("unshare", present=is_possible())
    table = rows()
    assert [row for row in table if row.ours] == []
    assert {row.reason for row in table} == {"blocked_address", "bad_url", "dns", "timeout"}
    assert [row.form for row in table if row.reason == "timeout"] == [
        f"{REBINDING} (checked, then asked)"
    ]
    assert sum(row.plain for row in table) > len(FORMS)
    assert sum(row.form.startswith(REDIRECTED) for row in table) >= 10
