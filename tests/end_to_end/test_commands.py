"""The commands that look, check and begin: words in, exit status and clear words out."""

from __future__ import annotations

import json
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from tests.support.folders import configured
from tests.support.running import aggregator, in_process

POST = "---\ntitle: A post with a title of its own\ndate: 2026-05-04 08:00:00\n---\n\nText.\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    sources = [{"id": "posts", "kind": "posts", "path": "posts/*.md", "category": "news"}]
    folder = configured(tmp_path, sources, [{"id": "news"}])
    (folder / "config/posts").mkdir()
    (folder / "config/posts/one.md").write_text(POST)
    return folder


def test_check_accepts_what_is_right(folder: Path) -> None:
    """A right configuration leaves with 0, and says what the database will need."""
    done = aggregator(folder, "check")
    assert done.returncode == 0
    assert "1 source, no faults" in done.stderr
    assert "made at the first start" in done.stderr
    assert not (folder / "data").exists()


def test_check_tells_every_fault_at_once(folder: Path) -> None:
    """Faults of several files are told in one run, each with its place, and 2 is the status."""
    (folder / "config/aggregator.yaml").write_text("site:\n  titel: x\nfetch:\n  every: soon\n")
    (folder / "config/categories.yaml").write_text("categories:\n  - {id: a/b}\n")
    done = aggregator(folder, "check")
    assert done.returncode == 2
    assert "aggregator.yaml:2:3: " in done.stderr
    assert "title" in done.stderr
    assert "aggregator.yaml:4:10: fetch.every: " in done.stderr
    assert "categories.yaml:2:10: " in done.stderr


def test_check_prints_the_schema_for_editors(folder: Path) -> None:
    """`check --schema` prints JSON Schema that knows the kinds, whatever the files say."""
    (folder / "config/aggregator.yaml").write_text("wrong: [")
    done = aggregator(folder, "check", "--schema")
    assert done.returncode == 0
    assert "JsonSource" in json.dumps(json.loads(done.stdout)) or "items" in done.stdout


def test_newer_database_is_refused_and_left_alone(folder: Path) -> None:
    """A database that a newer program wrote makes every command leave with 2, untouched."""
    aggregator(folder, "ingest")
    path = folder / "data/aggregator.db"
    with closing(sqlite3.connect(path)) as database:
        database.execute("UPDATE alembic_version SET version_num = 'f00000000001'")
        database.commit()
        database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    before = path.read_bytes()
    for command in ("check", "ingest", "run", "publish", "sources"):
        done = aggregator(folder, command)
        assert done.returncode == 2, command
        assert "newer" in done.stderr, command
    assert path.read_bytes() == before


def test_init_writes_what_check_accepts_and_overwrites_nothing(tmp_path: Path) -> None:
    """`init` makes a configuration that is right, and refuses to do it over an existing one."""
    done = aggregator(tmp_path, "init", str(tmp_path / "config"))
    assert done.returncode == 0
    assert aggregator(tmp_path, "check").returncode == 0
    again = in_process(tmp_path, "init")  # into the folder of --config
    assert again.returncode == 2
    assert "aggregator.yaml" in again.stderr


def test_init_where_nothing_can_be_written(tmp_path: Path) -> None:
    """`init` into what is no folder says so, and leaves with 2."""
    (tmp_path / "file").write_text("mine")
    done = in_process(tmp_path, "init", str(tmp_path / "file"))
    assert done.returncode == 2
    assert "file/aggregator.yaml cannot be written: " in done.stderr


def test_terminal_without_the_letters(folder: Path) -> None:
    """On a terminal that has ASCII only, letters are written as escapes, and JSON stays JSON."""
    (folder / "config/posts/two.md").write_text("---\ntitle: 一条新闻 😀\n---\n\nText.\n")
    ascii_only = {"PYTHONIOENCODING": "ascii"}
    aggregator(folder, "ingest")
    shown = aggregator(folder, "articles", extra=ascii_only)
    assert (shown.returncode, "\\u4e00\\u6761" in shown.stdout) == (0, True)
    data = json.loads(aggregator(folder, "articles", "--json", extra=ascii_only).stdout)
    assert "一条新闻 😀" in [each["title"] for each in data]


def test_words_that_are_no_text(folder: Path) -> None:
    """A word that is no UTF-8 is refused with status 2."""
    done = aggregator(folder, "why", "a\udcffb")
    assert (done.returncode, done.stderr) == (2, "'a\\udcffb' is no text in utf-8\n")


def test_unknown_source_is_named(folder: Path) -> None:
    """`ingest` of a source that there is not leaves with 2 and tells which there are."""
    done = aggregator(folder, "ingest", "postz")
    assert done.returncode == 2
    assert "postz" in done.stderr
    assert "posts" in done.stderr


def test_summary_for_people_and_for_programs(folder: Path) -> None:
    """`ingest` tells in words what became of the articles; `--json` tells the same as data."""
    done = aggregator(folder, "ingest", "--json")
    assert done.returncode == 0
    assert "1 new, 0 updated, 0 duplicates" in done.stderr
    assert json.loads(done.stdout)["articles"]["new"] == 1
    again = aggregator(folder, "--quiet", "ingest")
    assert (again.returncode, again.stdout, again.stderr) == (0, "", "")


def test_articles_and_sources_as_data(folder: Path) -> None:
    """`articles --json` and `sources --json` print what there is."""
    aggregator(folder, "ingest")
    (article,) = json.loads(aggregator(folder, "articles", "--json").stdout)
    assert article["title"] == "A post with a title of its own"
    assert article["categories"] == ["news"]
    (source,) = json.loads(aggregator(folder, "sources", "--json").stdout)
    assert (source["id"], source["state"], source["articles"]) == ("posts", "ok", 1)
    assert "A post with a title" in aggregator(folder, "articles").stdout


@pytest.mark.parametrize("command", [["sources"], ["articles"], ["dropped"], ["rules", "try"]])
def test_data_asked_for_before_the_command(folder: Path, command: list[str]) -> None:
    """`--json` counts in front of every command that prints data, as it does behind it."""
    before = in_process(folder, "--json", *command).stdout
    assert before == in_process(folder, *command, "--json").stdout
    assert json.loads(before) is not None


def test_missing_configuration_says_what_to_do(tmp_path: Path) -> None:
    """Without a configuration folder, commands say so and leave with 2."""
    done = aggregator(tmp_path, "ingest")
    assert done.returncode == 2
    assert "config" in done.stderr
    assert "Traceback" not in done.stderr


def test_wrong_word_is_status_2(folder: Path) -> None:
    """A command that does not exist leaves with 2."""
    assert aggregator(folder, "ingset").returncode == 2
