"""`run` and `serve`: what they start, and how Ctrl-C and SIGTERM end it."""

from __future__ import annotations

import signal
from collections.abc import Iterator, Mapping
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from queue import Empty, SimpleQueue

from aggregator.cli.console import Voice
from aggregator.cli.serving import web_app
from aggregator.config.paths import site_url
from aggregator.errors import AggregatorError
from aggregator.fetch.guard import AddressPolicy
from aggregator.model.settings import Configuration
from aggregator.service.assembly import (
    assemble,
    budget_of,
    open_configured_store,
    picture_fetcher,
    utc_now,
)
from aggregator.service.metrics import MEDIA_TYPE
from aggregator.service.service import Service
from aggregator.service.status import status_page
from aggregator.store.store import Store
from aggregator.web.metrics import Scrape
from aggregator.web.server import HttpServer
from aggregator.web.status import Status
from aggregator.web.websub import Callbacks

_LOOK_UP = 1.0
"""Seconds after which a wait looks whether a signal came unnoticed."""


def run_service(
    configuration: Configuration, folder: Path, voice: Voice, policy: AddressPolicy | None = None
) -> None:
    """Run everything until a signal ends it.

    `policy` says which addresses may be connected to, instead of the settings.

    Raises:
        AggregatorError: it cannot start: the database is taken or broken, the port is in use;
            or another instance took the database later.
    """
    store = open_configured_store(configuration)
    with until_signalled() as end, closing(store), store.lock_instance() as lock:
        service = Service(assemble(configuration, store, policy=policy), folder, lock, end)
        scrape = Scrape(
            service.metrics.render,
            MEDIA_TYPE,
            lambda: service.configuration.settings.server.metrics_token,
        )
        status = Status(service.status)
        app = web_app(
            lambda: service.configuration,
            store,
            service,
            status,
            scrape=scrape,
            callbacks=Callbacks(service.subscriber),
            pictures=lambda: service.pictures,
        )
        server = HttpServer(app, configuration.settings.server.bind)
        try:
            service.start()
            with _answering(server, configuration, voice):
                end.wait()
        finally:
            service.stop()
        if service.lost:
            raise service.lost


def serve_only(configuration: Configuration, voice: Voice) -> None:
    """Answer HTTP until a signal ends it; no source is read and nothing is published.

    Raises:
        AggregatorError: the database cannot be opened, or the port is in use.
    """
    with until_signalled() as end, closing(open_configured_store(configuration)) as store:
        status = Status(lambda: status_page(store, configuration, utc_now()))
        fetcher = picture_fetcher(configuration, budget_of(configuration))
        app = web_app(
            lambda: configuration, store, _StoreAlone(store), status, pictures=lambda: fetcher
        )
        server = HttpServer(app, configuration.settings.server.bind)
        with _answering(server, configuration, voice):
            end.wait()


class _StoreAlone:
    """The health of a process that only serves: all it needs is the database."""

    def __init__(self, store: Store) -> None:
        self._store = store

    def problems(self) -> Mapping[str, str]:
        """Whether the database answers."""
        try:
            self._store.ping()
        except AggregatorError:
            return {"database": "it does not answer; the log says why"}
        return {}

    def notices(self) -> Mapping[str, str]:
        """Nothing else can be wrong here."""
        return {}


@contextmanager
def _answering(server: HttpServer, configuration: Configuration, voice: Voice) -> Iterator[None]:
    server.start()
    voice.say(
        f"open http://{server.address}/ or subscribe to {site_url(configuration.settings)}all/"
    )
    try:
        yield
    finally:
        server.stop()


class End:
    """The end of the process: announced by any thread or signal handler, awaited by one thread.

    Not a `threading.Event`: its lock is not reentrant, so a handler that sets it while its own
    thread begins to wait would hang for good. `SimpleQueue.put` may interrupt itself.
    """

    def __init__(self) -> None:
        self._announced: SimpleQueue[None] = SimpleQueue()

    def announce(self) -> None:
        """Let the wait be over."""
        self._announced.put(None)

    def is_announced(self) -> bool:
        """Whether it is to come, as long as nobody waited for it."""
        return not self._announced.empty()

    def comes_within(self, seconds: float) -> bool:
        """Wait so long for the end at most; whether it was announced."""
        with suppress(Empty):
            self._announced.get(timeout=seconds)
            return True
        return False

    def wait(self) -> None:
        """Come back when the end was announced, or within a second after a signal did."""
        while True:
            # Python runs handlers between two steps of this thread. A signal that came while it
            # waited for the interpreter's lock, or in another thread, interrupts no wait.
            if self.comes_within(_LOOK_UP):
                return


@contextmanager
def until_signalled() -> Iterator[End]:
    """An end that SIGINT and SIGTERM announce."""
    end = End()
    before = {
        number: signal.signal(number, lambda *_: end.announce())
        for number in (signal.SIGINT, signal.SIGTERM)
    }
    try:
        yield end
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
