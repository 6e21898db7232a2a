"""`aggregator import` and `export opml`: lists of subscriptions in and out."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from lxml import etree

from aggregator.config.load import load
from aggregator.config.tree import all_categories
from aggregator.model.settings import Configuration
from tests.support.folders import configured
from tests.support.running import aggregator

OPML = """<?xml version="1.0" encoding="UTF-8"?>
<opml version="2.0"><head><title>订阅</title></head><body>
  <outline text="Loose" type="rss" xmlUrl="https://loose.example/feed"/>
  <outline text="科技">
    <outline text="Python &amp; friends">
      <outline text="Planet ${HOME}: a" xmlUrl="https://planet.example/atom" htmlUrl="https://planet.example/"/>
    </outline>
    <outline text="已有" xmlUrl="http://KNOWN.example/feed/"/>
    <outline text="阮一峰的网络日志" xmlUrl="https://shared.example/feed"/>
  </outline>
  <outline text="财经"><outline text="宏观">
    <outline text="Shared again" xmlUrl="https://shared.example/feed"/>
  </outline></outline>
  <outline text="Odd" xmlUrl="feed:nonsense here"/>
</body></opml>
"""
CATEGORIES = """# The tree.
categories:
  - id: tech   # ours
    title: 科技

  - {id: fun, title: Fun}
# end
"""
ADDED = """# The tree.
categories:
  - id: tech   # ours
    title: 科技
    categories:
      - id: python-friends
        title: Python & friends

  - {id: fun, title: Fun}

  - id: 财经
    title: 财经
    categories:
      - id: 宏观
        title: 宏观
# end
"""
IMPORTED = """# Feeds imported from My feeds.opml.
sources:
  - id: loose-example-ID
    url: https://loose.example/feed
    title: Loose
  - id: planet-example-ID
    url: https://planet.example/atom
    title: 'Planet $${HOME}: a'
    site_link: https://planet.example/
    category: [tech/python-friends]
  - id: shared-example-ID
    url: https://shared.example/feed
    title: 阮一峰的网络日志
    category: [tech, 财经/宏观]
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    configured(tmp_path, [{"id": "known", "url": "https://known.example/feed"}])
    (tmp_path / "config/categories.yaml").write_text(CATEGORIES, encoding="utf-8")
    (tmp_path / "My feeds.opml").write_text(OPML, encoding="utf-8")
    return tmp_path


def contents(folder: Path) -> dict[str, bytes]:
    files = (path for path in (folder / "config").rglob("*") if path.is_file())
    return {path.name: path.read_bytes() for path in files}


def loaded(folder: Path) -> Configuration:
    return load(folder / "config", {"HOME": "/nowhere"})


def test_import_writes_feeds_and_categories(folder: Path) -> None:
    """New feeds get a file, new categories their place in the tree; comments and order stay."""
    done = aggregator(folder, "import", str(folder / "My feeds.opml"))
    assert "skipped: http://KNOWN.example/feed/ is there already, as known" in done.stderr
    assert "cannot be read: feed:nonsense here" in done.stderr
    assert "3 sources, 3 new categories, 1 skipped" in done.stderr
    assert done.returncode == 1  # one of them cannot be read
    files = contents(folder)
    assert files["categories.yaml"].decode() == ADDED
    text = files["imported-my-feeds.yaml"].decode()
    for spec in loaded(folder).sources[1:]:
        host = spec.id.rpartition("-")[0]
        text = text.replace(spec.id, f"{host}-ID")
    assert text == IMPORTED
    assert loaded(folder).sources[2].title == "Planet ${HOME}: a"
    assert aggregator(folder, "check").returncode == 0


def test_second_import_changes_nothing(folder: Path) -> None:
    """Everything that is there already is named and skipped."""
    aggregator(folder, "import", str(folder / "My feeds.opml"))
    before = contents(folder)
    done = aggregator(folder, "import", str(folder / "My feeds.opml"), "--json")
    assert contents(folder) == before
    data = json.loads(done.stdout)
    assert data["sources"] == []
    assert len(data["skipped"]) == 4


def test_grown_list_is_added_to_its_file(folder: Path) -> None:
    """What is new in a list that was imported before joins the file of that list."""
    opml = folder / "My feeds.opml"
    aggregator(folder, "import", str(opml))
    before = contents(folder)["imported-my-feeds.yaml"].decode()
    more = '<outline text="New" xmlUrl="https://new.example/feed"/></body>'
    opml.write_text(OPML.replace("</body>", more), encoding="utf-8")
    aggregator(folder, "import", str(opml))
    after = contents(folder)["imported-my-feeds.yaml"].decode()
    assert after.startswith(before)
    assert after.endswith("    url: https://new.example/feed\n    title: New\n")


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("<opml><body>", "list.opml:1:"),
        ("<rss/>", "this is not OPML"),
        (None, "cannot be read"),
    ],
)
def test_file_that_is_no_list_changes_nothing(folder: Path, text: str | None, told: str) -> None:
    """A broken or missing file is told with its place, and nothing is written."""
    if text is not None:
        (folder / "list.opml").write_text(text)
    before = contents(folder)
    done = aggregator(folder, "import", str(folder / "list.opml"))
    assert done.returncode == 2
    assert told in done.stderr
    assert contents(folder) == before


def test_wrong_configuration_is_not_added_to(folder: Path) -> None:
    """A configuration with a fault is told as by `check`, and nothing is written."""
    (folder / "config/categories.yaml").write_text("categories: [{id: a, titel: b}]\n")
    before = contents(folder)
    done = aggregator(folder, "import", str(folder / "My feeds.opml"))
    assert done.returncode == 2
    assert "categories.yaml:1:" in done.stderr
    assert contents(folder) == before


NESTED: list[dict[str, Any]] = [
    {"id": "tech", "title": "科技", "categories": [
        {"id": "py", "title": "Python & <friends>", "categories": [{"id": "deep", "title": "深"}]},
    ]},
    {"id": "empty", "title": "Nobody"},
    {"id": "finance", "title": "金融 / 国內"},
]  # fmt: skip
FEEDS: list[dict[str, Any]] = [
    {"id": "plain", "url": "https://plain.example/feed"},
    {"id": "名", "url": "https://x.example/?a=1&b=2", "title": '【日报】"x" <b>',
     "category": "tech"},
    {"id": "deep", "url": "https://deep.example/", "title": "Deep", "category": "tech/py/deep",
     "site_link": "https://deep.example/home"},
    {"id": "both", "url": "https://both.example/", "category": ["finance", "tech/py"]},
]  # fmt: skip


def facts(configuration: Configuration) -> list[tuple[Any, ...]]:
    """What OPML can say of sources, with the titles of their categories."""
    titles = {each.path: each.titles for each in all_categories(configuration)}
    return sorted(
        (each.id, getattr(each, "url", ""), each.title, each.site_link,
         sorted(titles[path] for path in each.category))
        for each in configuration.sources
    )  # fmt: skip


def test_export_and_import_give_the_same_sources(tmp_path: Path) -> None:
    """Into an empty configuration, an exported list brings back ids, titles and categories."""
    one = configured(tmp_path / "one", FEEDS, NESTED)
    two = configured(tmp_path / "two", [], [])
    opml = tmp_path / "out.opml"
    assert aggregator(one, "export", "opml", "--output", str(opml)).returncode == 0
    done = aggregator(two, "import", str(opml))
    assert done.returncode == 0, done.stderr
    assert facts(loaded(two)) == facts(loaded(one))
    (tmp_path / "again.opml").write_text(aggregator(two, "export", "opml").stdout, "utf-8")
    three = configured(tmp_path / "three", [], NESTED)
    assert aggregator(three, "import", str(tmp_path / "again.opml")).returncode == 0
    paths = {each.id: sorted(each.category) for each in loaded(three).sources}
    assert paths == {each.id: sorted(each.category) for each in loaded(one).sources}


def test_exported_list_is_a_source_as_it_is(tmp_path: Path) -> None:
    """Laid into `sources/`, the list is read without an import, with the same ids."""
    one = configured(tmp_path / "one", FEEDS, NESTED)
    two = configured(tmp_path / "two", [], [])
    aggregator(one, "export", "opml", "--output", str(two / "config/sources/list.opml"))
    assert facts(loaded(two)) == facts(loaded(one))


def test_export_is_opml_and_names_what_it_cannot_hold(tmp_path: Path) -> None:
    """Standard output is an OPML 2.0 document and nothing else; other kinds are named beside it."""
    posts = {"id": "own", "kind": "posts", "path": "posts/*.md"}
    done = aggregator(configured(tmp_path, [*FEEDS, posts], NESTED), "export", "opml")
    assert done.returncode == 0
    root = etree.fromstring(done.stdout.encode())
    assert (root.tag, root.get("version")) == ("opml", "2.0")
    assert all(each.get("text") for each in root.iter("outline"))
    assert [each.get("text") for each in root.findall("body/outline")] == [
        "plain", "科技", "金融 / 国內",
    ]  # fmt: skip
    assert "left out, because they are no feeds: own" in done.stderr
