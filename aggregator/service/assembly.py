"""Puts the stages together as a configuration wants them; the one place that knows all of them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from urllib.parse import urlsplit

from aggregator import __version__
from aggregator.config.paths import database_url, site_url
from aggregator.config.tree import all_categories
from aggregator.contracts import Clock, Decide
from aggregator.dedupe.decide import decider
from aggregator.fetch import due
from aggregator.fetch.budget import Budget, registrable_domain
from aggregator.fetch.guard import AddressPolicy
from aggregator.fetch.http import HttpFetcher
from aggregator.fetch.pictures import PictureFetcher
from aggregator.fetch.robots import ObedientFetcher
from aggregator.ingest.engine import Engine
from aggregator.ingest.recipe import plan_of, recipes
from aggregator.ingest.stages import Stages
from aggregator.ingest.workers import ProcessWorkers, Workers
from aggregator.ingest.writer import Writer
from aggregator.model.pages import Folder
from aggregator.model.settings import Configuration, Dedupe, SourceSpec
from aggregator.publish.publisher import Publisher
from aggregator.sources import kinds
from aggregator.store.store import Store, open_store

FIRST_PACE = timedelta(milliseconds=50)
"""Mean distance between the first visits of sources that are new, or overdue at the start."""


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
    budget: Budget
    fetcher: HttpFetcher
    pictures: PictureFetcher
    policy: AddressPolicy | None = None

    def adopt(self, configuration: Configuration) -> None:
        """Go on with another configuration; what is under way ends by the old one.

        The database, the folder of the feeds, the address to listen on and the number of threads
        stay until a restart.

        Raises:
            AggregatorError: the change could not be taken over; the old configuration stays.
        """
        decide = decide_by(configuration)
        publisher = Publisher(self.store, configuration, clock=self.clock)
        take_over(self.store, configuration, self.clock())
        self.configuration = configuration
        self.writer.decide = decide
        fetch = configuration.settings.fetch
        self.budget.adopt(fetch.per_domain, fetch.pause.total_seconds())
        fetcher = HttpFetcher(
            fetch, user_agent(configuration), budget=self.budget, policy=self.policy
        )
        stages = _stages(
            configuration, self.store, self.workers, self.writer, self.clock, fetcher=fetcher
        )
        self.fetcher = fetcher
        self.pictures = picture_fetcher(configuration, self.budget, self.policy)
        self.engine.adopt(recipes(configuration), stages)
        self.publisher = publisher

    def resume(self) -> None:
        """Spread the sources whose time came while nothing ran, so that no crowd sets off at once.

        Raises:
            StoreError: the database refused.
        """
        self.store.spread_overdue(self.clock(), FIRST_PACE, due.LONGEST)

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
    *,
    policy: AddressPolicy | None = None,
    budget: Budget | None = None,
) -> Assembly:
    """Build everything for a configuration around its open store, and take it over into that.

    `policy` says which addresses may be connected to, instead of the settings; so does `budget`
    how politely.

    Raises:
        AggregatorError: the database refuses, or an option needs a missing library.
    """
    decide = decide_by(configuration)
    take_over(store, configuration, clock())
    # Processes come before threads: one that starts beside them may inherit a lock that is held.
    workers = workers or ProcessWorkers()
    fetch = configuration.settings.fetch
    writer = Writer(store, decide, clock, fetch.threads)
    budget = budget or budget_of(configuration)
    budget.keep_in(store, clock())
    fetcher = HttpFetcher(fetch, user_agent(configuration), budget=budget, policy=policy)
    stages = _stages(configuration, store, workers, writer, clock, fetcher=fetcher)
    return Assembly(
        configuration,
        store,
        workers,
        writer,
        Engine(recipes(configuration), stages, fetch.threads),
        Publisher(store, configuration, clock=clock),
        clock,
        budget,
        fetcher,
        picture_fetcher(configuration, budget, policy),
        policy,
    )


def budget_of(configuration: Configuration) -> Budget:
    """How politely a configuration wants domains to be asked."""
    fetch = configuration.settings.fetch
    return Budget(fetch.per_domain, fetch.pause.total_seconds())


def picture_fetcher(
    configuration: Configuration, budget: Budget, policy: AddressPolicy | None = None
) -> PictureFetcher:
    """Who fetches pictures for our image proxy."""
    return PictureFetcher(configuration, user_agent(configuration), budget, policy)


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

    @cache
    def first_times() -> Mapping[str, datetime]:
        plans = {spec.id: plan_of(spec, configuration.settings) for spec in configuration.sources}
        within = {source_id: min(plan.interval, at_once) for source_id, plan in plans.items()}
        return due.first_times(within, now)

    def domain_of(spec: SourceSpec) -> str:
        place = kinds()[spec.kind].locate(spec, configuration.folder)
        if isinstance(place, Folder):
            return spec.id
        return registrable_domain(urlsplit(place.url).hostname or "")

    def first_due(spec: SourceSpec, _now: datetime) -> datetime:
        return first_times()[spec.id]

    store.sync_configuration(configuration, now, first_due, domain_of)


def _stages(
    configuration: Configuration,
    store: Store,
    workers: Workers,
    writer: Writer,
    clock: Clock,
    *,
    fetcher: HttpFetcher,
) -> Stages:
    pages = ObedientFetcher(fetcher, user_agent(configuration))
    return Stages(fetcher, pages, workers, store.entry_reader(), store, writer, clock)


def user_agent(configuration: Configuration) -> str:
    """Who we say we are: as configured, else name and version, and where to read about us."""
    settings = configuration.settings
    if settings.fetch.user_agent:
        return settings.fetch.user_agent
    about = f" (+{settings.site.url})" if settings.site.url else ""
    return f"feed-aggregator/{__version__}{about}"


def decide_by(configuration: Configuration) -> Decide:
    """How a configuration wants articles to be recognised.

    Raises:
        AggregatorError: an option needs a library that is not installed.
    """
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
