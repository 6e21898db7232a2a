"""A ledger that was written out makes the same store again, on either database."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest
from psycopg.errors import DeadlockDetected
from sqlalchemy import JSON
from sqlalchemy.exc import DBAPIError

from aggregator.errors import LedgerError
from aggregator.model.results import Tally
from aggregator.store.carried.lines import KINDS
from aggregator.store.carried.shapes import IN_JSON
from aggregator.store.store import Store
from tests.support.ledgers import taken_in, unheard, with_everything, written
from tests.support.outcomes import HOUR, NOON, article, configuration, decide, due_at_once, outcome
from tests.support.stores import fresh_database, opened

LONGER = "<p>Newer than the file, and longer than what it holds of any copy at all.</p>"
PATHS = ("all", "news", "news/world", "sport")


@pytest.fixture
def full(store: Store) -> Store:
    """A store on the database under test that has seen everything."""
    with_everything(store)
    return store


@pytest.fixture
def other(database_kind: str, request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    """A second, empty store on a database of the same kind."""
    with (
        fresh_database(database_kind, request, tmp_path) as url,
        contextlib.closing(opened(url)) as made,
    ):
        yield made


@pytest.fixture
def sqlite(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    """An empty store on SQLite."""
    with (
        fresh_database("sqlite", request, tmp_path) as url,
        contextlib.closing(opened(url)) as made,
    ):
        yield made


def _shown(store: Store) -> object:
    """What readers see of a store."""
    newest = {path: store.newest(path, 50, 0) for path in PATHS}
    tokens = [each.token for each in newest["all"]]
    return (
        newest,
        [store.history(token) for token in tokens],
        [store.withdrawals(path, 9) for path in PATHS],
        store.editions("daily", 9),
        store.events(9),
        store.moved_categories(),
        store.search("story"),
    )


def test_there_is_a_line_of_every_kind(full: Store) -> None:
    """The store that these tests use leaves out no kind, so that each is written and read."""
    kinds = {json.loads(line)["line"] for line in written(full)}
    assert kinds == {"ledger", *KINDS}


def test_the_ledger_makes_the_same_store(full: Store, other: Store) -> None:
    """Read into an empty database it shows the same articles, ids, decisions and events."""
    lines = written(full)
    taken_in(other, lines)
    assert written(other) == lines
    assert _shown(other) == _shown(full)


def test_the_ledger_goes_from_one_database_to_the_other_and_back(
    full: Store, sqlite: Store
) -> None:
    """Written by either database it has the same bytes: so it moves articles between the two."""
    lines = written(full)
    taken_in(sqlite, lines)
    assert written(sqlite) == lines


def test_nothing_comes_back_as_new(full: Store, other: Store) -> None:
    """What was removed, withdrawn, split or merged stays so when its sources send it again."""
    taken_in(other, written(full))
    other.sync_configuration(configuration(), NOON, due_at_once)
    again = [
        article("ancient", published_at=NOON - 2 * 365 * 24 * HOUR),
        *(article(name) for name in ("wrong", "quake", "shake")),
    ]
    before = other.newest("all", 50, 0)
    tallies = other.record([outcome(*again)], decide(), NOON + HOUR)
    assert tallies == (Tally(unchanged=4),)
    assert other.newest("all", 50, 0) == before


def test_a_second_time_adds_nothing(full: Store, other: Store) -> None:
    """Reading the same file again, or into the store that it came from, changes nothing."""
    lines = written(full)
    taken_in(other, lines)
    for store in (other, full):
        assert all(added == 0 for added, _ in taken_in(store, lines).lines.values())
        assert written(store) == lines


def test_after_a_deadlock_the_file_is_read_from_its_beginning(full: Store, other: Store) -> None:
    """A transaction that the database ended halfway is done again, with every line."""
    lines = written(full)
    ends = [len(lines) // 2, len(lines)]

    def read() -> Iterator[bytes]:
        end = ends.pop(0)
        yield from (f"{line}\n".encode() for line in lines[:end])
        if ends:
            raise DBAPIError("", None, DeadlockDetected("deadlock detected"))

    other.import_ledger(read, "old.jsonl", NOON, unheard)
    assert written(other) == lines


def test_what_is_there_stays(full: Store, other: Store) -> None:
    """An article that the database has already keeps its text; a copy that it lacks joins it."""
    other.sync_configuration(configuration(), NOON, due_at_once)
    other.record([outcome(article("fire", body=LONGER))], decide(), NOON)
    taken_in(other, written(full))
    (fire,) = (each for each in other.newest("all", 50, 0) if "fire" in each.title)
    assert fire.body == LONGER
    assert {copy.source_id for copy in other.copies(fire.token)} == {"wire", "echo"}
    assert [copy.standing for copy in other.copies(fire.token)].count(True) == 1
    assert "sport" in fire.paths


def test_what_was_withdrawn_goes_though_it_is_here(full: Store, other: Store) -> None:
    """A withdrawal is for good: an article that came back before its ledger did goes again."""
    other.sync_configuration(configuration(), NOON, due_at_once)
    other.record([outcome(article("wrong"))], decide(), NOON)
    (back,) = other.newest("all", 50, 0)
    taken_in(other, written(full))
    assert back.token not in {each.token for each in other.newest("all", 50, 0)}
    assert other.article(back.token) is None
    assert [each.token for each in other.withdrawals("all", 9)] == [back.token]


def test_a_source_that_was_never_read_takes_what_the_file_knows(full: Store, other: Store) -> None:
    """A service that was started once, and read nothing, is no obstacle."""
    other.sync_configuration(configuration(), NOON, due_at_once)
    taken_in(other, written(full))
    for source in ("wire", "echo"):
        assert other.fetch_state(source) == full.fetch_state(source)


_Change = Callable[[list[str]], list[str]]


def _changed(kind: str, **values: object) -> _Change:
    """Say other values in the first line of a kind; None takes a key out."""

    def change(lines: list[str]) -> list[str]:
        number = next(n for n, line in enumerate(lines) if json.loads(line)["line"] == kind)
        said = {**json.loads(lines[number]), **values}
        kept = {key: value for key, value in said.items() if value is not KeyError}
        return [*lines[:number], json.dumps(kept), *lines[number + 1 :]]

    return change


_WRONG: Sequence[tuple[_Change, str]] = (
    (
        lambda lines: lines[:0],
        "old.jsonl:1:1: the file is empty; the first line should be that of",
    ),
    (lambda lines: lines[1:], "old.jsonl:1:1: the first line should be that of"),
    (lambda lines: [lines[0], *lines], "old.jsonl:2:1: a second first line"),
    (lambda lines: lines[:-1], "lines of kind event; its first line promises"),
    (lambda lines: [*lines[:-1], lines[-1][:40]], "Invalid JSON"),
    (_changed("ledger", version=2), "old.jsonl:1:1: ledger.version: Input should be less"),
    (_changed("article", line="novel"), "'novel' found using 'line' does not match any of"),
    (_changed("article", published_at="soon"), "article.published_at: Input should be a valid"),
    (_changed("article", published_at="2026-01-01T00:00:00"), "should have timezone info"),
    (_changed("article", title=KeyError), "article.title: Field required"),
    (_changed("article", colour="red"), "article.colour: Extra inputs are not permitted"),
    (_changed("article", title="\0"), "article.title: Value error, no database takes this"),
    (_changed("article", tags="GDP"), "article.tags: Input should be a valid"),
    (_changed("article", story_key="../.."), "article.story_key: String should match"),
    (_changed("copy", decided_by="dice"), "it should be one of: first_seen"),
    (_changed("copy", story_key="0" * 64), "copy.story_key: no article before has it"),
    (_changed("copy", source_id="nobody"), "copy.source_id: no source before has it"),
    (_changed("copy", entry_key="k" * 65), "copy.entry_key: String should have at most 64"),
    (_changed("source", failures=2**31), "source.failures: Input should be less than or equal"),
    (_changed("source", rhythm=[1]), "source.rhythm: Value error, it cannot be read"),
    (_changed("dropped", article="{}"), "dropped.article: Value error, it cannot be read"),
)


def test_a_wrong_line_is_named_and_nothing_stored(full: Store, other: Store) -> None:
    """Each fault names file, line and key, and what would be right; the database stays empty."""
    lines = written(full)
    for change, said in _WRONG:
        with pytest.raises(LedgerError) as wrong:
            taken_in(other, change(lines))
        assert said in str(wrong.value)
        assert other.counts().items() >= {"articles": 0, "copies": 0, "sources": 0}.items()


def test_every_wrong_line_is_told_until_it_is_enough(full: Store, other: Store) -> None:
    """All faults come in one go, at most twenty of them."""
    lines = written(full)
    for wrong, told in ((19, 19), (20, 20), (21, 20)):
        broken = [lines[0], *['{"line":"nothing"}'] * wrong]
        with pytest.raises(LedgerError) as error:
            taken_in(other, broken)
        assert len(error.value.faults) == told


def test_a_line_of_an_older_version_may_lack_a_newer_column(full: Store, other: Store) -> None:
    """A column that came later is given what its migration gave to older rows."""
    lines = _changed("copy", text_length=KeyError, ruled_paths=KeyError)(written(full))
    taken_in(other, lines)
    assert _shown(other) == _shown(full)


def test_every_json_column_says_what_lies_in_it() -> None:
    """A column without a shape would let in what this program cannot read later."""
    columns: set[str] = {
        each.name for kind in KINDS.values() for each in kind.columns if isinstance(each.type, JSON)
    }
    assert columns <= IN_JSON.keys()
