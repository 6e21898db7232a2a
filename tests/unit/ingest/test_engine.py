"""Many sources at once: each is read, once, however few threads there are."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from threading import Event

from aggregator.config.load import load
from aggregator.ingest.engine import Engine, Unstored
from aggregator.ingest.workers import InlineWorkers
from aggregator.model.results import SourceResult, SourceStatus
from aggregator.service.assembly import assemble, open_configured_store
from tests.support.feeds import Item, rss
from tests.support.folders import configured
from tests.support.origin import Origin

NAMES = [f"s{number}" for number in range(7)]


@contextmanager
def engine(folder: Path, origin: Origin, threads: int) -> Iterator[Engine]:
    """An engine over seven feeds that give validators, with so many threads."""
    for name in NAMES:
        body = rss([Item(f"The only story that {name} has to tell", f"https://{name}.example/")])
        origin.serve(f"/{name}", body, etag=f'"{name}"')
    sources = [{"id": name, "url": origin.url(f"/{name}"), "category": "news"} for name in NAMES]
    home = configured(folder, sources, [{"id": "news"}], fetch={"threads": threads})
    configuration = load(home / "config", {})
    with (
        closing(open_configured_store(configuration)) as store,
        closing(assemble(configuration, store, workers=InlineWorkers())) as parts,
    ):
        yield parts.engine


def statuses(results: Iterator[SourceResult | Unstored]) -> dict[str, list[SourceStatus]]:
    found: dict[str, list[SourceStatus]] = {}
    for each in results:
        assert isinstance(each, SourceResult)
        found.setdefault(each.source_id, []).append(each.status)
    return found


def test_more_sources_than_threads_are_all_read_once(tmp_path: Path) -> None:
    """Seven sources come back from three threads, and are asked with their validators next time."""
    with Origin() as origin, engine(tmp_path, origin, 3) as small:
        assert statuses(small.ingest_all(NAMES)) == {name: [SourceStatus.OK] for name in NAMES}
        again = statuses(small.ingest_all(NAMES))
        assert again == {name: [SourceStatus.NOT_MODIFIED] for name in NAMES}
        assert list(small.ingest_all([])) == []


def test_a_source_that_is_not_known_starts_nothing(tmp_path: Path) -> None:
    """Strangers among the names do not keep the others from being read."""
    with Origin() as origin, engine(tmp_path, origin, 1) as small:
        wanted = ["stranger", "s1", "another stranger", "s2"]
        assert set(statuses(small.ingest_all(wanted))) == {"s1", "s2"}


def test_nothing_starts_when_all_ends(tmp_path: Path) -> None:
    """A beat that hands sources over while the engine closes starts none, and fails nothing."""
    with Origin() as origin, engine(tmp_path, origin, 2) as small:
        assert small.close(1)
        assert small.submit_all(NAMES, print) == 0
        assert small.under_way == frozenset()
        assert list(small.ingest_all(NAMES)) == []


def test_a_report_that_fails_leaves_no_source_under_way(tmp_path: Path) -> None:
    """Whatever becomes of what is told of a source, it can be read again."""
    is_told = Event()

    def fail(_result: SourceResult | Unstored) -> None:
        is_told.set()
        raise RuntimeError("nobody listens")

    with Origin() as origin, engine(tmp_path, origin, 1) as small:
        assert small.submit("s1", fail)
        assert is_told.wait(30)
        assert small.close(30)
