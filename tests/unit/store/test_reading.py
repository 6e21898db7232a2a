from __future__ import annotations

from datetime import timedelta

from aggregator.ingest.workers import ProcessWorkers
from aggregator.model.entries import Origin
from aggregator.model.results import Outcome, SourceStatus, Tally
from aggregator.store.ledger_reader import ledger_reader
from aggregator.store.store import Store
from tests.support.outcomes import HOUR, NOON, article, decide, outcome, result, state


def test_a_feed_reaches_past_a_page_of_one_source(ready: Store) -> None:
    """With a limit by source, what a busy source wrote since is passed over, however much."""
    many = [article(f"wave {n}", published_at=NOON - timedelta(seconds=n)) for n in range(1201)]
    rare = article("fire", source="echo", published_at=NOON - 9 * HOUR)
    ready.record([outcome(*many), outcome(rare, source="echo")], decide(), NOON)
    assert [each.source_id for each in ready.newest("all", 5, 2)] == ["wire", "wire", "echo"]
    newest = ready.newest("all", 1500, 0)
    assert len(newest) == 1202
    times = [each.published_at for each in newest]
    assert times == sorted(times, reverse=True)


def test_pages_pass_over_equal_times(ready: Store) -> None:
    """A page that ends between articles of the same time loses none of them."""
    many = [article(f"wave {n}") for n in range(1100)]
    ready.record([outcome(*many)], decide(), NOON)
    assert len(ready.newest("all", 2000, 2000)) == 1100


def test_articles_can_be_listed_by_category_and_source(ready: Store) -> None:
    """A source has those that it has a copy of, also where another copy stands."""
    storm, echo = article(), article(source="echo", categories=("sport",))
    flood = article("flood", published_at=NOON - HOUR)
    outcomes = [outcome(storm, flood), outcome(echo, source="echo")]
    ready.record(outcomes, decide(), NOON)
    assert [each.title for each in ready.articles()] == [storm.title, flood.title]
    assert [each.title for each in ready.articles(source_id="echo")] == [storm.title]
    assert [each.title for each in ready.articles("sport", "wire")] == [storm.title]
    assert [each.title for each in ready.articles("news", limit=1)] == [storm.title]
    assert ready.articles("news", "nobody") == []


def test_counts_say_how_much_there_is(ready: Store) -> None:
    """Articles, copies, active sources and records of fetches are counted."""
    outcomes = [
        outcome(article(), article("flood")),
        outcome(article(source="echo"), source="echo"),
    ]
    ready.record(outcomes, decide(), NOON)
    assert ready.counts() == {"articles": 2, "copies": 3, "sources": 2, "fetches": 2}


def test_health_shows_state_and_last_fetch(ready: Store) -> None:
    """Each source has its newest record, with what came before in the same fetch counted in."""
    first = outcome(article(), article("flood"), origin=Origin("The Wire"))
    ready.record([first], decide(), NOON)
    failed = result(
        status=SourceStatus.FAILED,
        started_at=NOON + HOUR,
        state=state(failures=1, last_error="timeout: 20 s"),
        error="timeout: 20 s",
        http_status=0,
        tally=Tally(new=3, dropped={"rule": 1}),
        warnings=("its dates are in the future",),
    )
    ready.record([Outcome(None, failed)], decide(), NOON + HOUR)
    echo, wire = ready.health(NOON + 2 * HOUR)
    assert (echo.source_id, echo.title, echo.last, echo.articles) == ("echo", "echo", None, 0)
    assert (wire.title, wire.articles) == ("The Wire", 2)
    assert wire.last == failed
    assert wire.state == failed.state
    assert wire.new_per_day == 2 / 30
    assert ready.health(NOON + timedelta(days=31))[1].new_per_day == 0


def test_a_worker_reads_known_entries_by_address(ready: Store) -> None:
    """A reader can be sent to another process, where one connection serves every task."""
    ready.record([outcome(article())], decide(), NOON)
    key = article().entry.entry_key
    reader = ready.entry_reader()
    workers = ProcessWorkers(1)
    try:
        for _ in range(2):
            assert set(workers.run(reader.known_entries, "wire", [key])) == {key}
        assert workers.run(_readers_made) == 1
    finally:
        workers.close()
    assert set(reader.known_entries("wire", [key])) == {key}


def _readers_made() -> int:
    return ledger_reader.cache_info().misses


def test_the_database_can_be_reached(store: Store) -> None:
    """A ping of a good database says nothing."""
    store.ping()
