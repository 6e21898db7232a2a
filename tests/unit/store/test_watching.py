from __future__ import annotations

from datetime import timedelta
from typing import Any

from aggregator.model.health import Condition, SourceDay
from aggregator.model.results import Outcome, SourceResult, SourceStatus, Tally
from aggregator.model.settings import SourceSpec
from aggregator.store.store import Store
from tests.support.outcomes import (
    HOUR,
    NOON,
    article,
    configuration,
    decide,
    digest,
    due_at_once,
    outcome,
    result,
    state,
)  # fmt: skip

DAY = timedelta(days=1)


def put(store: Store, *results: SourceResult) -> None:
    store.record([Outcome(None, each) for each in results], decide(), NOON)


def fetch(source: str = "wire", **changes: Any) -> SourceResult:
    return result(source, **changes)


def test_the_stock_in_numbers(store: Store) -> None:
    """Articles, active sources by condition, and the one that is due longest are told."""
    names = ("ok", "ill", "gone", "new", "quiet", "left")
    store.sync_configuration(
        configuration([SourceSpec(id=name) for name in names]), NOON, due_at_once
    )
    posts = [article(f"{n}", source="quiet", published_at=NOON - n * DAY) for n in range(9)]
    store.record([Outcome(digest(*posts, source="quiet"), fetch("quiet"))], decide(), NOON)
    later = NOON + 90 * DAY
    put(
        store,
        fetch("ok", state=state(next_due_at=NOON + HOUR)),
        fetch("ill", state=state(failures=2, last_error="dns: x"), status=SourceStatus.FAILED),
        fetch("gone", state=state(gone=True, failures=1), status=SourceStatus.FAILED),
        fetch("quiet", state=state(last_ok_at=later, next_due_at=later)),
        fetch("left"),
    )
    store.sync_configuration(
        configuration([SourceSpec(id=name) for name in names[:-1]]), NOON, due_at_once
    )
    found = store.overview(NOON)
    assert found.articles == 9
    assert found.oldest_due_at == NOON
    dues = [store.overview(NOON + wait).due for wait in (-DAY, HOUR - DAY / 86400, HOUR, 90 * DAY)]
    assert dues == [0, 1, 4, 5]
    assert found.sources == {
        Condition.GONE: 1,
        Condition.FAILING: 1,
        Condition.SILENT: 1,
        Condition.WAITING: 1,
        Condition.OK: 1,
    }
    told = {each.source_id: each.condition for each in store.health(NOON)}
    assert sorted(told.values()) == sorted(found.sources)
    assert told["quiet"] is Condition.SILENT
    worst = ("gone", "ill", "quiet", "new", "ok", "left")
    for number in range(6):
        some = [each.source_id for each in store.health(NOON, number)]
        assert some == sorted(worst[: min(number, 5)])
    assert store.health(NOON, 9) == store.health(NOON)


def test_an_empty_store_has_nothing_due(store: Store) -> None:
    """Before any source is named there is no time, and every condition counts nothing."""
    found = store.overview(NOON)
    assert (found.articles, found.due, found.oldest_due_at) == (0, 0, None)
    assert set(found.sources.values()) == {0}


def test_days_add_up_the_fetches(ready: Store) -> None:
    """Each day (UTC) has its fetches, failures, mean time and new articles, oldest day first."""
    ready.record([outcome(article(), article("flood"))], decide(), NOON)
    put(
        ready,
        fetch(started_at=NOON + HOUR, duration=timedelta(seconds=2.5), tally=Tally(new=3)),
        fetch(
            started_at=NOON + 2 * HOUR, duration=timedelta(seconds=5), status=SourceStatus.FAILED
        ),
        fetch(started_at=NOON + 12 * HOUR, duration=timedelta(seconds=4)),
        fetch(started_at=NOON - 3 * DAY),
        fetch("echo", started_at=NOON, duration=timedelta(seconds=1)),
    )
    found = ready.days(["wire", "echo", "nobody"], NOON - 2 * DAY)
    first, second = found["wire"]
    assert first == SourceDay(NOON.date(), 3, 1, 3.0, 5)
    assert second == SourceDay((NOON + DAY).date(), 1, 0, 4.0, 0)
    assert [each.fetches for each in found["echo"]] == [1]
    assert found["nobody"] == ()
    assert ready.days([], NOON) == {}


def test_days_begin_where_asked(ready: Store) -> None:
    """A fetch at the moment itself counts, one just before does not."""
    put(ready, fetch(started_at=NOON), fetch(started_at=NOON - timedelta(microseconds=1)))
    assert [each.fetches for each in ready.days(["wire"], NOON)["wire"]] == [1]
