"""Fills our database with many short articles, as they come one source after the other."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import timedelta
from itertools import islice
from pathlib import Path

from aggregator.config.load import load
from aggregator.dedupe.bodies import text_hash
from aggregator.model.results import Outcome
from aggregator.model.settings import Configuration
from aggregator.service.assembly import decide_by, open_configured_store, utc_now
from benchmarks.work import NEWEST
from tests.support.outcomes import article, outcome

_AT_ONCE = 20
_IN_ONE_TRANSACTION = 25
_SENTENCE = "Everything that is known about it by now was told here in a few words, once more. "
_DAYS = 60


def fill(folder: Path, wanted: int, there: int) -> None:
    """Store articles until there are as many as wanted, `there` of which are in it already.

    What was known about the sources' last answers is forgotten by this: poll once before measuring.
    """
    configuration = load(folder / "config", os.environ)
    with closing(open_configured_store(configuration)) as store:
        batches, decide = _outcomes(configuration, there, wanted), decide_by(configuration)
        while batch := list(islice(batches, _IN_ONE_TRANSACTION)):
            store.record(batch, decide, utc_now())


def _outcomes(configuration: Configuration, there: int, wanted: int) -> Iterator[Outcome]:
    """Articles of the last two months before the work, dealt out to the sources in turn."""
    sources = configuration.sources
    for start in range(there, wanted, _AT_ONCE):
        source = sources[start // _AT_ONCE % len(sources)]
        made = [
            article(
                f"number {number} of {wanted}",
                source.id,
                body=f"<p>{_SENTENCE * 5}{number}</p>",
                categories=source.category,
                published_at=NEWEST - timedelta(days=4 + number % _DAYS, seconds=number),
            )
            for number in range(start, min(start + _AT_ONCE, wanted))
        ]
        yield outcome(*(replace(x, text_hash=text_hash(x)) for x in made), source=source.id)
