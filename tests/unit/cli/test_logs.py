from __future__ import annotations

import json
import os
import pty
import subprocess
import sys

import pytest

SCRIPT = """
import logging, structlog
from aggregator.cli.logs import set_up_logs
set_up_logs(logging.INFO)
log = structlog.get_logger("aggregator.test")
address = "https://user:geheim@h.example/feed?token=geheim"
log.warning("source failed", source="wire", error=f"timeout: {address} \\r\\n\\x1b[31m!", n=3)
log.warning("an exception as a value", error=ValueError(address))
logging.getLogger("urllib3").warning("retrying %s", address)
try:
    raise ValueError(address)
except ValueError:
    log.exception("a mistake of ours")
log.info("中文标题")
log.debug("not shown")
"""


def run(**streams: int) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run([sys.executable, "-c", SCRIPT], check=True, timeout=60, **streams)  # type: ignore[call-overload,no-any-return] # streams as given


def test_each_line_is_one_object() -> None:
    """Where nobody watches, a line of the log is JSON with a time, whatever was in the values."""
    lines = run(stderr=subprocess.PIPE).stderr.decode().splitlines()
    events = [json.loads(line) for line in lines]
    assert [each["event"] for each in events] == [
        "source failed",
        "an exception as a value",
        "retrying https://h.example/feed?token=…",
        "a mistake of ours",
        "中文标题",
    ]
    first = events[0]
    assert (first["source"], first["n"], first["level"]) == ("wire", 3, "warning")
    assert first["error"] == r"timeout: https://h.example/feed?token=… \r\n\x1b[31m!"
    assert all(each["timestamp"].endswith("Z") for each in events)


@pytest.mark.parametrize("terminal", [False, True])
def test_no_secret_is_logged(terminal: bool) -> None:
    """Neither values, nor messages of libraries, nor a traceback show what an address hides."""
    if terminal:
        master, slave = pty.openpty()
        run(stderr=slave)
        os.close(slave)
        text = os.read(master, 65536).decode()
        os.close(master)
        assert not text.startswith("{")
    else:
        text = run(stderr=subprocess.PIPE).stderr.decode()
    assert "a mistake of ours" in text
    assert "ValueError" in text
    assert "user:geheim" not in text
    assert "token=geheim" not in text
