"""What a command costs: CPU of all its processes, wall time, and the memory they hold together.

CPU comes from the kernel when the process has ended, with that of every child that was waited for.
Memory is sampled: the proportional set size of the whole tree, so that shared pages count once.
"""

from __future__ import annotations

import contextlib
import os
import subprocess
import threading
import time
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import psutil

SAMPLE_SECONDS = 0.1


@dataclass(frozen=True)
class Cost:
    """What one run cost; `facts` are numbers that the run itself printed or left."""

    cpu: float
    wall: float
    peak_mb: float
    facts: Mapping[str, float] = field(default_factory=dict)


def measure(
    command: Sequence[str], log: Path, cwd: Path | None = None, good: Collection[int] = (0,)
) -> Cost:
    """Run a command to its end; what it says goes to the log.

    Raises:
        RuntimeError: its exit status is none of the good ones.
    """
    with log.open("ab") as out:
        began = time.perf_counter()
        process = subprocess.Popen(command, stdout=out, stderr=out, cwd=cwd, env=environment())
        with _sampled(process.pid) as peak:
            _, status, usage = os.wait4(process.pid, 0)
        wall = time.perf_counter() - began
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode not in good:
        said = log.read_text(errors="replace")[-2000:]
        raise RuntimeError(f"{' '.join(command)} ended with {process.returncode}: {said}")
    return Cost(usage.ru_utime + usage.ru_stime, wall, max(peak, default=0.0) / 1e6)


def environment() -> dict[str, str]:
    """What is measured runs as it does where it is installed: compiled once, not at each start."""
    return {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}


@contextlib.contextmanager
def _sampled(pid: int) -> Iterator[list[float]]:
    peak: list[float] = []
    ended = threading.Event()

    def sample() -> None:
        while not ended.wait(SAMPLE_SECONDS):
            peak.append(memory_of_tree(pid))

    thread = threading.Thread(target=sample)
    thread.start()
    try:
        yield peak
    finally:
        ended.set()
        thread.join()


def memory_of_tree(pid: int) -> float:
    """Bytes that a process and everything below it hold, shared pages counted once."""
    total = 0.0
    with contextlib.suppress(psutil.Error):
        root = psutil.Process(pid)
        for each in [root, *root.children(recursive=True)]:
            with contextlib.suppress(psutil.Error, OSError):
                total += _proportional(each.pid)
    return total


def _proportional(pid: int) -> float:
    for line in Path(f"/proc/{pid}/smaps_rollup").read_text("ascii").splitlines():
        if line.startswith("Pss:"):
            return float(line.split()[1]) * 1024
    return 0.0


def cpu_of_tree(pid: int) -> float:
    """CPU seconds of a process that runs on, of its children, and of those that ended."""
    total = 0.0
    with contextlib.suppress(psutil.Error):
        root = psutil.Process(pid)
        for each in [root, *root.children(recursive=True)]:
            with contextlib.suppress(psutil.Error):
                total += sum(each.cpu_times()[:4])
    return total
