"""Puts the stages together as a configuration wants them; the one place that knows all of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

from aggregator import __version__
from aggregator.config.paths import database_url, site_url
from aggregator.config.tree import all_categories
from aggregator.contracts import Clock, Decide
from aggregator.dedupe.decide import decider
from aggregator.fetch import due
from aggregator.fetch.http import HttpFetcher
from aggregator.ingest.engine import Engine
from aggregator.ingest.recipe import plan_of, recipes
from aggregator.ingest.stages import Stages
from aggregator.ingest.workers import ProcessWorkers, Workers
from aggregator.ingest.writer import Writer
from aggregator.model.settings import Configuration, Dedupe, SourceSpec
from aggregator.publish.publisher import Publisher
from aggregator.store import EntryReader, Store, open_store

FIRST_PACE = timedelta(milliseconds=50)
"""Mean distance between the first visits of sources that are new."""


def utc_now() -> datetime:
    """The clock of the running program."""
    return datetime.now(UTC)


@dataclass
class Assembly:
    """Everything that ingests and publishes, ready to work; close it before the store."""

    configuration: Configuration
    store: Store
    workers: Workers
    writer: Writer
    engine: Engine
    publisher: Publisher
    clock: Clock

    def adopt(self, configuration: Configuration) -> None:
        """Go on with another configuration; what is under way ends by the old one.

        The database, the folder of the feeds, the address to listen on and the number of threads
        stay until a restart.

        Raises:
            AggregatorError: the change could not be taken over; the old configuration stays.
        """
        decide = _decide(configuration)
        take_over(self.store, configuration, self.clock())
        self.configuration = configuration
        self.writer.decide = decide
        stages = _stages(configuration, self.store, self.workers, self.writer, self.clock)
        self.engine.adopt(recipes(configuration), stages)
        self.publisher = Publisher(self.store, configuration)

    def close(self, patience: float = 0.0) -> None:
        """End what is under way within `patience` seconds and give everything back."""
        self.engine.close(patience)
        self.workers.close()
        self.writer.close()


def assemble(
    configuration: Configuration,
    store: Store,
    clock: Clock = utc_now,
    workers: Workers | None = None,
) -> Assembly:
    """Build everything for a configuration around its open store, and take it over into that.

    Raises:
        AggregatorError: the database refuses, or an option needs a missing library.
    """
    decide = _decide(configuration)
    take_over(store, configuration, clock())
    # Processes come before threads: one that starts beside them may inherit a lock that is held.
    workers = workers or ProcessWorkers()
    writer = Writer(store, decide, clock)
    stages = _stages(configuration, store, workers, writer, clock)
    engine = Engine(recipes(configuration), stages, configuration.settings.fetch.threads)
    publisher = Publisher(store, configuration)
    return Assembly(configuration, store, workers, writer, engine, publisher, clock)


def open_configured_store(configuration: Configuration) -> Store:
    """Open the database of a configuration.

    Raises:
        StoreError: it cannot be opened, or was written by a newer program.
    """
    authority = urlsplit(site_url(configuration.settings)).hostname or "localhost"
    return open_store(database_url(configuration), authority)


def take_over(store: Store, configuration: Configuration, now: datetime) -> None:
    """Bring the sources and categories in the database in line with the configuration.

    Sources that are new are read at once, as far as a polite pace allows.
    """
    at_once = FIRST_PACE * len(configuration.sources)

    def first_due(spec: SourceSpec, moment: datetime) -> datetime:
        every = plan_of(spec, configuration.settings).interval
        return due.first_due(spec.id, min(every, at_once), moment)

    store.sync_configuration(configuration, now, first_due)


def _stages(
    configuration: Configuration, store: Store, workers: Workers, writer: Writer, clock: Clock
) -> Stages:
    fetcher = HttpFetcher(configuration.settings.fetch, user_agent(configuration))
    known = EntryReader(database_url(configuration))
    return Stages(fetcher, workers, known, store, writer, clock)


def user_agent(configuration: Configuration) -> str:
    """Who we say we are: as configured, else name and version, and where to read about us."""
    settings = configuration.settings
    if settings.fetch.user_agent:
        return settings.fetch.user_agent
    about = f" (+{settings.site.url})" if settings.site.url else ""
    return f"feed-aggregator/{__version__}{about}"


def _decide(configuration: Configuration) -> Decide:
    specs = {spec.id: spec for spec in configuration.sources}

    def site_names(source_id: str) -> Sequence[str]:
        spec = specs.get(source_id)
        return [name for name in (spec.title, spec.id) if name] if spec else []

    def priority(source_id: str) -> int:
        return specs[source_id].priority if source_id in specs else 0

    return decider(configuration.settings.dedupe, site_names, priority, _of_sources(configuration))


def _of_sources(configuration: Configuration) -> Mapping[str, Dedupe]:
    """The dedupe options of every source: those of its first category, where it names one."""
    by_path = {each.path: each.dedupe for each in all_categories(configuration)}
    firsts = {spec.id: spec.category[0] for spec in configuration.sources if spec.category}
    return {source_id: by_path[path] for source_id, path in firsts.items() if path in by_path}
