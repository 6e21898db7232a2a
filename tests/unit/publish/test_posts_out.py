"""The format `posts`: a file for each article in the folder of its category, no more, no fewer."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
import yaml

from aggregator.formats.posts import path_in, render_post
from aggregator.model.entries import Image, Origin
from aggregator.model.published import CategoryPath
from aggregator.publish.publisher import Publisher
from tests.support.publishing import ShelfStore, article, configuration, stored

POSTS = {"formats": ["rss", "posts"], "articles": 2}
SEED = """---
title: '三部门：it''s { 100% } a #1'
categories:
  - '金融'
  - '新浪财经'
headimg: 'https://n.example/343233024.png'
author: '新浪财经'
comments: false
date: 2021-06-30T09:37:28Z
thumbnail: 'https://n.example/343233024.png'
lang: 'zh-CN'
---

<p>&#123;&#123; x &#125;&#125;</p>&#10;<pre>a&#10;&#10;&#123;% b %&#125;</pre>
"""


def posts(root: Path) -> list[str]:
    """The names of all posts that are published."""
    feeds = root / "feeds"
    return sorted(path.relative_to(feeds).as_posix() for path in feeds.rglob("*.md"))


def name(number: int) -> str:
    """The file of an article."""
    return f"{number:020x}.md"


def test_a_post_looks_as_the_seed_does() -> None:
    """Keys, their order and quotes; braces as references, and the body in one line."""
    given = article(
        title="三部门：it's { 100% } a #1",
        summary="",
        body="<p>{{ x }}</p>\n<pre>a\n\n{% b %}</pre>",
        author="新浪财经",
        url="https://news.example.org/articles/a1",
        published_at=datetime(2021, 6, 30, 9, 37, 28, tzinfo=UTC),
        updated_at=datetime(2021, 6, 30, 9, 37, 28, tzinfo=UTC),
        image=Image("https://n.example/343233024.png"),
        enclosures=(),
        tags=(),
        language="zh-CN",
        origin=Origin(),
    )
    assert render_post(given, ("金融", "新浪财经")).decode() == SEED


def test_nothing_that_is_missing_is_written() -> None:
    """An article of which little is known has few keys; without a known date it has none."""
    bare = article(
        author="", summary="", body="", image=None, enclosures=(), tags=(), language="",
        origin=Origin(), date_is_known=False,
    )  # fmt: skip
    text = render_post(bare, ()).decode()
    assert text == (
        "---\ntitle: 'Article 1'\ncomments: false\nlink: 'https://origin.example/1?a=1&b=2'\n---\n"
        "\n<!--post--><!--post-->\n"
    )


@pytest.mark.parametrize(
    "title", ["null", "~", "2021-01-01", "- a", "a: b", "\x7f\x85\u2028", "'", "{{ x }}", "😀\x9f"]
)
def test_any_title_is_yaml(title: str) -> None:
    """Whatever a title holds, a YAML reader gives it back as text."""
    head = render_post(article(title=title), ()).decode().split("---\n")[1]
    assert yaml.safe_load(head)["title"] == title


def test_posts_stand_in_the_folder_of_the_category(tmp_path: Path) -> None:
    """Each category has the posts of its own feed, its newest; the path is that of the article."""
    store = ShelfStore(*map(stored, (1, 2, 3)), stored(4, paths=("tech",)))
    Publisher(store, configuration(tmp_path, POSTS)).publish_changed()
    folders = ("all", "finance", "finance/sina")
    assert posts(tmp_path) == [f"{path}/{name(number)}" for path in folders for number in (1, 2)]
    text = (tmp_path / "feeds/finance" / name(1)).read_text(encoding="utf-8")
    assert "categories:\n  - '金融'\n  - '新浪财经'\n" in text


def test_an_article_of_several_categories_names_the_one_of_the_folder() -> None:
    """In the folder of a category, the category path is the one that leads there."""
    given = article(
        token="0" * 20,
        places=(CategoryPath("a/b", ("A", "B")), CategoryPath("c", ("C",))),
    )
    assert path_in(given, "c") == ("C",)
    assert path_in(given, "a") == path_in(given, "all") == ("A", "B")
    assert path_in(given, "a/b/c") == ("A", "B")


def test_posts_follow_their_articles(tmp_path: Path) -> None:
    """An edit changes the file, a new article pushes the oldest out, a removed one takes its."""
    store = ShelfStore(stored(1), stored(2))
    publisher = Publisher(store, configuration(tmp_path, POSTS))
    publisher.publish_changed()
    assert publisher.publish_changed().written == ()
    store.articles[0] = replace(stored(1), title="Edited")
    store.change("finance/sina")
    written = publisher.publish_changed().written
    assert [each for each in written if each.endswith(".md")] == [
        f"{path}/{name(1)}" for path in ("all", "finance", "finance/sina")
    ]
    store.put(stored(0))
    publisher.publish_changed()
    assert [each for each in posts(tmp_path) if each.startswith("all/")] == [
        f"all/{name(0)}",
        f"all/{name(1)}",
    ]
    del store.articles[:]
    store.change("finance/sina")
    publisher.publish_changed()
    assert posts(tmp_path) == []


def test_only_posts_of_ours_are_removed(tmp_path: Path) -> None:
    """Other files in the folder stay, also when posts are no longer wanted."""
    store = ShelfStore(stored(1))
    Publisher(store, configuration(tmp_path, POSTS)).publish_changed()
    other = tmp_path / "feeds/finance/about.md"
    other.write_text("mine")
    Publisher(store, configuration(tmp_path, {"formats": ["rss"]})).publish_all()
    assert posts(tmp_path) == ["finance/about.md"]


def test_deleted_posts_come_back_with_the_same_bytes(tmp_path: Path) -> None:
    """Posts depend on the articles alone: published anew they are the same."""
    store = ShelfStore(stored(1))
    wanted: Any = configuration(tmp_path, POSTS)
    Publisher(store, wanted).publish_changed()
    path = tmp_path / "feeds/all" / name(1)
    before = path.read_bytes()
    path.unlink()
    Publisher(store, wanted).publish_all()
    assert path.read_bytes() == before
