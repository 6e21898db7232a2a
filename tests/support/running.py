"""Runs the real command as a person would: in a process of its own, on a folder of its own."""

from __future__ import annotations

import logging
import os
import re
import signal
import subprocess
import sys
import threading
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Self

import requests
from typer.testing import CliRunner

from aggregator.cli.app import app

ROOT = Path(__file__).resolve().parents[2]
START_SECONDS = 60


def environment(extra: Mapping[str, str] | None = None) -> dict[str, str]:
    """The environment of a command under test: wide lines, no colours, nothing of the proxy's."""
    kept = {key: value for key, value in os.environ.items() if "proxy" not in key.lower()}
    return {**kept, "COLUMNS": "300", "NO_COLOR": "1", "NO_PROXY": "*", **(extra or {})}


def aggregator(
    folder: Path, *arguments: str, extra: Mapping[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    """Run one command to its end; `folder` holds `config/`."""
    return subprocess.run(
        [sys.executable, "-m", "aggregator", "--config", str(folder / "config"), *arguments],
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
        env=environment(extra),
    )


def in_process(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """As `aggregator`, within this process: far quicker, for commands that only ask or decide."""
    root = logging.getLogger()
    handlers, level, raises = root.handlers[:], root.level, logging.raiseExceptions
    try:
        words = ["--config", str(folder / "config"), *arguments]
        done = CliRunner().invoke(app, words, env={"COLUMNS": "300", "NO_COLOR": "1"})
    finally:
        root.handlers[:], logging.raiseExceptions = handlers, raises
        root.setLevel(level)
    if done.exception and not isinstance(done.exception, SystemExit):
        raise done.exception
    return subprocess.CompletedProcess(words, done.exit_code, done.stdout, done.stderr)


class RunningService:
    """`aggregator run` in the background, ready when the context is entered.

    Its log is in `log`, whole after the end. Bind it to port 0 of 127.0.0.1. `program` is the
    module to run (see `hurried`), `before` the words of a command that starts it.
    """

    def __init__(
        self,
        folder: Path,
        command: str = "run",
        program: str = "aggregator",
        before: Sequence[str] = (),
    ) -> None:
        asked = ["--config", str(folder / "config"), *command.split()]
        self._command = [*before, sys.executable, "-m", program, *asked]
        self.log: list[str] = []
        self._address: str = ""
        self._said = threading.Event()

    def __enter__(self) -> Self:
        self.begin()
        self.wait_until_ready()
        return self

    def begin(self) -> None:
        """Start it, and do not wait for anything."""
        self.process = subprocess.Popen(
            self._command,
            stderr=subprocess.PIPE,
            text=True,
            env=environment({"PYTHONPATH": str(ROOT)}),
        )
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()

    def wait_until_ready(self) -> None:
        """Wait until it answers."""
        if not self._said.wait(START_SECONDS) or not self._address:
            self.kill()
            raise AssertionError(f"the service did not start:\n{''.join(self.log)}")

    def __exit__(self, *_: object) -> None:
        self.stop()

    def url(self, path: str = "/") -> str:
        """An address of the service."""
        return f"http://{self._address}{path}"

    def get(self, path: str = "/", **kwargs: object) -> requests.Response:
        """Ask the service for a path."""
        with requests.Session() as session:
            session.trust_env = False
            return session.get(self.url(path), timeout=10, **kwargs)  # type: ignore[arg-type] # passed on as given

    def wait_for_log(self, *texts: str, seconds: float = 30) -> None:
        """Wait until the log said each of these, one after the other."""
        waited = threading.Event()
        for _ in range(int(seconds * 20)):
            lines = iter(list(self.log))
            if all(any(text in line for line in lines) for text in texts):
                return
            waited.wait(0.05)
        raise AssertionError(f"the log never said {texts!r}:\n{''.join(self.log)}")

    def stop(self, with_signal: signal.Signals = signal.SIGTERM) -> int:
        """End it with a signal; gives its exit status."""
        if self.process.poll() is None:
            self.process.send_signal(with_signal)
        try:
            status = self.process.wait(15)
        finally:
            self.kill()
        return status

    def kill(self) -> None:
        """End it as a power cut would."""
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait(15)
        self._reader.join(5)
        if self.process.stderr:
            self.process.stderr.close()

    def _read(self) -> None:
        assert self.process.stderr
        for line in self.process.stderr:
            self.log.append(line)
            if found := re.search(r"open http://([^/]+)/", line):
                self._address = found[1]
                self._said.set()
        self._said.set()
