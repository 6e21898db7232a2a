"""What the commands do that run once and end: ingest, publish, look."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Sequence

from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from aggregator.cli.console import Voice
from aggregator.cli.naming import check_source
from aggregator.cli.report import IngestSummary, publish_lines
from aggregator.contracts import Fetcher
from aggregator.fetch.http import HttpFetcher
from aggregator.model.settings import Configuration
from aggregator.publish.publisher import Publisher
from aggregator.publish.report import PublishReport
from aggregator.scheduling.pings import Pings
from aggregator.service.assembly import assemble, open_configured_store, user_agent, utc_now
from aggregator.store.store import Store


@contextlib.contextmanager
def opened(configuration: Configuration) -> Iterator[Store]:
    """The store of a configuration, closed at the end."""
    with contextlib.closing(open_configured_store(configuration)) as store:
        yield store


def ingest_once(
    configuration: Configuration, wanted: Sequence[str], voice: Voice
) -> tuple[IngestSummary, PublishReport]:
    """Read the wanted sources (none named: all), then publish what changed.

    Raises:
        AggregatorError: a source is not in the configuration, or the database refuses.
    """
    known = [spec.id for spec in configuration.sources]
    for source_id in wanted:
        check_source(configuration, source_id)
    summary = IngestSummary()
    with opened(configuration) as store:
        with contextlib.closing(assemble(configuration, store)) as parts:
            chosen = list(dict.fromkeys(wanted)) or known
            with progress_bar(voice) as progress:
                bar = progress.add_task("reading sources", total=len(chosen))
                for result in parts.engine.ingest_all(chosen):
                    summary.add(result)
                    progress.advance(bar)
        # The worker processes have ended: publishing takes as much memory as they did.
        report = parts.publisher.publish_changed()
        _tell_hubs(configuration, parts.publisher, parts.fetcher)
    return summary, report


def publish_once(configuration: Configuration, *, force: bool = False) -> PublishReport:
    """Write every feed and page of what is stored; with `force` also what the gate refuses."""
    fetch = configuration.settings.fetch
    with opened(configuration) as store, HttpFetcher(fetch, user_agent(configuration)) as fetcher:
        publisher = Publisher(store, configuration, clock=utc_now)
        report = publisher.publish_all(force=force)
        _tell_hubs(configuration, publisher, fetcher)
    return report


def _tell_hubs(configuration: Configuration, publisher: Publisher, fetcher: Fetcher) -> None:
    """Tell the hubs once what they do not know yet; who runs a command does not wait for more."""
    pings = Pings(lambda: fetcher, utc_now, publisher.told)
    pings.recall(configuration.settings.publish.hubs, publisher.topics)
    while pings.tell():
        pass


def published_after(configuration: Configuration, store: Store, voice: Voice) -> None:
    """Publish what a change by hand touched, so that it shows at once, and tell hubs of it.

    Raises:
        AggregatorError: the folder or the database refuses.
    """
    publisher = Publisher(store, configuration, clock=utc_now)
    for line in publish_lines(publisher.publish_changed()):
        voice.say(line)
    if configuration.settings.publish.hubs:
        with HttpFetcher(configuration.settings.fetch, user_agent(configuration)) as fetcher:
            _tell_hubs(configuration, publisher, fetcher)


def progress_bar(voice: Voice) -> Progress:
    """A bar on a terminal; nothing where nobody looks."""
    return Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        console=voice.err,
        disable=voice.quiet or not voice.err.is_terminal,
    )
