"""`publish --force` and `withdraw` as commands: alone, and beside a running service."""

from __future__ import annotations

import json
from pathlib import Path

from tests.support.feeds import Item, rss
from tests.support.folders import configured, published
from tests.support.newsroom import Newsroom, until, wait_for_story
from tests.support.origin import Origin
from tests.support.running import RunningService, in_process

MANY = [f"Story number {number} that the database will lose" for number in range(6)]
HELD = "was not published anew"
AGAIN = "is published again"


def _folder(folder: Path, origin: Origin) -> Path:
    wire = {"id": "wire", "url": origin.url("/wire"), "category": "news", "every": "1s"}
    fetch = {"every": "1s", "every_at_least": "1s", "pause": "0s"}
    return configured(folder, [wire], [{"id": "news"}], fetch=fetch, publish={"settle": "0s"})


def _serve(origin: Origin, titles: list[str]) -> None:
    items = [Item(title, f"https://wire.example/{number}") for number, title in enumerate(titles)]
    origin.serve("/wire", rss(items), etag=f'"{len(titles)}"')


def _with_a_lost_database(folder: Path, origin: Origin) -> Path:
    """Six stories are published; database and source know only one from now on."""
    _folder(folder, origin)
    _serve(origin, MANY)
    assert in_process(folder, "ingest").returncode == 0
    for file in (folder / "data").glob("aggregator.db*"):
        file.unlink()
    _serve(origin, MANY[:1])
    return folder


def test_force_publishes_what_the_gate_held_back(tmp_path: Path) -> None:
    """The last good file stays until a person says that the new one is right; health tells both."""
    with Origin() as origin:
        folder = _with_a_lost_database(tmp_path, origin)
        good = published(folder)["news/rss.xml"]
        for words in (["ingest"], ["publish"]):
            done = in_process(folder, *words)
            assert done.returncode == 1
            assert "news/rss.xml was not replaced: it would have 1 articles" in done.stderr
            assert published(folder)["news/rss.xml"] == good
        health = published(folder)["health/rss.xml"].decode()
        assert health.count(f"news {HELD}") == 1
        assert AGAIN not in health
        assert in_process(folder, "publish", "--force").returncode == 0
        new = published(folder)["news/rss.xml"].decode()
        assert [title in new for title in MANY] == [True] + 5 * [False]
        assert published(folder)["health/rss.xml"].decode().count(f"news {AGAIN}") == 1
        assert in_process(folder, "publish").returncode == 0


def test_force_beside_a_running_service(tmp_path: Path) -> None:
    """The service serves the last good file, then what was forced, and leaves that in peace."""
    with Origin() as origin:
        folder = _with_a_lost_database(tmp_path, origin)
        with RunningService(folder) as service:
            until(lambda: HELD in service.get("/health/atom.xml").text, HELD, service, 60)
            assert MANY[5] in service.get("/news/rss.xml").text
            assert in_process(folder, "publish", "--force").returncode == 0
            assert MANY[5] not in service.get("/news/rss.xml").text
            _serve(origin, MANY[:2])
            wait_for_story(service, MANY[1])
            told = service.get("/health/atom.xml").text
            assert (told.count(f"news {HELD}"), told.count(f"news {AGAIN}")) == (1, 1)


def _token(folder: Path, title: str) -> str:
    found = json.loads(in_process(folder, "articles", "--json").stdout)
    return str(next(each["token"] for each in found if each["title"] == title))


def test_withdraw_takes_an_article_out_of_every_file(tmp_path: Path) -> None:
    """Feeds and pages lack it, the Atom feed tells it; a second time and a wrong name are said."""
    with Origin() as origin:
        folder = _folder(tmp_path, origin)
        _serve(origin, MANY)
        in_process(folder, "ingest")
        token = _token(folder, MANY[2])
        done = in_process(folder, "withdraw", token, "--why", "It was <wrong> 错了")
        assert done.returncode == 0
        assert "is withdrawn: It was <wrong> 错了" in done.stderr
        files = published(folder)
        assert [name for name, body in files.items() if MANY[2].encode() in body] == []
        atom = files["news/atom.xml"].decode()
        assert "deleted-entry" in atom
        assert "It was &lt;wrong&gt; 错了" in atom
        for named in (token, "https://wire.example/nowhere"):
            assert in_process(folder, "withdraw", named, "--why", "x").returncode == 2
        in_process(folder, "ingest")
        assert published(folder) == files


def test_why_tells_that_an_article_was_withdrawn(tmp_path: Path) -> None:
    """`why` tells when and why an article was taken back; without a reason none is."""
    folder = configured(tmp_path, [{"id": "posts", "kind": "posts", "path": "*.md"}])
    (folder / "config/one.md").write_text("---\ntitle: One post\n---\n\nText.\n")
    in_process(folder, "ingest")
    token = _token(folder, "One post")
    empty = in_process(folder, "withdraw", token, "--why", " ")
    assert (empty.returncode, "--why is empty" in empty.stderr) == (2, True)
    assert in_process(folder, "withdraw", token, "--why", "It was wrong.").returncode == 0
    (told,) = json.loads(in_process(folder, "why", token, "--json").stdout)["articles"]
    assert told["withdrawn"] == "It was wrong."
    shown = in_process(folder, "why", token).stdout
    assert ": It was wrong.\n" in shown
    assert "too old" not in shown


def test_withdraw_beside_a_running_service(tmp_path: Path) -> None:
    """Its page answers 410 with the reason, and the feeds lack it, also after a restart."""
    with Origin() as origin:
        newsroom = Newsroom(origin)
        folder = newsroom.configured(tmp_path)
        title = newsroom.newest
        with RunningService(folder) as service:
            wait_for_story(service, title)
            token = _token(folder, title)
            assert service.get(f"/articles/{token}").status_code == 200
            assert in_process(folder, "withdraw", token, "--why", "It was wrong.").returncode == 0
            gone = service.get(f"/articles/{token}")
            assert (gone.status_code, "It was wrong." in gone.text) == (410, True)
            assert title not in service.get("/news/rss.xml").text
            wait_for_story(service, newsroom.post())
            assert title not in service.get("/news/rss.xml").text
        with RunningService(folder) as service:
            wait_for_story(service, newsroom.post())
            assert title not in service.get("/news/rss.xml").text
            assert service.get(f"/articles/{token}").status_code == 410
