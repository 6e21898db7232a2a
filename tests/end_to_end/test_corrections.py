"""What people ask and put right: why, split, merge, dropped, and rules tried on what is stored."""

from __future__ import annotations

import json
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy.engine import URL

from tests.support.folders import configured, published, write
from tests.support.postgres import create_database, drop_database
from tests.support.running import aggregator, in_process

STORM = "The whole long story of the storm that came over night"
AD = "Advertisement: buy an umbrella for the storm today"
CATEGORIES = [{"id": "news"}, {"id": "sport"}]
DROP_ADS = {"drop": {"title": "^Advertisement"}}
RETELL = [
    {"replace": {"field": "title", "find": "^Advertisement", "by": "Advert"}},
    {"replace": {"field": "body", "find": "rained", "by": "poured"}},
    {"tag": ["ads"], "when": {"title": "^Advert"}},
]


@pytest.fixture
def database(postgres_url: URL) -> Iterator[str]:
    name = f"corrections_{uuid.uuid4().hex}"
    yield create_database(postgres_url, name).render_as_string(hide_password=False)
    drop_database(postgres_url, name)


def _post(title: str, text: str) -> str:
    link = "".join(sign for sign in title.lower() if sign.isalpha())
    head = f"title: '{title}'\ndate: 2026-05-04 08:00:00\nlink: https://site.example/{link}"
    return f"---\n{head}\n---\n\n{text}\n"


def _folder(folder: Path, rules: list[Any], **settings: Any) -> Path:
    """Two sources that both tell of the storm; `wire` has an advertisement too."""
    sources = [
        {"id": "wire", "kind": "posts", "path": "wire/*.md", "category": "news"},
        {"id": "echo", "kind": "posts", "path": "echo/*.md", "category": "sport"},
    ]
    configured(folder, sources, CATEGORIES, rules=rules, **settings)
    for source in ("wire", "echo"):
        (folder / "config" / source).mkdir(exist_ok=True)
        text = "It rained. " * (5 if source == "wire" else 1)
        (folder / "config" / source / "storm.md").write_text(_post(STORM, text))
    (folder / "config/wire/ad.md").write_text(_post(AD, "Buy it now."))
    return folder


def _data(folder: Path, *words: str) -> Any:
    done = in_process(folder, *words, "--json")
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


def _articles(folder: Path, category: str = "all") -> dict[str, str]:
    """Tokens of what stands in a category, by title."""
    found = _data(folder, "articles", "--category", category)
    return {each["title"]: each["token"] for each in found}


def test_why_split_and_merge(tmp_path: Path) -> None:
    """`why` names every copy and what decided; `split` and `merge` hold and show in the feeds."""
    folder = _folder(tmp_path, [])
    for source in ("echo", "wire"):
        aggregator(folder, "ingest", source)
    token = _articles(folder)[STORM]
    (told,) = _data(folder, "why", token)["articles"]
    decided = {each["source"]: each for each in told["copies"]}
    assert decided["echo"]["decided_by"] == "first_seen"
    assert decided["wire"]["decided_by"] == "same_title_and_date"
    assert [each["shown"] for each in told["copies"]] == [False, True]
    for named in (told["id"], decided["echo"]["link"], f"https://x.example/articles/{token}"):
        assert _data(folder, "why", named)["articles"] == [told], named
    shown = in_process(folder, "why", token).stdout
    assert decided["echo"]["name"] in shown
    assert "a copy: equal title, within the window" in shown

    own = _data(folder, "split", decided["echo"]["name"])["article"]
    assert own.encode() in published(folder)["sport/feed.json"]
    assert own.encode() not in published(folder)["news/feed.json"]
    aggregator(folder, "ingest")
    assert len(_data(folder, "articles")) == 3

    assert _data(folder, "merge", token, own) == {"article": token, "merged": own}
    assert own.encode() not in published(folder)["all/feed.json"]
    (again,) = _data(folder, "why", own)["articles"]
    assert (again["token"], again["merged"]) == (token, [own])


def test_what_is_not_there_is_said(tmp_path: Path) -> None:
    """An unknown name is status 1 for `why`, and 2 for what cannot be done, without a traceback."""
    folder = _folder(tmp_path, [])
    aggregator(folder, "ingest")
    link = "https://site.example/nowhere"
    for words, status in (
        (["why", link], 1),
        (["split", "wire/0123456789ab"], 2),
        (["merge", link, link], 2),
        (["rules", "try", "--source", "wires"], 2),
        (["articles", "--source", "wires"], 2),
        (["articles", "--category", "newz"], 2),
        (["dropped", "--source", "wires"], 2),
        (["ingest", "wires"], 2),
    ):
        done = in_process(folder, *words)
        assert done.returncode == status, done.stderr
        assert words[-1] in done.stderr
        assert "Traceback" not in done.stderr
    assert "did you mean 'wire'?" in in_process(folder, "articles", "--source", "wires").stderr
    assert "did you mean 'news'?" in in_process(folder, "articles", "--category", "newz").stderr


def test_where_there_is_nothing_to_show(tmp_path: Path) -> None:
    """A person is told that there is nothing; a program gets an empty list."""
    folder = configured(tmp_path, [], CATEGORIES)
    for words in (["sources"], ["articles"], ["articles", "--category", "news"], ["dropped"]):
        done = in_process(folder, *words)
        assert (done.returncode, done.stdout) == (0, ""), words
        assert done.stderr.startswith(("no", "nothing")), words
    assert _data(folder, "articles") == _data(folder, "sources") == []


@pytest.mark.parametrize("kind", ["sqlite", "postgres"])
def test_rules_are_tried_and_applied(
    kind: str, tmp_path: Path, request: pytest.FixtureRequest
) -> None:
    """New rules tell what they would do, do it when asked, and can be taken back the same way."""
    own = {"database": request.getfixturevalue("database")} if kind == "postgres" else {}
    folder = _folder(tmp_path, [], **own)
    aggregator(folder, "ingest")
    before = published(folder)
    move = {"category": ["sport"], "when": {"author": "^$", "title": "umbrella"}}
    for rules, expected in (
        ([DROP_ADS], {"come": 0, "go": 1, "move": 0, "change": 0}),
        ([move], {"come": 0, "go": 0, "move": 1, "change": 0}),
        (RETELL, {"come": 0, "go": 0, "move": 0, "change": 2}),
        ([], {"come": 0, "go": 0, "move": 0, "change": 0}),
    ):
        _folder(tmp_path, rules, **own)
        tried = _data(folder, "rules", "try")
        assert tried["articles"] == {"judged": 2, **expected}
        assert published(folder) == before
    _folder(tmp_path, [DROP_ADS], **own)
    tried = _data(folder, "rules", "try", "--source", "wire")["feeds"]
    assert sorted(tried) == ["all", "news"]
    (going,) = tried["news"]["go"]["articles"]
    assert (going["title"], going["note"]) == (AD, "everywhere: drop title: ^Advertisement")
    applied = in_process(folder, "rules", "try", "--apply")
    assert f"- {AD}" in applied.stdout
    assert AD not in _articles(folder)
    assert AD.encode() not in published(folder)["all/feed.json"]
    (told,) = _data(folder, "dropped", "--rule", "advertisement")["entries"]
    assert told["title"] == AD
    _folder(tmp_path, RETELL, **own)
    applied = in_process(folder, "rules", "try", "--apply")
    assert "2 change\n  ~ " in applied.stdout
    assert f"~ {AD}  (title, tags)" in applied.stdout
    assert set(_articles(folder)) == {STORM, AD.replace("Advertisement", "Advert")}
    assert b"It poured." in published(folder)["sport/feed.json"]
    assert _data(folder, "rules", "try")["change"] == []
    _folder(tmp_path, [], **own)
    in_process(folder, "rules", "try", "--apply")
    assert published(folder) == before
    assert _data(folder, "dropped")["counts"] == []


def test_what_rules_dropped_at_first_comes_with_other_rules(tmp_path: Path) -> None:
    """What was never stored is countable, findable with its rule, and comes when rules let it."""
    folder = _folder(tmp_path, [DROP_ADS])
    aggregator(folder, "ingest")
    rule = "everywhere: drop title: ^Advertisement"
    (count,) = _data(folder, "dropped")["counts"]
    assert (count["rule"], count["entries"]) == (rule, 1)
    link = _data(folder, "dropped")["entries"][0]["link"]
    (dropped,) = _data(folder, "why", link)["dropped"]
    assert (dropped["title"], dropped["detail"]) == (AD, rule)
    assert rule in in_process(folder, "dropped").stdout
    (folder / "config/wire/ad.md").unlink()
    write(folder / "config/aggregator.yaml", {"site": {"title": "Wire"}})
    tried = in_process(folder, "rules", "try")
    assert f"+ {AD}" in tried.stdout
    assert "nothing was changed" in tried.stdout
    assert AD not in _articles(folder)
    in_process(folder, "rules", "try", "--apply")
    assert AD in _articles(folder, "news")
    assert _data(folder, "dropped")["counts"] == []
