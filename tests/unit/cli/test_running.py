"""How signals end a running command."""

from __future__ import annotations

import os
import signal
import sys
import threading
from types import FrameType
from typing import Any

import pytest

from aggregator.cli.running import until_signalled

STEPS = 20
"""More lines of Python than waiting has."""


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
@pytest.mark.parametrize("step", range(STEPS))
def test_signal_at_any_step_of_waiting(number: signal.Signals, step: int) -> None:
    """Whatever line of the wait a signal interrupts, the wait ends."""
    steps = iter(range(STEPS))

    def interrupt(_frame: FrameType, event: str, _argument: Any) -> Any:
        if event == "line" and next(steps, None) == step:
            signal.raise_signal(number)
        return interrupt

    with until_signalled() as end:
        late = threading.Timer(0.05, os.kill, (os.getpid(), number))  # for steps it does not have
        late.start()
        before = sys.gettrace()
        sys.settrace(interrupt)
        try:
            end.wait()
        finally:
            sys.settrace(before)
            late.join()


def test_end_announced_before_the_wait() -> None:
    """An end that was announced before anybody waited is not missed."""
    with until_signalled() as end:
        signal.raise_signal(signal.SIGTERM)
        end.wait()


def test_signal_in_another_thread() -> None:
    """A signal that another thread received ends the wait, although it does not interrupt it."""

    def receive() -> None:
        signal.pthread_kill(threading.get_ident(), signal.SIGTERM)

    with until_signalled() as end:
        other = threading.Timer(0.2, receive)
        other.start()
        end.wait()
        other.join()
