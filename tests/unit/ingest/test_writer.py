import threading
from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing
from datetime import UTC, datetime

import pytest

from aggregator.contracts import Decide
from aggregator.errors import StoreError
from aggregator.ingest.writer import BATCH, Writer
from aggregator.model.articles import Article, Decision
from aggregator.model.known import Known, Wanted
from aggregator.model.results import Digest, Outcome, Tally

NOW = datetime(2026, 1, 1, tzinfo=UTC)


class NothingToDecide:
    """A decision for outcomes without articles."""

    def wanted(self, articles: Sequence[Article]) -> Wanted:
        assert not articles
        return Wanted(frozenset(), frozenset())

    def __call__(self, articles: Sequence[Article], known: Known) -> Sequence[Decision]:
        assert not articles
        assert known
        return ()


class CountingStore:
    """Obeys `Recorder`; refuses any transaction with the source `bad` in it."""

    def __init__(self) -> None:
        self.batches: list[list[str]] = []
        self.gate = threading.Event()

    def record(
        self, outcomes: Sequence[Outcome], decide: Decide, now: datetime
    ) -> tuple[Tally, ...]:
        assert decide
        assert now == NOW
        self.gate.wait()
        names = [outcome.digest.source_id for outcome in outcomes if outcome.digest]
        if "bad" in names:
            raise StoreError("no")
        self.batches.append(names)
        return tuple(Tally(new=int(name)) for name in names)


@pytest.fixture
def store() -> CountingStore:
    return CountingStore()


@pytest.fixture
def writer(store: CountingStore) -> Iterator[Writer]:
    writer = Writer(store, NothingToDecide(), lambda: NOW)
    yield writer
    store.gate.set()
    writer.close()


def outcome(name: str) -> Outcome:
    return Outcome(Digest(name), None)


def test_each_caller_gets_its_own_tally(store: CountingStore, writer: Writer) -> None:
    """What became of an outcome goes back to the one who brought it."""
    store.gate.set()
    with ThreadPoolExecutor(8) as callers:
        tallies = list(callers.map(lambda n: writer.record(outcome(str(n))), range(200)))
    assert [tally.new for tally in tallies] == list(range(200))


def test_what_waits_is_written_together(store: CountingStore, writer: Writer) -> None:
    """Outcomes that pile up behind a slow transaction go into few, none above the limit."""
    number = 3 * BATCH
    with ThreadPoolExecutor(number) as callers:
        done = [callers.submit(writer.record, outcome(str(n))) for n in range(number)]
        store.gate.set()
        assert all(each.result() for each in done)
    assert max(map(len, store.batches)) <= BATCH
    assert sum(map(len, store.batches)) == number


def test_refused_outcome_does_not_take_others_with_it(store: CountingStore, writer: Writer) -> None:
    """Where the database refuses a batch, only the outcome that is to blame fails."""
    names = ["1", "2", "bad", "3"]
    with ThreadPoolExecutor(4) as callers:
        done = {name: callers.submit(writer.record, outcome(name)) for name in names}
        store.gate.set()
        assert isinstance(done.pop("bad").exception(), StoreError)
        assert {name: each.result().new for name, each in done.items()} == {
            "1": 1, "2": 2, "3": 3,
        }  # fmt: skip


def test_what_follows_a_transaction_soon_is_written_together(store: CountingStore) -> None:
    """The first is written at once; the next waits until a third of the callers stand behind it."""
    store.gate.set()
    with closing(Writer(store, NothingToDecide(), lambda: NOW, callers=9, pace=3600)) as writer:
        writer.record(outcome("0"))
        with ThreadPoolExecutor(3) as callers:
            assert all(callers.map(lambda n: writer.record(outcome(str(n))), range(1, 4)))
    assert [len(batch) for batch in store.batches] == [1, 3]


def test_nobody_waits_for_others_at_the_end(store: CountingStore) -> None:
    """What was gathered when the writer is closed is written."""
    store.gate.set()
    writer = Writer(store, NothingToDecide(), lambda: NOW, callers=96, pace=3600)
    writer.record(outcome("0"))
    last: Future[Tally] = Future()
    writer._waiting.put((outcome("1"), last))  # as a caller does who then waits
    writer.close()
    assert last.result(0).new == 1


def test_a_single_caller_never_waits(store: CountingStore) -> None:
    """Where nobody else can bring anything, each outcome is written when it comes."""
    store.gate.set()
    with closing(Writer(store, NothingToDecide(), lambda: NOW, callers=2, pace=3600)) as writer:
        for name in "123":
            writer.record(outcome(name))
    assert store.batches == [["1"], ["2"], ["3"]]
