"""Where the work that is all CPU happens: in processes that can be killed.

A document from outside can be made to cost any amount of time or memory. Each task therefore runs
under limits of the operating system: when its CPU seconds are used up the kernel ends the process,
when its memory is used up the allocation fails. The pool then starts another process, the source
is marked, and the service goes on. Knows nothing of what it runs.
"""

from __future__ import annotations

import gc
import multiprocessing
import os
import resource
import signal
import threading
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ParamSpec, Protocol, TypeVar

from pebble import ProcessExpired, ProcessPool

from aggregator.errors import ParseError, ParseReason

CPU_SECONDS = 10
"""CPU time that one task may use."""
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
    """A pool of processes; start it before any thread, so that nothing half-locked is copied."""

    def __init__(
        self,
        processes: int | None = None,
        cpu_seconds: int = CPU_SECONDS,
        memory_bytes: int = MEMORY_BYTES,
    ) -> None:
        self._cpu_seconds = cpu_seconds
        self._pool = ProcessPool(
            max_workers=processes or os.cpu_count() or 1,
            initializer=_prepare_worker,
            initargs=(memory_bytes, gc.get_threshold()),
            context=multiprocessing.get_context("spawn"),
        )

    def run(self, function: Callable[P, R], *args: P.args, **kwargs: P.kwargs) -> R:
        """Run the function in one of the processes and wait for it."""
        task = (self._cpu_seconds, function, args, kwargs)
        try:
            result: R | _Refusal = self._pool.schedule(_run_limited, args=task).result()
        except ProcessExpired as expired:
            raise ParseError(ParseReason.TOO_EXPENSIVE, _why_it_ended(expired.exitcode)) from None
        if isinstance(result, _Refusal):
            raise ParseError(result.reason, result.detail)
        return result

    def close(self) -> None:
        """Kill the processes; nothing of theirs is half-written, because only we write."""
        self._pool.stop()  # type: ignore[no-untyped-call] # pebble types most but not this
        # Not joined here: the pool may wait for ever for a process that was just being started.
        joining = threading.Thread(target=self._pool.join, name="workers end", daemon=True)
        joining.start()
        joining.join(END_SECONDS)


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
