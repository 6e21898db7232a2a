"""What a batch asks the database before it is decided: a few questions, however many articles."""

from __future__ import annotations

from contextlib import closing
from itertools import product

import pytest
from sqlalchemy import event

from aggregator.model.articles import Article
from aggregator.model.known import Known
from aggregator.store.database import Database
from aggregator.store.knowing import load_known
from aggregator.store.store import Store
from tests.support.outcomes import NOON, article, configuration, decide, due_at_once, outcome

_SOURCES = [f"source-{number}" for number in range(50)]


def _batch(articles: int, sources: int) -> list[Article]:
    """Articles of some sources, as many of each."""
    numbers = range(articles // sources)
    return [article(f"wave {n}", source) for source, n in product(_SOURCES[:sources], numbers)]


def _asked(url: str, batch: list[Article], *, near: bool) -> tuple[Known, int]:
    """What is known of a batch, and how many statements it took to know it."""
    wanted, said = decide(near=near).wanted(batch), list[str]()
    with closing(Database(url)) as database:

        def count_it(_connection: object, _cursor: object, statement: str, *_: object) -> None:
            said.append(statement)

        event.listen(database.engine, "before_cursor_execute", count_it)
        known, _ = database.read(lambda connection: load_known(connection, wanted))
    return known, len([each for each in said if each.lstrip().startswith("SELECT")])


@pytest.mark.parametrize("near", [False, True])
@pytest.mark.parametrize(("articles", "sources"), [(1, 1), (1000, 1), (1000, 50), (5000, 50)])
def test_one_question_of_a_kind_for_a_batch(
    ready_url: str, ready: Store, articles: int, sources: int, *, near: bool
) -> None:
    """Entries, titles, ordinals and texts are one question each, of all sources and articles."""
    ready.record([outcome(*(article(f"wave {n}") for n in range(20)))], decide(), NOON)
    _, questions = _asked(ready_url, _batch(articles, sources), near=near)
    assert questions == 4 + near


def test_a_key_of_two_sources_names_an_entry_of_each(ready_url: str, ready: Store) -> None:
    """Sources that are asked for at once do not answer for one another."""
    ready.sync_configuration(configuration(dict.fromkeys(_SOURCES, ("sport",))), NOON, due_at_once)
    stored = [article(name, source) for source, name in zip(_SOURCES, "ab" * 25, strict=True)]
    ready.record([outcome(each, source=each.entry.source_id) for each in stored], decide(), NOON)
    both = [article(name, source) for source, name in product(_SOURCES, "ab")]
    known, _ = _asked(ready_url, both, near=False)
    assert set(known.entries) == {(each.entry.source_id, each.entry.entry_key) for each in stored}
