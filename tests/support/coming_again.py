"""I9: when each source is due again, judged by what is remembered about it and by the policy."""

from __future__ import annotations

from datetime import datetime, timedelta

from aggregator.errors import FetchReason
from aggregator.fetch.due import LONGEST, DuePlan, after_success
from aggregator.ingest.recipe import plan_of
from aggregator.model.pages import FetchState
from aggregator.model.results import SourceHealth
from aggregator.model.settings import Configuration
from aggregator.store.store import Store

_ROUNDING = timedelta(seconds=1)


def everything_comes_again(store: Store, configuration: Configuration, now: datetime) -> None:
    """Each source is due after its last visit and within a day of it, as soon as the policy says.

    A source that was never visited is due within a day from now. One that could be read is not due
    before its learned interval, one that failed not before its back-off.
    """
    plans = {spec.id: plan_of(spec, configuration.settings) for spec in configuration.sources}
    for each in store.health(now):
        said = f"{each.source_id}: {each.state}, {each.last}"
        if each.last is None:
            assert each.state.next_due_at <= now + LONGEST, said
            continue
        began = each.last.started_at
        latest = began + each.last.duration + LONGEST + _ROUNDING
        assert began < each.state.next_due_at <= latest, said
        if not _was_held_back(each):
            assert each.state.next_due_at >= _earliest(each, plans[each.source_id]), said


def _was_held_back(source: SourceHealth) -> bool:
    """Whether it was not its fault: its domain had no turn for it, or nobody could be reached."""
    last = source.last
    if last is None or last.http_status:
        return False
    return last.reason in (FetchReason.RATE_LIMITED.value, FetchReason.OFFLINE.value)


def _earliest(source: SourceHealth, plan: DuePlan) -> datetime:
    """The earliest time that the policy allows for a source that was visited."""
    state, last = source.state, source.last
    assert last is not None
    if not state.failures:
        assert state.last_ok_at is not None
        policy = after_success(state, plan, state.last_ok_at)
        assert state.interval >= policy.interval, f"{source.source_id}: {state}"
        return policy.next_due_at
    return last.started_at + _back_off(state)


def _back_off(state: FetchState) -> timedelta:
    """How long a source that failed is left alone at the least."""
    if state.gone:
        return LONGEST
    if state.why.startswith("the origin asked"):
        return min(state.interval, LONGEST)
    return min(state.interval * (1 << min(state.failures - 1, 20)), LONGEST)
