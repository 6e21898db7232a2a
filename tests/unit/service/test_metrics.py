from __future__ import annotations

from datetime import datetime, timedelta

from prometheus_client.parser import text_string_to_metric_families

from aggregator.errors import StoreError
from aggregator.ingest.engine import Unstored
from aggregator.model.health import Condition, Overview
from aggregator.model.results import SourceStatus, Tally
from aggregator.publish.report import PublishReport
from aggregator.service.metrics import Metrics
from tests.support.outcomes import NOON, result

EMPTY = Overview(0, {}, 0, None)


class Works:
    """An engine with two sources under way, and a store that says what the test put in."""

    under_way = frozenset({"wire", "echo"})
    free = 30

    def __init__(self, overview: Overview | None = EMPTY) -> None:
        self._overview = overview

    def overview(self, _now: datetime) -> Overview:
        """What the test put in; None: the database is away."""
        if self._overview is None:
            raise StoreError("away")
        return self._overview


def metrics(overview: Overview | None = EMPTY) -> Metrics:
    works = Works(overview)
    return Metrics(works, works, lambda: NOON)


def read(made: Metrics) -> dict[str, float]:
    """Every sample as Prometheus itself reads it."""
    return {
        sample.name + "".join(f" {key}={value}" for key, value in sample.labels.items() if value): (
            sample.value
        )
        for family in text_string_to_metric_families(made.render().decode())
        for sample in family.samples
    }


def test_fetches_are_counted() -> None:
    """By outcome and reason, with bytes, time and what became of the entries."""
    made = metrics()
    tally = Tally(new=3, changed=1, unchanged=5, duplicate=2, dropped={"rule": 4})
    made.fetched(result(tally=tally, bytes_read=1000, duration=timedelta(seconds=0.3)))
    made.fetched(result(status=SourceStatus.NOT_MODIFIED, bytes_read=24))
    made.fetched(result(status=SourceStatus.FAILED, error="timeout: 20 s", bytes_read=0))
    made.fetched(Unstored("wire", "disk full"))
    found = read(made)
    assert found["aggregator_fetches_total outcome=ok"] == 1
    assert found["aggregator_fetches_total outcome=not_modified"] == 1
    assert found["aggregator_fetches_total outcome=failed reason=timeout"] == 1
    assert found["aggregator_fetches_total outcome=unstored"] == 1
    assert found["aggregator_fetched_bytes_total"] == 1024
    assert found["aggregator_fetch_seconds_count"] == 3
    assert found["aggregator_fetch_seconds_bucket le=0.5"] == 1
    assert found["aggregator_entries_total verdict=new"] == 3
    assert found["aggregator_entries_total verdict=changed"] == 1
    assert found["aggregator_entries_total verdict=unchanged"] == 5
    assert found["aggregator_entries_total verdict=duplicate"] == 2
    assert found["aggregator_entries_dropped_total reason=rule"] == 4


def test_publishing_is_counted() -> None:
    """Time, files and failures."""
    made = metrics()
    made.published(PublishReport(("a", "b"), ("c",), 5, (), {"news": "disk full"}), 0.2)
    found = read(made)
    assert found["aggregator_publish_seconds_sum"] == 0.2
    assert found["aggregator_published_files_total action=written"] == 2
    assert found["aggregator_published_files_total action=removed"] == 1
    assert found["aggregator_publish_failures_total"] == 1


def test_the_present_is_asked_for() -> None:
    """What is under way and what is stored is told as it is at that moment."""
    sources = {Condition.OK: 7, Condition.FAILING: 2}
    found = read(metrics(Overview(1234, sources, 5, NOON - timedelta(minutes=5))))
    assert found["aggregator_sources_under_way"] == 2
    assert found["aggregator_threads_free"] == 30
    assert found["aggregator_database_up"] == 1
    assert found["aggregator_articles"] == 1234
    assert found["aggregator_sources_due"] == 5
    assert found["aggregator_lag_seconds"] == 300
    assert found["aggregator_sources condition=failing"] == 2
    early = read(metrics(Overview(0, {}, 0, NOON + timedelta(minutes=5))))
    assert early["aggregator_lag_seconds"] == read(metrics())["aggregator_lag_seconds"] == 0


def test_without_the_database_the_rest_is_told() -> None:
    """A scrape works while the database is away, and says so."""
    made = metrics(None)
    made.fetched(result())
    found = read(made)
    assert found["aggregator_database_up"] == 0
    assert found["aggregator_fetches_total outcome=ok"] == 1
    assert "aggregator_articles" not in found


def test_strangers_cannot_make_series() -> None:
    """Neither sources nor words that nobody foresaw become labels, however many there are."""
    made = metrics()
    for number in range(50):
        made.fetched(result(f"source-{number}", status=SourceStatus.FAILED, error=f"e{number}: x"))
    assert "source-" not in made.render().decode()
    assert sum(name.startswith("aggregator_fetches_total") for name in read(made)) == 1
