"""What `export ledger` wrote brings everything back, whatever became of the database."""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.engine import URL

from tests.support.feeds import Item, rss
from tests.support.folders import configured, published
from tests.support.origin import Origin
from tests.support.postgres import create_database, drop_database
from tests.support.running import RunningService, in_process

STORIES = ("storm", "flood", "fire", "quake", "shake", "ad")
TREE: list[dict[str, Any]] = [{"id": "news"}, {"id": "sport", "was": ["games"]}]


@pytest.fixture
def database(postgres_url: URL) -> Iterator[str]:
    name = f"ledger_{uuid.uuid4().hex}"
    yield create_database(postgres_url, name).render_as_string(hide_password=False)
    drop_database(postgres_url, name)


def _items(*names: str) -> bytes:
    return rss(
        [Item(_title(name), f"https://w.example/{name}", body=_title(name)) for name in names]
    )


def _title(name: str) -> str:
    return f"The whole long story of the {name} 风暴"


def _folder(folder: Path, origin: Origin, **settings: str) -> Path:
    """Two sources that tell the same stories, and a rule that drops one of them."""
    wire = {"id": "wire", "url": origin.url("/wire"), "category": "news"}
    echo = {"id": "echo", "url": origin.url("/echo"), "category": "sport"}
    origin.serve("/wire", _items(*STORIES), etag='"1"')
    origin.serve("/echo", _items("storm", "flood"), etag='"1"')
    rules = [{"drop": {"title": "story of the ad"}}]
    return configured(folder, [wire, echo], TREE, rules=rules, fetch={"pause": "0s"}, **settings)


def _do(folder: Path, *words: str) -> str:
    done = in_process(folder, *words)
    assert done.returncode == 0, done.stderr
    return done.stdout


def _with_history(folder: Path, origin: Origin) -> dict[str, bytes]:
    """A folder in which a person has corrected something; returns what is published."""
    _do(folder, "ingest")
    tokens = {
        each["title"]: each["token"] for each in json.loads(_do(folder, "articles", "--json"))
    }
    (told,) = json.loads(_do(folder, "why", tokens[_title("flood")], "--json"))["articles"]
    _do(folder, "split", next(each["name"] for each in told["copies"] if not each["shown"]))
    _do(folder, "merge", tokens[_title("quake")], tokens[_title("shake")])
    _do(folder, "withdraw", tokens[_title("fire")], "--why", "It was wrong.")
    origin.serve("/wire", _items("storm", "ad"), etag='"2"')  # the others are not told any more
    _do(folder, "ingest")
    _do(folder, "publish")
    return published(folder)


def _forget(folder: Path) -> None:
    for file in (folder / "data").glob("aggregator.db*"):
        file.unlink()


def test_a_lost_database_comes_back_from_its_ledger(tmp_path: Path) -> None:
    """Import, ingest and publish give every feed the bytes that it had; nothing is posted again."""
    with Origin() as origin:
        folder = _folder(tmp_path, origin)
        before = _with_history(folder, origin)
        _do(folder, "export", "ledger", str(tmp_path / "old.jsonl.gz"))
        _forget(folder)
        _do(folder, "import", "ledger", str(tmp_path / "old.jsonl.gz"))
        for command in ("ingest", "publish"):
            _do(folder, command)
            assert published(folder) == before, command
        origin.serve("/wire", _items(*STORIES), etag='"3"')  # all of them are told once more
        _do(folder, "ingest")
        assert published(folder) == before
        assert json.loads(_do(folder, "dropped", "--json"))["entries"][0]["title"] == _title("ad")


def test_articles_move_to_postgresql_and_back(tmp_path: Path, database: str) -> None:
    """The same feeds come out of the other database, and the way back gives the same file."""
    with Origin() as origin:
        folder = _folder(tmp_path, origin)
        before = _with_history(folder, origin)
        _do(folder, "export", "ledger", str(tmp_path / "there.jsonl"))
        _folder(tmp_path, origin, database=database)
        _do(folder, "import", "ledger", str(tmp_path / "there.jsonl"))
        _do(folder, "export", "ledger", str(tmp_path / "back.jsonl"))
        assert (tmp_path / "back.jsonl").read_bytes() == (tmp_path / "there.jsonl").read_bytes()
        _do(folder, "ingest")
        assert published(folder) == before


def test_a_file_that_is_cut_short_changes_nothing(tmp_path: Path) -> None:
    """Whether packed or not: it is told in words, with status 2, and nothing of it is stored."""
    with Origin() as origin:
        folder = _folder(tmp_path, origin)
        _do(folder, "ingest")
        for name in ("old.jsonl.gz", "old.jsonl"):
            _do(folder, "export", "ledger", str(tmp_path / name))
        _forget(folder)
        for name, said in (("old.jsonl.gz", "is cut short or damaged"), ("old.jsonl", ":1: ")):
            file = tmp_path / name
            file.write_bytes(file.read_bytes()[:-20])
            done = in_process(folder, "import", "ledger", str(file))
            assert (done.returncode, str(file) in done.stderr) == (2, True)
            assert said in done.stderr
        assert json.loads(_do(folder, "articles", "--json")) == []


def test_what_cannot_be_written_or_read_is_said(tmp_path: Path) -> None:
    """A folder that is not there: status 2, in words, and no half file anywhere."""
    with Origin() as origin:
        folder = _folder(tmp_path, origin)
        _do(folder, "ingest")
        for words in (("export", "ledger"), ("import", "ledger"), ("import",)):
            done = in_process(folder, *words, str(tmp_path / "nowhere" / "x"))
            assert done.returncode == 2
            assert "No such file or directory" in done.stderr
        assert not list(tmp_path.glob("*.new"))


def test_a_lost_database_does_not_replace_a_good_ledger(tmp_path: Path) -> None:
    """Where there is no database nothing is written, and what was written before stays."""
    with Origin() as origin:
        folder = _folder(tmp_path, origin)
        (tmp_path / "good.jsonl").write_text("as it was")
        done = in_process(folder, "export", "ledger", str(tmp_path / "good.jsonl"))
        assert done.returncode == 2
        assert "there is no database yet" in done.stderr
        assert (tmp_path / "good.jsonl").read_text() == "as it was"
        assert not list((tmp_path / "data").glob("*"))


def test_no_service_may_run_while_a_ledger_is_taken_in(tmp_path: Path) -> None:
    """A running service goes on undisturbed; writing the ledger out is possible meanwhile."""
    with Origin() as origin:
        folder = _folder(tmp_path, origin)
        _do(folder, "ingest")
        with RunningService(folder):
            _do(folder, "export", "ledger", str(tmp_path / "x.jsonl"))
            done = in_process(folder, "import", "ledger", str(tmp_path / "x.jsonl"))
        assert done.returncode == 2
        assert "end it first" in done.stderr
