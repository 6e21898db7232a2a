"""`python -m tests.support.hurried` is `python -m aggregator` with less patience.

The program is the same, but for the constants that say how long it waits: a test of what happens
after a minute should not take one. And it trusts the authority of the tests' certificates, and has
a resolver with some names that are trouble (see `names`).
"""

from __future__ import annotations

import socket
from datetime import timedelta
from typing import Any

from tests.support import names
from tests.support.origin.certificates import AUTHORITY

SECOND = timedelta(seconds=1)
EXCHANGE_SECONDS = 6.0


def hurry() -> None:
    """Shorten every wait that tests have to sit out."""
    from aggregator.fetch.http import HttpFetcher
    from aggregator.scheduling import jobs
    from aggregator.service import service
    from aggregator.store import database

    patched: list[tuple[Any, str, object]] = [
        (jobs, "PAUSE_AFTER_REFUSAL", SECOND),
        (jobs, "REST_AFTER_FAILURE", SECOND),
        (service, "MEND_EVERY", 2 * SECOND),
        (service, "RENEW_EVERY", SECOND),
        (database, "SQLITE_WAITS_SECONDS", 1),
    ]
    for module, name, value in patched:
        assert hasattr(module, name), name
        setattr(module, name, value)
    defaults = HttpFetcher.__init__.__kwdefaults__
    assert defaults
    defaults["exchange_seconds"] = EXCHANGE_SECONDS
    defaults["ca_bundle"] = AUTHORITY
    socket.getaddrinfo = names.resolve


if __name__ == "__main__":
    from aggregator.cli import main

    hurry()
    main()
