from __future__ import annotations

from typing import Any

import pytest

from aggregator.model.articles import DecidedBy, Verdict
from aggregator.text.titles import is_of_title
from tests.support.deciding import LONG_TITLE, Ledger, article, plain_decider

TEXT = "<p>The house voted late in the evening.</p>"
POST: dict[str, Any] = {"has_title": False, "body": TEXT, "link": "https://a.example/7"}


@pytest.mark.parametrize("near", [False, True])
@pytest.mark.parametrize(
    "changes",
    [
        {"link": ""},
        {"link": "https://b.example/7"},
        {"body": "<p>The house votes late in the evening.</p>"},
        {"body": ""},
        {"body": "<p>!</p>"},
    ],
)
def test_a_title_that_was_made_up_never_matches(changes: dict[str, Any], *, near: bool) -> None:
    """A title that the source did not give is none, however it reads, nor is a text alone one."""
    values = {**POST, **changes}
    posts = (article(LONG_TITLE, "a", **POST), article(LONG_TITLE, "b", **values))
    decisions = Ledger().take(plain_decider(near=near), *posts)
    assert {decision.decided_by for decision in decisions} == {DecidedBy.EMPTY_TITLE}


@pytest.mark.parametrize("changes", [{"link": ""}, {"body": "<p>!</p>"}])
def test_nothing_said_is_nothing_shared(changes: dict[str, Any]) -> None:
    """Two posts without title, and without link or without any letter, are two."""
    values = {**POST, **changes}
    ledger = Ledger()
    ledger.take(plain_decider(), article("", "a", **values), article("", "b", **values))
    assert len(ledger.articles()) == 2


@pytest.mark.parametrize(("hours", "count"), [(0, 1), (24, 1), (24.1, 2)])
def test_link_and_text_make_up_for_a_title(hours: float, count: int) -> None:
    """A post without a title that two feeds tell is one article, within the window."""
    ledger, decide = Ledger(), plain_decider()
    ledger.take(decide, article("A word", "a", **POST))
    (decision,) = ledger.take(decide, article("", "b", hours=hours, **POST))
    assert len(ledger.articles()) == count
    if count == 1:
        assert decision.verdict is Verdict.DUPLICATE
        assert decision.decided_by is DecidedBy.SAME_LINK_AND_TEXT


def test_the_key_of_such_a_post_is_told_from_that_of_a_title() -> None:
    """What is stored as made up is not taken for a title when it is read again."""
    posts = (article(**POST), article("untitled: a post", "b"), article("", "c"))
    decisions = Ledger().take(plain_decider(), *posts)
    assert [is_of_title(decision.title_key) for decision in decisions] == [False, True, False]
