"""What each step of an import costs: `python -m benchmarks.steps [--feeds N] [--postgres]`.

The feeds of the benchmark, read, recognised, made into articles, sent between processes and stored,
one step after the other in this process. CPU milliseconds for a feed of 20 entries; of PostgreSQL
also those of the server. The sanitizer is nh3.
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
BATCH = 10
"""Feeds in a transaction, about what waits for the writer while it writes."""


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
        rows = (f"{step:32} {1e3 * each / feeds:7.2f}" for step, each in self.seconds.items())
        return "\n".join(rows)


def outcomes(
    work: Work, made_by: Sequence[Recipe], known: KnownEntries, costs: Costs
) -> list[Outcome]:
    """What workers make of the feeds, as it comes back from them."""
    found = []
    for number, recipe in enumerate(made_by):
        page = Page(f"http://127.0.0.1/{work.name(number)}", 200, {}, work.document(number), NOW)
        with costs.of("read"):
            document = parse_page(recipe, page)
        with costs.of("recognise"):
            recognised = recognise(recipe, document, IdentityRule.GUID, known)
        with costs.of("make"):
            digest = make(recipe, recognised, {}, NOW)
        with costs.of("send and back"):
            pickle.loads(pickle.dumps((recipe, page, known)))
            digest = pickle.loads(pickle.dumps(digest))
        rhythm = learn(Rhythm(), (each.published_at for each in digest.articles), NOW)
        state = FetchState(NOW + HOUR, HOUR, last_ok_at=NOW, rhythm=rhythm)
        result = SourceResult(recipe.spec.id, SourceStatus.OK, NOW, timedelta(seconds=1), state)
        found.append(Outcome(digest, result))
    return found


def store_all(
    store: Store, made: Sequence[Outcome], configuration: Configuration, costs: Costs
) -> None:
    """Store what was made, some sources in a transaction."""
    decide = decide_by(configuration)
    for start in range(0, len(made), BATCH):
        with costs.of("decide and store"):
            store.record(made[start : start + BATCH], decide, NOW)


def measure(folder: Path, work: Work, given: Databases, *, postgres: bool) -> Costs:
    """Import the work into an empty database."""
    costs, url = Costs(), given.new(postgres=postgres)
    set_up(folder, [f"http://127.0.0.1/{name}" for name in work.names()], url, "nh3")
    configuration = load(folder / "config", os.environ)
    address = url.render_as_string(hide_password=False) if url else f"sqlite:///{folder}/data.db"
    with closing(open_store(address, "feeds.example")) as store:
        take_over(store, configuration, NOW)
        known = store.entry_reader()
        made_by = list(recipes(configuration).values())
        made = outcomes(work, made_by, known, costs)
        before = given.cpu()
        store_all(store, made, configuration, costs)
        if url:
            costs.seconds["decide and store, the server"] = given.cpu() - before
    return costs


def main() -> None:
    """Print the table of one database, or of both."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--feeds", type=int, default=100, help="how many of the benchmark's feeds")
    parser.add_argument("--postgres", action="store_true", help="measure PostgreSQL as well")
    options = parser.parse_args()
    with databases(postgres=options.postgres) as given:
        for postgres in (False, True)[: 1 + options.postgres]:
            with tempfile.TemporaryDirectory() as folder:
                costs = measure(Path(folder), Work(options.feeds), given, postgres=postgres)
                print("PostgreSQL" if postgres else "SQLite")
                print(costs.table(options.feeds))


if __name__ == "__main__":
    main()
