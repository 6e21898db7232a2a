"""What the documentation tells people to type, typed."""

from __future__ import annotations

import re
import shlex
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest
import typer

from aggregator.cli.app import app
from tests.support.folders import configured
from tests.support.running import aggregator, environment

ROOT = Path(__file__).resolve().parents[2]
PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").rglob("*.md"))]
READ_ME = (ROOT / "README.md").read_text(encoding="utf-8")


def commands(text: str) -> list[list[str]]:
    """The lines of every shell block, split into words; comments are left out."""
    blocks = re.findall(r"```(?:sh|bash|console)\n(.*?)```", text, re.DOTALL)
    lines = [line for block in blocks for line in block.splitlines()]
    return [words for line in lines if (words := shlex.split(line, comments=True))]


def known_commands() -> set[str]:
    done = subprocess.run(
        [sys.executable, "-m", "aggregator", "--help"],
        capture_output=True, text=True, check=True, env=environment(),
    )  # fmt: skip
    return set(re.findall(r"^[│| ]+([a-z]+)\s{2,}", done.stdout, re.MULTILINE))


def test_commands_of_all_pages_exist() -> None:
    """Every `aggregator …` in the documentation names a command that there is."""
    known = known_commands()
    assert {"run", "check", "ingest"} <= known
    for page in PAGES:
        for words in commands(page.read_text(encoding="utf-8")):
            if Path(words[0]).name == "aggregator":
                named = [word for word in words[1:] if not word.startswith("-")]
                assert known & set(named[:2]), (page.name, words)


def test_options_of_all_pages_exist() -> None:
    """Every option of an `aggregator …` in the documentation is one of that command."""
    seen = 0
    for page in PAGES:
        for words in commands(page.read_text(encoding="utf-8")):
            if Path(words[0]).name != "aggregator":
                continue
            asked = [word.partition("=")[0] for word in words if word.startswith("--")]
            seen += len(asked)
            assert set(asked) <= options_of(words[1:]), (page.name, words)
    assert seen > 5


def options_of(words: list[str]) -> set[str]:
    """The options of all commands, and of the one (or the one in a group) that is called."""
    command = typer.main.get_command(app)
    options = {each for parameter in command.params for each in parameter.opts}
    for word in words:
        inner = getattr(command, "commands", {}).get(word)
        if inner is not None:
            command = inner
            options |= {each for parameter in command.params for each in parameter.opts}
    return options


def test_every_command_is_in_the_readme() -> None:
    """The README's table tells what each command does."""
    told = set(re.findall(r"^\| `([a-z]+)", READ_ME, re.MULTILINE))
    assert known_commands() <= told


def test_make_targets_exist() -> None:
    """Every `make …` in the documentation is a target of the Makefile."""
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    for page in PAGES:
        for words in commands(page.read_text(encoding="utf-8")):
            if words[0] == "make":
                assert set(words[1:2]) <= targets, (page.name, words)


def test_readme_from_init_to_run(tmp_path: Path) -> None:
    """The README's three commands for one's own sources do what it says, one after the other."""
    own = [words for words in commands(READ_ME) if words[0] == "aggregator"]
    assert [words[-1] for words in own] == ["my/config", "check", "run"]
    extra = {"AGGREGATOR_BIND": "127.0.0.1:0"}
    for words in own[:2]:
        done = subprocess.run(
            [sys.executable, "-m", "aggregator", *words[1:]],
            cwd=tmp_path, capture_output=True, text=True, check=False, env=environment(extra),
        )  # fmt: skip
        assert done.returncode == 0, done.stderr
    service = subprocess.Popen(
        [sys.executable, "-m", "aggregator", *own[2][1:]],
        cwd=tmp_path, stderr=subprocess.PIPE, text=True, env=environment(extra),
    )  # fmt: skip
    assert service.stderr
    with service.stderr:
        assert any("open http://127.0.0.1:" in line for line in service.stderr)
        service.send_signal(signal.SIGTERM)
        service.stderr.read()
    assert service.wait(15) == 0
    assert (tmp_path / "my/feeds/index.html").exists()


def test_backup_command_makes_a_copy_that_works(tmp_path: Path) -> None:
    """The backup command of the operation page copies the database whole."""
    (tmp_path / "posts").mkdir()
    folder = configured(tmp_path, [{"id": "posts", "kind": "posts", "path": "posts/*.md"}])
    (folder / "config/posts").mkdir()
    (folder / "config/posts/one.md").write_text("---\ntitle: One post\n---\n\nText.\n")
    assert aggregator(folder, "ingest").returncode == 0
    operation = (ROOT / "docs/operation.md").read_text(encoding="utf-8")
    (backup,) = [words for words in commands(operation) if "sqlite3" in " ".join(words)]
    subprocess.run([sys.executable, *backup[1:]], cwd=folder, check=True)
    before = aggregator(folder, "articles", "--json").stdout
    for name in ("aggregator.db", "aggregator.db-wal", "aggregator.db-shm"):
        (folder / "data" / name).unlink(missing_ok=True)
    shutil.copy(folder / "backup.db", folder / "data/aggregator.db")
    assert aggregator(folder, "articles", "--json").stdout == before != "[]\n"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_links_between_pages_lead_somewhere(page: Path) -> None:
    """Every relative link of the documentation names a file that there is."""
    for target in re.findall(r"\]\((?!https?:|#)([^)#]+)", page.read_text(encoding="utf-8")):
        assert (page.parent / target).exists(), target
