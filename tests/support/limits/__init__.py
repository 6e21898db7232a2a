"""The limits on what comes from outside, each with a way to see whether something still fits.

`LIMITS` is the table of docs/faults.md; `tests/faults/test_limits.py` tries every one of them just
below, at, and above, through the code that has it. A new limit is one line in one of the modules.
"""

from __future__ import annotations

from tests.support.limits import asking, entries, files, serving
from tests.support.limits.limit import Limit

LIMITS: dict[str, Limit] = {
    **asking.LIMITS,
    **entries.LIMITS,
    **files.LIMITS,
    **serving.LIMITS,
}

__all__ = ["LIMITS", "Limit"]
