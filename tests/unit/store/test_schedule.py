"""Who is due, fairly by domain and by an index; and the schedule put in order again."""

from __future__ import annotations

import re
from collections import Counter
from contextlib import closing
from datetime import timedelta

import pytest
from sqlalchemy import event, text

from aggregator.errors import FetchError
from aggregator.fetch.budget import GOOD_ANSWERS, Budget
from aggregator.model.pages import FetchState
from aggregator.model.results import Outcome
from aggregator.model.schedule import DomainPace, Hints, QuietTimes, Rhythm
from aggregator.model.settings import SourceSpec
from aggregator.store.schedule import LOOKED_AT
from aggregator.store.store import Store
from tests.support.outcomes import HOUR, NOON, configuration, decide, due_at_once, result
from tests.support.stores import opened

SECOND, DAY = timedelta(seconds=1), timedelta(days=1)


def domain_of(spec: SourceSpec) -> str:
    """The domain is what stands before the number."""
    return spec.id.partition("-")[0]


def fill(store: Store, *ids: str) -> None:
    """Name sources; all are due at noon."""
    named = configuration(dict.fromkeys(ids, ("sport",)))
    store.sync_configuration(named, NOON, due_at_once, domain_of)


def ended(source: str, state: FetchState) -> Outcome:
    """A fetch that left a source in this state."""
    return Outcome(None, result(source, state=state))


def crowd(domain: str, number: int) -> list[str]:
    return [f"{domain}-{n:04}" for n in range(number)]


def test_what_an_older_version_did_not_know_is_filled_in(store: Store) -> None:
    """Domain and priority of a source whose keys did not change are those of the configuration."""
    named = configuration({"a-1": ("sport",)})
    (spec,) = named.sources
    named = named.model_copy(update={"sources": (spec.model_copy(update={"priority": 7}),)})
    store.sync_configuration(named, NOON, due_at_once, domain_of)
    as_migrated = text("UPDATE source SET domain = '', priority = 0")
    store._database.write(lambda connection: connection.execute(as_migrated))
    store.sync_configuration(named, NOON, due_at_once, domain_of)
    found = text("SELECT domain, priority FROM source")
    row = store._database.read(lambda connection: connection.execute(found).one())
    assert tuple(row) == ("a", 7)


def test_so_many_of_one_domain_are_due_together(store: Store) -> None:
    """A domain with many sources gets its places in a batch, and the others get theirs."""
    fill(store, *crowd("a", 5), *crowd("b", 1), *crowd("c", 3))
    due = store.due_sources(NOON, 9, 2)
    assert due == ["a-0000", "a-0001", "b-0000", "c-0000", "c-0001"]
    assert store.due_sources(NOON, 3, 2) == due[:3]
    assert store.due_sources(NOON, 9, 1) == ["a-0000", "b-0000", "c-0000"]


def test_domains_that_have_their_places_are_passed_over(store: Store) -> None:
    """What is under way is not due again, and counts for its domain."""
    fill(store, *crowd("a", 5), *crowd("b", 3))
    assert store.due_sources(NOON, 9, 2, ["a-0000", "a-0001"]) == ["b-0000", "b-0001"]
    assert store.due_sources(NOON, 9, 2, ["a-0000", "b-0000", "b-0001"]) == ["a-0001", "a-0002"]


def test_a_domain_that_is_left_alone_is_passed_over(store: Store) -> None:
    """While a domain rests none of its sources is due, in no process."""
    fill(store, *crowd("a", 1), *crowd("b", 1))
    store.keep_pace(DomainPace("a", 2 * SECOND, NOON + HOUR))
    assert store.due_sources(NOON, 9, 2) == ["b-0000"]
    assert store.due_sources(NOON + HOUR - SECOND, 9, 2) == ["b-0000"]
    assert store.due_sources(NOON + HOUR, 9, 2) == ["a-0000", "b-0000"]


def test_a_crowd_holds_nobody_up(store: Store) -> None:
    """With a thousand and more sources of one domain in front, the others are due a batch later."""
    fill(store, *crowd("a", LOOKED_AT + 1), *crowd("b", 1))
    first = store.due_sources(NOON, 9, 2)
    assert first == ["a-0000", "a-0001"]
    assert store.due_sources(NOON, 9, 2, first) == ["b-0000"]


def test_the_pace_of_a_domain_is_kept(store: Store) -> None:
    """The newest pace of a domain counts, until it is forgotten."""
    slow = DomainPace("a.example", 2 * SECOND, NOON)
    store.keep_pace(slow)
    store.keep_pace(DomainPace("b.example", 4 * SECOND, NOON))
    slower = DomainPace("a.example", 8 * SECOND, NOON + HOUR)
    store.keep_pace(slower)
    assert store.paces() == [slower, DomainPace("b.example", 4 * SECOND, NOON)]
    store.forget_pace("b.example")
    store.forget_pace("c.example")
    assert store.paces() == [slower]


def test_what_was_learned_of_a_domain_survives_a_restart(store: Store, database_url: str) -> None:
    """A new process leaves a domain alone as long as the old one was told, and asks as slowly."""
    fill(store, *crowd("a.example", 1), *crowd("b.example", 1))
    before = Budget(2)
    before.keep_in(store, NOON)
    for host in ("x.a.example", "x.a.example", "b.example"):
        before.complaint(host, 0, NOON)
    before.complaint("y.a.example", 600, NOON)
    for _ in range(GOOD_ANSWERS):
        before.good_answer("b.example", NOON)
    with closing(opened(database_url)) as again:
        assert again.due_sources(NOON, 9, 2) == ["b.example-0000"]
        after = Budget(2)
        after.keep_in(again, NOON + 60 * SECOND)
        (kept,) = again.paces()
    assert (kept.domain, kept.pause) == ("a.example", 8 * SECOND)
    with pytest.raises(FetchError) as caught, after.turn("z.a.example", 0):
        pass
    assert 530 < (caught.value.retry_after or 0) <= 540


def test_a_start_spreads_what_is_overdue(store: Store) -> None:
    """A second's worth of sources is due in a second, the longest due first; the others stay."""
    fill(store, *crowd("a", 100))
    ahead = FetchState(NOON + 2 * DAY + SECOND, HOUR)
    store.record([ended("a-0007", ahead)], decide(), NOON)
    soon = FetchState(NOON + DAY + HOUR, HOUR)
    store.record([ended("a-0008", soon)], decide(), NOON)
    now = NOON + DAY
    assert store.spread_overdue(now, SECOND / 20, DAY) == 99
    moments = {health.source_id: health.state.next_due_at for health in store.health(now)}
    assert moments.pop("a-0008") == soon.next_due_at
    per_second = Counter(int((moment - now) / SECOND) for moment in moments.values())
    assert per_second == {0: 20, 1: 20, 2: 20, 3: 20, 4: 19}
    assert max(moments, key=lambda name: moments[name]) == "a-0007"


def test_the_schedule_follows_a_clock_that_was_set(store: Store) -> None:
    """Every moment to come moves along, so that nothing is read twice, and nothing left out."""
    fill(store, "a-1", "b-1")
    store.keep_pace(DomainPace("a", 2 * SECOND, NOON + HOUR))
    for by in (HOUR, -HOUR, DAY, -DAY, -3650 * DAY):
        before = {each.source_id: each.state.next_due_at for each in store.health(NOON)}
        rest = store.paces()[0].rest_until
        store.shift_schedule(by)
        after = {each.source_id: each.state.next_due_at for each in store.health(NOON)}
        assert after == {source: moment + by for source, moment in before.items()}
        assert store.paces()[0].rest_until == rest + by


def test_all_that_the_schedule_goes_by_is_kept(store: Store) -> None:
    """Hints, rhythm, the reason and the address it moves to come back as they were."""
    fill(store, "a-1")
    state = FetchState(
        NOON + HOUR,
        HOUR,
        why="posts about every 2h",
        moving_to="https://new.example/",
        moves=2,
        hints=Hints(HOUR, "ttl", QuietTimes(frozenset({0, 23}), frozenset({6}))),
        rhythm=Rhythm(
            (NOON, NOON - HOUR, NOON - 9 * DAY), HOUR, QuietTimes(frozenset({3})), NOON - 99 * DAY
        ),
    )
    store.record([ended("a-1", state)], decide(), NOON)
    assert store.fetch_state("a-1") == state


def test_a_source_that_moves_to_another_domain_is_counted_there(store: Store) -> None:
    """The domain follows the configuration."""
    fill(store, "a-1", "a-2")
    assert store.due_sources(NOON, 9, 1) == ["a-1"]
    named = configuration({"a-1": ("sport",), "a-2": ("sport",)})
    store.sync_configuration(named, NOON, due_at_once, lambda spec: spec.id)
    assert store.due_sources(NOON, 9, 1) == ["a-1", "a-2"]


def test_the_query_of_every_tick_is_one_scan_of_an_index(store: Store) -> None:
    """All that the query looks at of the sources stands in one index, in its order."""
    named = configuration(dict.fromkeys(crowd("a", 3000), ("sport",)))
    store.sync_configuration(
        named, NOON, lambda spec, now: now + SECOND * (int(spec.id[-4:]) - 30), domain_of
    )
    is_sqlite = store._database.engine.dialect.name == "sqlite"
    if not is_sqlite:
        with store._database.engine.connect().execution_options(
            isolation_level="AUTOCOMMIT"
        ) as connection:
            connection.execute(text("VACUUM ANALYZE source"))
    plans: list[str] = []

    def explain(_connection: object, cursor: object, statement: str, *rest: object) -> None:
        if "row_number" in statement and not statement.startswith("EXPLAIN"):
            cursor.execute(f"EXPLAIN {'QUERY PLAN ' if is_sqlite else ''}{statement}", rest[0])  # type: ignore[attr-defined] # a cursor of either driver
            plans.append("\n".join(str(row[-1]) for row in cursor.fetchall()))  # type: ignore[attr-defined] # as above

    event.listen(store._database.engine, "before_cursor_execute", explain)
    store.due_sources(NOON, 9, 2, ["a-0000", "a-0001"])
    event.remove(store._database.engine, "before_cursor_execute", explain)
    (plan,) = plans
    scan = (
        r"USING COVERING INDEX source_due \(active=\? AND next_due_at<\?\)"
        if is_sqlite
        else "Index Only Scan using source_due"
    )
    assert re.search(scan, plan), plan
    assert not re.search(r"^SCAN source|Seq Scan on source", plan, re.MULTILINE), plan
