import os
import signal
from collections.abc import Iterator

import pytest

from aggregator.errors import ParseError, ParseReason
from aggregator.ingest.workers import ProcessWorkers


@pytest.fixture
def workers() -> Iterator[ProcessWorkers]:
    pool = ProcessWorkers(processes=1, cpu_seconds=1, memory_bytes=64 * 1024**2)
    yield pool
    pool.close()


def double(number: int) -> int:
    return number * 2


def burn() -> None:
    while True:
        pass


def allocate(size: int) -> int:
    return len(bytearray(size))


def die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def refuse() -> None:
    raise ParseError(ParseReason.EMPTY, "nothing there")


def test_result_comes_back(workers: ProcessWorkers) -> None:
    """A task's result is that of the function."""
    assert workers.run(double, 21) == 42


def test_own_errors_come_back_whole(workers: ProcessWorkers) -> None:
    """An error that a task raises keeps its type, reason and detail on the way back."""
    with pytest.raises(ParseError) as caught:
        workers.run(refuse)
    assert (caught.value.reason, caught.value.detail) == (ParseReason.EMPTY, "nothing there")


def test_endless_task_is_ended_and_the_next_one_runs(workers: ProcessWorkers) -> None:
    """A task that uses up its CPU seconds is ended by the kernel; the pool goes on."""
    with pytest.raises(ParseError, match="CPU") as caught:
        workers.run(burn)
    assert caught.value.reason is ParseReason.TOO_EXPENSIVE
    assert workers.run(double, 1) == 2


def test_memory_is_bounded(workers: ProcessWorkers) -> None:
    """A task gets its memory, and not twice of it."""
    assert workers.run(allocate, 16 * 1024**2) == 16 * 1024**2
    with pytest.raises(ParseError, match="memory") as caught:
        workers.run(allocate, 128 * 1024**2)
    assert caught.value.reason is ParseReason.TOO_EXPENSIVE
    assert workers.run(double, 2) == 4


def test_killed_worker_marks_one_task_only(workers: ProcessWorkers) -> None:
    """A worker that is killed from outside fails its task; the next one has a new worker."""
    with pytest.raises(ParseError, match="status -9"):
        workers.run(die)
    assert workers.run(double, 3) == 6


def test_time_of_earlier_tasks_does_not_count(workers: ProcessWorkers) -> None:
    """The CPU limit is each task's own: many small ones do not add up to it."""
    assert [workers.run(sum_up, 300_000) for _ in range(60)]


def sum_up(number: int) -> int:
    return sum(range(number))
