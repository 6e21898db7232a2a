from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from aggregator.errors import StoreError
from aggregator.fetch.rhythm import learn
from aggregator.model.entries import Origin
from aggregator.model.health import EventKind, GateVerdict
from aggregator.model.results import Outcome, SourceStatus, Tally
from aggregator.model.schedule import Rhythm
from aggregator.model.settings import Keep
from aggregator.store import events
from aggregator.store.store import Store
from tests.support.outcomes import (
    HOUR,
    NOON,
    article,
    configuration,
    decide,
    digest,
    outcome,
    result,
    state,
)

DAY = timedelta(days=1)


def failed(failures: int, **changes: Any) -> Outcome:
    error = "timeout: it took 20 s"
    told = state(failures=failures, last_error=error, **changes)
    return Outcome(None, result(status=SourceStatus.FAILED, state=told, error=error))


def test_a_turn_is_recorded_with_the_fetch(ready: Store) -> None:
    """The third failure in a row is an event, under the name of the source, and so is the end."""
    ready.record([outcome(article(), origin=Origin("The Wire"))], decide(), NOON)
    for failures in (1, 2, 3, 4):
        ready.record([failed(failures)], decide(), NOON + failures * DAY)
    ready.record([outcome()], decide(), NOON + 5 * DAY)
    recovered, broken = ready.events(10)
    assert (broken.kind, broken.source_id, broken.title) == (EventKind.BROKEN, "wire", "The Wire")
    assert (broken.happened_at, broken.detail) == (NOON + 3 * DAY, "timeout: it took 20 s")
    assert (recovered.kind, recovered.happened_at) == (EventKind.RECOVERED, NOON + 5 * DAY)
    assert broken.public_id.startswith("tag:feeds.example,2026-02-03:health/")
    assert ready.events(1) == [recovered]


def test_only_an_event_asks_for_the_health_feed(ready: Store) -> None:
    """The health feed is to be published when something happened, and is no category."""
    ready.mark_published(ready.changed_categories())
    ready.record([failed(2)], decide(), NOON)
    assert ready.changed_categories() == {}
    ready.record([failed(3)], decide(), NOON)
    assert set(ready.changed_categories()) == {"health"}
    ready.mark_published(ready.changed_categories())
    assert ready.changed_categories() == {}
    assert ready.category_titles() == []
    assert list(ready.newest("all", 10, 0)) == []


def test_events_come_and_go_with_the_batch(ready: Store) -> None:
    """A batch that the database refuses leaves no event behind."""
    stranger = Outcome(None, result("nobody"))
    with pytest.raises(StoreError):
        ready.record([failed(3), stranger], decide(), NOON)
    assert ready.events(10) == []


def test_silence_follows_from_how_a_source_posts(ready: Store) -> None:
    """A daily source is silent after five days without a post, once, until it posts again."""
    posts = [article(f"day {n}", published_at=NOON - n * DAY) for n in range(10)]
    ready.record([outcome(*posts)], decide(), NOON)
    for days in (1, 4, 5, 6, 7):
        ok = result(state=state(last_ok_at=NOON + days * DAY), status=SourceStatus.NOT_MODIFIED)
        ready.record([Outcome(None, ok)], decide(), NOON + days * DAY)
    (silent,) = ready.events(10)
    assert (silent.kind, silent.happened_at) == (EventKind.SILENT, NOON + 5 * DAY)
    again = digest(article("back again", published_at=NOON + 8 * DAY))
    ok = result(state=state(last_ok_at=NOON + 8 * DAY))
    ready.record([Outcome(again, ok)], decide(), NOON + 8 * DAY)
    assert [each.kind for each in ready.events(10)] == [EventKind.RESUMED, EventKind.SILENT]


def test_a_source_that_posts_in_bursts_is_not_silent_between_them(ready: Store) -> None:
    """Thirty posts in an evening, once a month: its rhythm says that a month is usual."""
    evenings = [NOON - n * 30 * DAY for n in range(6)]
    posted = [evening - n * HOUR / 6 for evening in evenings for n in range(30)]
    rhythm = learn(Rhythm(), posted, NOON)
    posts = [article(f"{n}", published_at=moment) for n, moment in enumerate(posted[:30])]
    ready.record([Outcome(digest(*posts), result(state=state(rhythm=rhythm)))], decide(), NOON)
    for days in (5, 31, 140, 160):
        ok = result(state=state(last_ok_at=NOON + days * DAY), status=SourceStatus.NOT_MODIFIED)
        ready.record([Outcome(None, ok)], decide(), NOON + days * DAY)
    (silent,) = ready.events(10)
    assert silent.happened_at == NOON + 160 * DAY


def test_posts_of_earlier_parts_of_a_fetch_count(ready: Store) -> None:
    """A folder that is stored in parts has posted when any part brought something."""
    posts = [article(f"day {n}", published_at=NOON - n * DAY) for n in range(10)]
    ready.record([Outcome(digest(*posts), None)], decide(), NOON)
    last = result(tally=Tally(new=10))
    ready.record([Outcome(digest(), last)], decide(), NOON)
    ok = result(state=state(last_ok_at=NOON + 6 * DAY))
    ready.record([Outcome(None, ok)], decide(), NOON + 6 * DAY)
    assert [each.kind for each in ready.events(10)] == [EventKind.SILENT]


def test_the_newest_events_stay(ready: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """Housekeeping keeps so many of the newest events, however old they are."""
    monkeypatch.setattr(events, "_KEPT", 3)
    for hours in range(4):
        ready.record([failed(3)], decide(), NOON + hours * HOUR)
        ready.record([outcome()], decide(), NOON + hours * HOUR)
    newest = ready.events(3)
    assert ready.housekeeping(NOON + 900 * DAY, Keep())["events"] == 5
    assert ready.housekeeping(NOON + 900 * DAY, Keep())["events"] == 0
    assert ready.events(10) == newest


def test_a_source_that_left_is_not_watched(ready: Store) -> None:
    """Events of a source that left the configuration stay, and tell what it was called."""
    ready.record([failed(3)], decide(), NOON)
    ready.sync_configuration(configuration({}), NOON, lambda _, now: now)
    assert [each.title for each in ready.events(10)] == ["wire"]


def test_verdicts_of_the_gate_are_kept_where_they_are_news(ready: Store) -> None:
    """A feed that is held back is told once, and once when it is not any more; each by itself."""
    ready.mark_published(ready.changed_categories())
    held = [GateVerdict("news", "News", "too few"), GateVerdict("wire", "A feed like a source")]
    assert ready.note_verdicts(held, NOON)
    assert set(ready.changed_categories()) == {"health"}
    assert not ready.note_verdicts(held, NOON + DAY)
    assert ready.note_verdicts([GateVerdict("news", "News")], NOON + 2 * DAY)
    assert not ready.note_verdicts([GateVerdict("news", "News")], NOON + 3 * DAY)
    assert [(each.kind, each.source_id, each.detail) for each in ready.events(9)] == [
        (EventKind.ACCEPTED, "news", ""),
        (EventKind.REFUSED, "news", "too few"),
    ]
    assert not ready.note_verdicts([], NOON)
