"""How the command ends where nobody takes what it says, and what it says of itself."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
import typer
from typer.testing import CliRunner

from aggregator import __version__
from aggregator.cli.app import app
from aggregator.cli.call import Call, wrong_ends
from aggregator.cli.console import Voice
from aggregator.cli.ending import ending_plainly
from aggregator.errors import AggregatorError, StoreError, WorkersError
from tests.support.running import environment

FULL = Path("/dev/full")
COMMAND = [sys.executable, "-m", "aggregator"]

needs_full_disk = pytest.mark.skipif(not FULL.exists(), reason="this system has no /dev/full")


@needs_full_disk
@pytest.mark.parametrize("words", [["--help"], ["--version"], ["check", "--schema"]])
def test_output_that_nothing_takes(words: list[str]) -> None:
    """A command whose result cannot be written says so in a line, and leaves with 2."""
    with FULL.open("wb") as full:
        done = subprocess.run(
            [*COMMAND, *words], stdout=full, stderr=subprocess.PIPE, check=False, env=environment()
        )
    assert done.stderr == b"standard output cannot be written: No space left on device\n"
    assert done.returncode == 2


@needs_full_disk
def test_complaint_that_nothing_takes() -> None:
    """A command that is wrong leaves with 2, also where nobody can be told."""
    with FULL.open("wb") as full:
        done = subprocess.run([*COMMAND, "no-such"], stderr=full, check=False, env=environment())
    assert done.returncode == 2


def test_output_that_nobody_reads_any_more() -> None:
    """Who has read enough of a result ends the command without a word."""
    reading, writing = os.pipe()
    os.close(reading)
    with os.fdopen(writing, "wb") as pipe:
        done = subprocess.run(
            [*COMMAND, "check", "--schema"],
            stdout=pipe, stderr=subprocess.PIPE, check=False, env=environment(),
        )  # fmt: skip
    assert (done.returncode, done.stderr) == (1, b"")


def test_ctrl_c_before_the_command_is_known() -> None:
    """Ctrl-C while the program still loads ends it with 130, like later on."""
    with pytest.raises(SystemExit) as end, ending_plainly():
        raise KeyboardInterrupt
    assert end.value.code == 130


def test_other_errors_show() -> None:
    """An error that is none of standard output is not taken for one."""
    with pytest.raises(ConnectionResetError), ending_plainly():
        raise ConnectionResetError
    with pytest.raises(OSError, match="feeds"), ending_plainly():
        raise OSError(28, "No space left on device", "feeds")


@pytest.mark.parametrize(
    ("error", "status"),
    [(AggregatorError("no"), 2), (StoreError("no"), 2), (WorkersError("no"), 1)],
)
def test_an_error_has_its_status(
    error: AggregatorError, status: int, capsys: pytest.CaptureFixture[str]
) -> None:
    """What a person can mend leaves with 2, workers that do not start with 1; both are told."""
    with pytest.raises(typer.Exit) as end, wrong_ends(Voice()):
        raise error
    assert end.value.exit_code == status
    assert capsys.readouterr().err == "no\n"


def test_a_path_that_no_system_takes(tmp_path: Path) -> None:
    """What the system says of a file is told in a line with its name, and ends with 2."""
    name = "x" * 300
    done = CliRunner().invoke(app, ["init", str(tmp_path / name)])
    assert (done.exit_code, done.stdout) == (2, "")
    assert done.stderr.endswith(f"{name}/aggregator.yaml: File name too long\n")


def test_words_stay_what_they_are(capsys: pytest.CaptureFixture[str]) -> None:
    """What looks like a name for a picture in an address is shown as it is written."""
    voice = Voice()
    voice.say("tag:x: is not known")
    voice.complain("http://[::1]:warning: is not known")
    voice.out.print("tag:x:")
    shown = capsys.readouterr()
    assert shown.err == "tag:x: is not known\nhttp://[::1]:warning: is not known\n"
    assert shown.out == "tag:x:\n"


@pytest.mark.parametrize(
    ("folder", "words"),
    [("config", "config"), ("a b/新 c", "'a b/新 c'"), ("it's", "'it'\"'\"'s'")],
)
def test_commands_that_are_shown_can_be_typed(folder: str, words: str) -> None:
    """A folder with spaces or signs is quoted as shells want it."""
    assert Call(Path(folder)).command == f"aggregator --config {words}"


def test_version_needs_no_command() -> None:
    """`--version` alone prints the version and leaves with 0."""
    done = CliRunner().invoke(app, ["--version"])
    assert (done.exit_code, done.stdout) == (0, f"{__version__}\n")


@pytest.mark.parametrize("group", [[], ["import"], ["export"], ["rules"]], ids=" ".join)
def test_lists_of_commands_are_read_whole(group: list[str]) -> None:
    """In 80 columns each line about a command is whole; a group without a command lists them."""
    done = CliRunner().invoke(app, group, env={"COLUMNS": "80"})
    _, _, listed = done.output.partition("Commands:\n")
    assert listed
    assert "..." not in listed
    assert done.exit_code == 2
