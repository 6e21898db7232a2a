"""Where the work that is all CPU happens: in processes that can be killed.

A document from outside can be made to cost any amount of time or memory. Each task therefore runs
under limits of the operating system: when its CPU seconds are used up the kernel ends the process,
when its memory is used up the allocation fails. The pool then starts another process, the source
is marked, and the service goes on. A process costs as much to start as some documents cost to read,
so there are more than one only where there is work for them. Knows nothing of what it runs.
"""

from __future__ import annotations

import contextlib
import gc
import math
import multiprocessing
import os
import resource
import signal
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from multiprocessing.spawn import get_executable
from pathlib import Path
from typing import Any, ParamSpec, Protocol, TypeVar

from pebble import ProcessExpired, ProcessFuture, ProcessPool

from aggregator.errors import ParseError, ParseReason, WorkersError

CPU_SECONDS = 10
"""CPU time that one task may use."""
BACKLOG = 6
"""Tasks under way that one process is enough for: they take about as long as starting another."""
PATIENCE = 2.0
"""Seconds after which a task that has no result lets more processes be started."""
START_SECONDS = 60.0
"""Longest wait for the first process of a pool to begin its first task."""
LOOK_SECONDS = 1.0
"""Distance at which a waiting task is looked after."""
END_SECONDS = 2.0
"""Longest wait for the processes to end; they are killed with us in any case."""
MEMORY_BYTES = 512 * 1024**2
"""Memory that one worker may take on top of what it has after its start."""

P = ParamSpec("P")
R = TypeVar("R")


class Workers(Protocol):
    """Runs a function somewhere and waits for its result."""

    def run(self, function: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
        """The function's result.

        Raises:
            ParseError: the function's own, or with reason TOO_EXPENSIVE when the task was ended
                at its limits.
            WorkersError: there is no process to run it in.
        """

    def close(self) -> None:
        """End what is running and give everything back."""


class InlineWorkers:
    """Runs each task where it is called, without limits: for trusted input and for tests."""

    def run(self, function: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
        """Call the function."""
        return function(*args, **kwargs)

    def close(self) -> None:
        """Nothing to give back."""


class ProcessWorkers:
    """Processes: none before the first task, one while that is enough, then as many as allowed."""

    def __init__(
        self,
        processes: int | None = None,
        cpu_seconds: int = CPU_SECONDS,
        memory_bytes: int = MEMORY_BYTES,
        patience: float = PATIENCE,
        start_seconds: float = START_SECONDS,
    ) -> None:
        self._most = processes or os.cpu_count() or 1
        self._cpu_seconds = cpu_seconds
        self._memory_bytes = memory_bytes
        self._patience = patience
        self._start_seconds = start_seconds
        self._lock = threading.Lock()
        self._under_way = 0
        self._is_closed = False
        self._pool = self._new_pool()
        self._works: ProcessPool | None = None

    def run(self, function: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
        """Run the function in one of the processes and wait for it."""
        task = (self._cpu_seconds, function, args, kwargs)
        with self._counted():
            try:
                result: R | _Refusal = self._result(task)
            except ProcessExpired as expired:
                why = _why_it_ended(expired.exitcode)
                raise ParseError(ParseReason.TOO_EXPENSIVE, why) from None
        if isinstance(result, _Refusal):
            raise ParseError(result.reason, result.detail)
        return result

    @contextlib.contextmanager
    def _counted(self) -> Iterator[None]:
        """Count a task; where many are under way, let there be more processes."""
        with self._lock:
            self._under_way += 1
            if self._under_way > BACKLOG:
                _grow(self._pool, self._most)
        try:
            yield
        finally:
            with self._lock:
                self._under_way -= 1

    def _result(self, task: tuple[Any, ...]) -> Any:
        """What a task gives; where the pool is broken, by the one in its place."""
        pool = self._pool
        try:
            return self._result_of(pool, task)
        except _BrokenPoolError:  # as it is when a process is killed while none has a task
            pool = self._replaced(pool)
        try:
            return self._result_of(pool, task)
        except _BrokenPoolError as error:
            self._replaced(pool)
            raise WorkersError(
                f"no worker process can be started from {os.fsdecode(get_executable())}: {error};"
                " see that this user may run it and that there is room for more processes"
            ) from None

    def _result_of(self, pool: ProcessPool, task: tuple[Any, ...]) -> Any:
        """What a task gives; one that waits long is let past the one that holds it up.

        Raises:
            _BrokenPoolError: this pool runs nothing any more, or never did.
        """
        if self._works is not pool and not os.access(get_executable(), os.X_OK):
            raise _BrokenPoolError("it may not be run")  # multiprocessing tells it by tracebacks
        try:
            with _ctrl_c_held_back():  # the first task starts the threads that start processes
                future = pool.schedule(_run_limited, args=task)
        except (RuntimeError, OSError) as error:
            raise _BrokenPoolError(str(error)) from None
        try:
            with contextlib.suppress(TimeoutError):
                result = future.result(self._patience)
                self._works = pool
                return result
            _grow(pool, self._most)
            return self._waited_for(future, pool)
        except RuntimeError:
            raise _BrokenPoolError("they end at once") from None

    def _waited_for(self, future: ProcessFuture[Any], pool: ProcessPool) -> Any:
        """What a task gives at last; a pool may break, or start nothing, without telling it."""
        patience = math.ceil(self._start_seconds / LOOK_SECONDS)
        while self._is_closed or pool.active:
            with contextlib.suppress(TimeoutError):
                return future.result(LOOK_SECONDS)
            if future.running():
                self._works = pool
            patience -= 1
            if patience <= 0 and self._works is not pool:
                raise _BrokenPoolError("none begins its work")
        raise _BrokenPoolError("they end at once")

    def _replaced(self, broken: ProcessPool) -> ProcessPool:
        """The pool in the place of one that broke.

        Raises:
            RuntimeError: it did not break, but was closed.
        """
        with self._lock:
            if self._is_closed:
                raise RuntimeError("the workers were closed")
            if self._pool is broken:
                _end(broken)
                self._pool = self._new_pool()
            return self._pool

    def _new_pool(self) -> ProcessPool:
        return ProcessPool(
            max_workers=1,
            initializer=_prepare_worker,
            initargs=(self._memory_bytes, gc.get_threshold()),
            context=multiprocessing.get_context("spawn"),
        )

    def close(self) -> None:
        """Kill the processes; nothing of theirs is half-written, because only we write."""
        with self._lock:
            self._is_closed = True
            ending = _end(self._pool)
        ending.join(END_SECONDS)


class _BrokenPoolError(Exception):
    """A pool runs no tasks any more, or never did."""


@contextlib.contextmanager
def _ctrl_c_held_back() -> Iterator[None]:
    """Have threads and processes that are started meanwhile never hear of Ctrl-C.

    A process that is still loading Python would die of it, with a traceback on the terminal. The
    thread that calls this hears of it afterwards.
    """
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _grow(pool: ProcessPool, processes: int) -> None:
    """Let a pool have more processes; it starts them within a tenth of a second."""
    manager = pool._pool_manager.worker_manager  # noqa: SLF001 - pebble has no public way
    manager.workers_number = max(manager.workers_number, processes)


def _end(pool: ProcessPool) -> threading.Thread:
    """Kill the processes of a pool; the thread that waits for them.

    Waiting is not for the caller: the pool may wait for ever for one that was just being started.
    """
    pool.stop()  # type: ignore[no-untyped-call] # pebble types most but not this
    ending = threading.Thread(target=pool.join, name="workers end", daemon=True)
    ending.start()
    return ending


@dataclass(frozen=True)
class _Refusal:
    """An exception on its way to the parent.

    It travels as a value, because one exception that cannot be pickled would break the whole pool.
    """

    reason: ParseReason
    detail: str


def _prepare_worker(memory_bytes: int, garbage: tuple[int, int, int]) -> None:
    """Leave Ctrl-C to the parent, cap the address space, look for garbage as often as the parent.

    This comes before what the tasks need is imported: an eighth of that was looking for garbage.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    gc.set_threshold(*garbage)
    limit = _address_space_in_use() + memory_bytes
    resource.setrlimit(resource.RLIMIT_AS, (limit, limit))


def _address_space_in_use() -> int:
    """Bytes of address space that this process has mapped; Linux only, 4 GiB assumed elsewhere."""
    try:
        pages = Path("/proc/self/statm").read_text("ascii").split()[0]
    except OSError:
        return 4 * 1024**3
    return int(pages) * resource.getpagesize()


def _run_limited(
    cpu_seconds: int, function: Callable[..., Any], args: tuple[Any, ...], kwargs: dict[str, Any]
) -> Any:
    """Run in a worker: the kernel ends the process when this task has used its CPU seconds.

    Gives the function's result, or a `_Refusal` in place of its exception.
    """
    used = resource.getrusage(resource.RUSAGE_SELF)
    soft = int(used.ru_utime + used.ru_stime) + 1 + cpu_seconds
    resource.setrlimit(resource.RLIMIT_CPU, (soft, resource.RLIM_INFINITY))
    try:
        return function(*args, **kwargs)
    except ParseError as error:
        return _Refusal(error.reason, error.detail)
    except MemoryError:
        return _Refusal(ParseReason.TOO_EXPENSIVE, "used more memory than allowed")
    except Exception as error:  # noqa: BLE001  # a mistake of ours fails one source, not the pool
        return _Refusal(ParseReason.FAILED, f"{type(error).__name__}: {error}")


def _why_it_ended(exit_code: int) -> str:
    """A worker's exit status in words."""
    if exit_code == -signal.SIGXCPU:
        return "used more CPU time than allowed"
    return f"the worker that read it ended with status {exit_code}"
