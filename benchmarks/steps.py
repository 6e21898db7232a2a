"""What an import costs behind the workers: `python -m benchmarks.steps [--feeds N] [--postgres]`.

The feeds of the benchmark, recognised by an empty database, sent between processes, decided and
stored, some of them in a transaction. CPU milliseconds of this process for a feed of 20 entries; of
PostgreSQL also those of the server. What workers do is measured by `benchmarks.making`.
"""

from __future__ import annotations

import argparse
import os
import pickle
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

from aggregator.config.load import load
from aggregator.contracts import KnownEntries
from aggregator.fetch.rhythm import learn
from aggregator.ingest.digest import make, parse_page, recognise
from aggregator.ingest.recipe import Recipe, recipes
from aggregator.model.pages import FetchState, IdentityRule, Page
from aggregator.model.results import Outcome, SourceResult, SourceStatus
from aggregator.model.schedule import Rhythm
from aggregator.model.settings import Configuration
from aggregator.service.assembly import decide_by, take_over
from aggregator.store.store import Store, open_store
from benchmarks.contestants import set_up
from benchmarks.databases import Databases, databases
from benchmarks.work import NEWEST, Work

HOUR = timedelta(hours=1)
NOW = NEWEST + HOUR
BATCHES = (1, 2, 6, 10, 50)
"""Feeds in a transaction: one where little happens, some six in a first import."""


@dataclass
class Costs:
    """CPU seconds by step, in the order in which they came."""

    clock: Callable[[], float] = time.process_time
    seconds: dict[str, float] = field(default_factory=dict)

    @contextmanager
    def of(self, step: str) -> Iterator[None]:
        """Count what happens meanwhile as part of a step."""
        began = self.clock()
        yield
        self.seconds[step] = self.seconds.get(step, 0.0) + self.clock() - began

    def table(self, feeds: int) -> str:
        """Milliseconds for a feed."""
        rows = (f"{step:40} {1e3 * each / feeds:7.2f}" for step, each in self.seconds.items())
        return "\n".join(rows)


def outcomes(
    work: Work, made_by: Sequence[Recipe], known: KnownEntries, costs: Costs
) -> list[Outcome]:
    """What workers make of the feeds, as it comes back from them."""
    found = []
    for number, recipe in enumerate(made_by):
        page = Page(f"http://127.0.0.1/{work.name(number)}", 200, {}, work.document(number), NOW)
        document = parse_page(recipe, page)
        with costs.of("recognise"):
            recognised = recognise(recipe, document, IdentityRule.GUID, known)
        digest = make(recipe, recognised, {}, NOW)
        with costs.of("send and back"):
            pickle.loads(pickle.dumps((recipe, page)))
            digest = pickle.loads(pickle.dumps(digest))
        rhythm = learn(Rhythm(), (each.published_at for each in digest.articles), NOW)
        state = FetchState(NOW + HOUR, HOUR, last_ok_at=NOW, rhythm=rhythm)
        result = SourceResult(recipe.spec.id, SourceStatus.OK, NOW, timedelta(seconds=1), state)
        found.append(Outcome(digest, result))
    return found


@dataclass(frozen=True)
class Place:
    """Where is measured: a folder with a configuration, and databases."""

    folder: Path
    configuration: Configuration
    given: Databases

    @contextmanager
    def store(self, *, postgres: bool) -> Iterator[Store]:
        """An empty store that knows the sources."""
        url = self.given.new(postgres=postgres)
        file = self.folder / f"{time.monotonic_ns()}.db"
        address = url.render_as_string(hide_password=False) if url else f"sqlite:///{file}"
        with closing(open_store(address, "feeds.example")) as store:
            take_over(store, self.configuration, NOW)
            yield store


def storing(made: Sequence[Outcome], place: Place, costs: Costs, *, postgres: bool) -> None:
    """Store what was made, so many feeds in a transaction, each time into an empty database."""
    decide = decide_by(place.configuration)
    for batch in BATCHES:
        step = f"decide and store, {batch} at once"
        with place.store(postgres=postgres) as store:
            before = place.given.cpu()
            with costs.of(step):
                for start in range(0, len(made), batch):
                    store.record(made[start : start + batch], decide, NOW)
            if postgres:
                costs.seconds[f"{step}: server"] = place.given.cpu() - before


def measure(work: Work, place: Place, *, postgres: bool) -> Costs:
    """Import the work."""
    costs = Costs()
    with place.store(postgres=postgres) as store:
        known: KnownEntries = pickle.loads(pickle.dumps(store.entry_reader()))
        made = outcomes(work, list(recipes(place.configuration).values()), known, costs)
    storing(made, place, costs, postgres=postgres)
    return costs


def main() -> None:
    """Print the table of one database, or of both."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--feeds", type=int, default=100, help="how many of the benchmark's feeds")
    parser.add_argument("--postgres", action="store_true", help="measure PostgreSQL as well")
    options = parser.parse_args()
    work = Work(options.feeds)
    with databases(postgres=options.postgres) as given, tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        set_up(folder, [f"http://127.0.0.1/{each}" for each in work.names()], None, "nh3")
        place = Place(folder, load(folder / "config", os.environ), given)
        for postgres in (False, True)[: 1 + options.postgres]:
            print("PostgreSQL" if postgres else "SQLite")
            print(measure(work, place, postgres=postgres).table(options.feeds))


if __name__ == "__main__":
    main()
