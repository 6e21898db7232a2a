"""What a batch asks the database before it is decided: a few questions, however many articles."""

from __future__ import annotations

from contextlib import closing

import pytest
from sqlalchemy import event

from aggregator.store import Store
from aggregator.store.database import Database
from aggregator.store.knowing import load_known
from tests.support.outcomes import NOON, article, decide, outcome

AT_ONCE = 500
"""Titles or entries in one question."""


def _questions(url: str, count: int, *, near: bool) -> int:
    """How many statements it takes to know what decides on some articles of one source."""
    made, said = decide(near=near), list[str]()
    wanted = made.wanted([article(f"wave {number}") for number in range(count)])
    with closing(Database(url)) as database:

        def count_it(_connection: object, _cursor: object, statement: str, *_: object) -> None:
            said.append(statement)

        event.listen(database.engine, "before_cursor_execute", count_it)
        database.read(lambda connection: load_known(connection, wanted))
    return len([each for each in said if each.lstrip().startswith("SELECT")])


@pytest.mark.parametrize("near", [False, True])
def test_one_question_of_a_kind_for_a_batch(ready_url: str, ready: Store, *, near: bool) -> None:
    """Entries, titles, ordinals and texts are one indexed query each, up to 500 articles."""
    ready.record([outcome(*(article(f"wave {n}") for n in range(20)))], decide(), NOON)
    few, many, more = (_questions(ready_url, n, near=near) for n in (1, AT_ONCE, AT_ONCE + 1))
    assert few == many == 4 + near
    assert many < more <= 2 * many
