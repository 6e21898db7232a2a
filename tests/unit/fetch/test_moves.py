"""A new address is adopted after three equal answers, and never a private one."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from aggregator.errors import FetchError, FetchReason
from aggregator.fetch.due import FAILURES_ELSEWHERE, DuePlan, after_failure
from aggregator.fetch.moves import after_answer
from aggregator.model.pages import FetchState, NotModified, Validators
from tests.support.fetching import MakeClient
from tests.support.origin import Origin, redirect

NOW = datetime(2026, 11, 23, 12, 0, tzinfo=UTC)
STATE = FetchState(NOW, timedelta(hours=1))
NEW, OTHER = "https://new.example/feed", "https://other.example/feed"


@pytest.mark.parametrize(
    ("answers", "adopted"),
    [
        ([NEW], ""),
        ([NEW, NEW], ""),
        ([NEW, NEW, NEW], NEW),
        ([NEW, "", NEW, NEW], ""),
        ([NEW, OTHER, NEW, NEW], ""),
        ([NEW, OTHER, NEW, NEW, NEW], NEW),
        ([NEW, NEW, NEW, "", ""], NEW),
        ([NEW, NEW, NEW, OTHER, OTHER], NEW),
        ([NEW, NEW, NEW, OTHER, OTHER, OTHER], OTHER),
    ],
)
def test_three_equal_answers_in_a_row_count(answers: list[str], adopted: str) -> None:
    """What comes between begins the count again; what was adopted stays."""
    state = STATE
    for answer in answers:
        state = after_answer(state, answer)
    assert state.moved_to == adopted


def test_a_dead_end_is_left_again() -> None:
    """When the new address fails three times in a row, the configured one is asked again."""
    state = FetchState(NOW, timedelta(hours=1), moved_to=NEW)
    plan = DuePlan(timedelta(hours=1), timedelta(0), timedelta(days=1))
    error = FetchError(FetchReason.HTTP_ERROR, "404", status=404)
    for failures in range(1, FAILURES_ELSEWHERE + 1):
        assert state.moved_to == NEW
        state = after_failure(state, error, plan, NOW)
        assert state.failures == failures
    assert state.moved_to == ""


def test_a_private_address_is_never_the_new_one(origin: Origin, make_client: MakeClient) -> None:
    """Where private networks are allowed they are read, but nobody can move a source there."""
    url = origin.behave("/old", redirect("/new", 301))
    origin.serve("/new", b"here")
    assert make_client().page(url).moved_to == origin.url("/new")
    origin_at_home = Origin()
    with origin_at_home:
        url = origin_at_home.behave("/old", redirect("/new", 308))
        origin_at_home.serve("/new", b"here")
        assert make_client(allow_private=True).page(url).moved_to == ""


def test_an_unchanged_document_moves_too(origin: Origin, make_client: MakeClient) -> None:
    """A 304 behind a permanent redirect says as much about the address as a document."""
    url = origin.behave("/old", redirect("/new", 301))
    new = origin.serve("/new", b"here", etag='"1"')
    answer = make_client().ask(url, Validators('"1"'))
    assert isinstance(answer, NotModified)
    assert answer.moved_to == new
