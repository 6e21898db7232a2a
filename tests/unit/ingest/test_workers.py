import os
import signal
import socket
import sys
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import closing
from multiprocessing import active_children, spawn
from pathlib import Path

import pytest

from aggregator.errors import ParseError, ParseReason, WorkersError
from aggregator.ingest.workers import BACKLOG, ProcessWorkers

LONG = 60.0
"""Seconds that no test takes."""


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


def hears_of_ctrl_c() -> bool:
    return signal.SIGINT not in signal.pthread_sigmask(signal.SIG_BLOCK, ())


def test_workers_are_born_deaf_to_ctrl_c(workers: ProcessWorkers) -> None:
    """Ctrl-C cannot end a process that is still loading; the one that starts it hears it again."""
    assert not workers.run(hears_of_ctrl_c)
    assert hears_of_ctrl_c()


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


def hold(port: int) -> int:
    """Run until the test lets go; the process that ran."""
    with socket.create_connection(("127.0.0.1", port), LONG) as line:
        line.recv(1)
    return os.getpid()


class Hold:
    """The other end of tasks that are held: who called is running at this moment."""

    def __init__(self) -> None:
        self._listening = socket.create_server(("127.0.0.1", 0))
        self._listening.settimeout(LONG)
        self.port: int = self._listening.getsockname()[1]

    def caller(self) -> socket.socket:
        """The next task that runs; closing it lets the task end."""
        return self._listening.accept()[0]

    def close(self) -> None:
        """Take no more calls."""
        self._listening.close()


@pytest.fixture
def held() -> Iterator[Hold]:
    with closing(Hold()) as made:
        yield made


def test_no_process_is_started_before_the_first_task() -> None:
    """Where nothing changed nothing has to be read, and no process is paid for."""
    before = set(active_children())
    with closing(ProcessWorkers(processes=2)) as workers:
        assert set(active_children()) == before
        assert workers.run(double, 1) == 2
        assert len(set(active_children()) - before) == 1


@pytest.mark.parametrize(("tasks", "processes"), [(BACKLOG, 1), (BACKLOG + 1, 2)])
def test_the_second_process_is_started_for_a_backlog(
    held: Hold, tasks: int, processes: int
) -> None:
    """As many tasks as one process is enough for start no other; one more starts it."""
    with (
        closing(ProcessWorkers(processes=2, patience=LONG)) as workers,
        ThreadPoolExecutor(tasks) as threads,
    ):
        waiting = [threads.submit(workers.run, hold, held.port) for _ in range(tasks)]
        lines = [held.caller() for _ in range(processes)]
        for line in lines:
            line.close()
        for _ in range(tasks - processes):
            held.caller().close()
        assert len({each.result() for each in waiting}) == processes


def test_a_task_that_waits_long_is_let_past(held: Hold) -> None:
    """A document that keeps the one process busy does not hold up the next source for long."""
    with (
        closing(ProcessWorkers(processes=2, patience=0.1)) as workers,
        ThreadPoolExecutor(1) as threads,
    ):
        slow: Future[int] = threads.submit(workers.run, hold, held.port)
        with held.caller():
            assert workers.run(double, 4) == 8
        assert slow.result() > 0


def test_a_process_that_is_killed_while_it_has_nothing_to_do_is_replaced(
    workers: ProcessWorkers,
) -> None:
    """The system may end a process for its memory at any time; the next task has another one."""
    killed = workers.run(os.getpid)
    process = next(each for each in active_children() if each.pid == killed)
    os.kill(killed, signal.SIGKILL)
    process.join(LONG)
    while workers._pool.active:  # until the pool knows: that is when it breaks for good
        pass
    assert workers.run(os.getpid) != killed
    assert workers.run(double, 5) == 10


def test_closed_workers_take_no_tasks(workers: ProcessWorkers) -> None:
    """Nothing is started again after the end."""
    workers.run(double, 1)
    workers.close()
    with pytest.raises(RuntimeError):
        workers.run(double, 1)


@pytest.mark.parametrize(
    ("program", "why"),
    [
        (None, "may not be run"),
        ("#!/bin/sh\nexit 3\n", "end at once"),
        ("#!/bin/sh\nexit 0\n", "none begins its work"),
    ],
)
def test_processes_that_cannot_be_started_are_not_waited_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, program: str | None, why: str
) -> None:
    """Where Python cannot be run, or ends before any task, that is told; once it can, tasks run."""
    python = tmp_path / "python"
    if program is not None:
        python.write_text(program)
        python.chmod(0o755)
    with closing(ProcessWorkers(processes=1, patience=0.1, start_seconds=1)) as workers:
        with monkeypatch.context() as patch:
            patch.setattr(spawn, "_python_exe", os.fsencode(python))
            with pytest.raises(WorkersError, match=f"{python}.*{why}"):
                workers.run(double, 1)
        assert spawn.get_executable() in (sys.executable, os.fsencode(sys.executable))
        assert workers.run(double, 1) == 2
