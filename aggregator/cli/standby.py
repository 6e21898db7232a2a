"""`run --standby`: waits while another instance has the database, and takes over when it ends.

It waits without opening the database: a newer version would bring the tables up to date, under the
one that works with them.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from aggregator.cli.console import Voice
from aggregator.cli.running import run_service, until_signalled
from aggregator.config.paths import database_url
from aggregator.errors import DatabaseBusyError, StoreError
from aggregator.model.settings import Configuration
from aggregator.store.locking import in_use

_LOOK_EVERY = 1.0


def run_in_turn(read: Callable[[], Configuration], folder: Path, voice: Voice) -> None:
    """Run everything as soon as no other instance does, until a signal ends it.

    `read` reads the configuration: at first, to know the database, and again when it is our turn.

    Raises:
        AggregatorError: the configuration is wrong, or the service cannot start.
    """
    url = database_url(read())
    while _becomes_free(url, voice):
        with suppress(DatabaseBusyError):  # another one was faster, or took it later
            run_service(read(), folder, voice)
            return


def _becomes_free(url: str, voice: Voice) -> bool:
    """Wait until nobody has the database; False where a signal came first."""
    try:
        if not in_use(url):
            return True
    except StoreError:  # it may not be there yet, or be broken: starting makes it, or says so
        return True
    voice.say("another instance runs; this one waits for its turn")
    with until_signalled() as end:
        while _is_taken(url):
            if end.comes_within(_LOOK_EVERY):
                return False
    return True


def _is_taken(url: str) -> bool:
    """Whether it is in use; a database that is away cannot be taken over either."""
    try:
        return in_use(url)
    except StoreError:
        return True
