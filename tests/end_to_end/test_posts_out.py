"""Articles as posts, out by the real command and in again by a source of kind `posts`."""

from __future__ import annotations

from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from aggregator.config.load import load
from aggregator.model.published import StoredArticle
from aggregator.service.assembly import open_configured_store
from tests.support.folders import configured, published
from tests.support.running import aggregator

CATEGORIES: list[dict[str, Any]] = [
    {"id": "finance", "title": "金融", "categories": [{"id": "sina", "title": "新浪财经"}]},
    {"id": "wire", "title": "Newswire"},
]
FULL = """---
title: '{{ 模板 }} & "quotes": it''s 100%'
categories: [金融, 新浪财经]
headimg: https://pictures.example/a.png
author: 张三
date: 2021-06-30T09:37:28Z
updated: 2021-07-01T00:00:00Z
tags: [GDP, "null"]
lang: zh-CN
link: https://origin.example/a?x=1&y=2
---
<div><h2>一</h2><p>Text with <code>{{ braces }}</code> and {% raw %}.</p>
<pre>line

    line {}</pre><table><tr><td>1</td></tr></table></div>
"""
PICTURE = """---
title: A picture at the top
categories: [金融]
lang: fr
date: 2021-06-30T10:00:00Z
---
<p><img src="https://pictures.example/top.png" width="640" height="480" alt="It"></p><p>Text.</p>
"""
PLAIN = """---
title: No date, no markup
categories: [Elsewhere, 新 站]
lang: en
---
Words *only* & more
"""


def stock(folder: Path) -> dict[str, StoredArticle]:
    """Every article of the database of a folder, by title."""
    with closing(open_configured_store(load(folder / "config", {}))) as store:
        return {each.title: each for each in store.articles()}


def reading(folder: Path, path: str) -> Path:
    """A folder whose one source reads posts."""
    source = {"id": "posts", "kind": "posts", "path": path, "category": ["from-post", "wire"]}
    return configured(folder, [source], CATEGORIES)


@pytest.mark.parametrize("way", ["export", "publish"])
def test_articles_go_out_as_posts_and_come_back(tmp_path: Path, way: str) -> None:
    """By `export posts` or by `formats: [posts]`: the same articles, in the same categories."""
    one = reading(tmp_path / "one", "posts/*.md")
    (one / "config/posts").mkdir()
    for name, text in {"a": FULL, "b": PICTURE, "c": PLAIN}.items():
        (one / f"config/posts/{name}.md").write_text(text, encoding="utf-8")
    settings = (one / "config/aggregator.yaml").read_text()
    with_posts = settings.replace("{", '{"publish": {"formats": ["posts"]}, ', 1)
    (one / "config/aggregator.yaml").write_text(with_posts)
    assert aggregator(one, "ingest").returncode == 0
    two = reading(tmp_path / "two", "in/**/*.md")
    if way == "export":
        done = aggregator(one, "export", "posts", str(two / "config/in"))
        assert (done.returncode, done.stderr) == (
            0,
            f"writing posts\nwrote 6 posts to {two}/config/in\n",
        )
    else:
        for name, data in published(one).items():
            if name.endswith(".md") and not name.startswith("all/"):
                (two / "config/in" / name).parent.mkdir(parents=True, exist_ok=True)
                (two / "config/in" / name).write_bytes(data)
    assert aggregator(two, "ingest").returncode == 0
    before, after = stock(one), stock(two)
    assert after.keys() == before.keys()
    assert len(before) == 3
    for title, article in before.items():
        assert facts(after[title]) == facts(article)


def facts(article: StoredArticle) -> dict[str, object]:
    """What is the same about an article wherever it is stored; an unknown date is not."""
    names = ("title", "link", "summary", "body", "author", "image", "enclosures", "tags")
    more = ("language", "origin", "paths", "date_is_known")
    known = ("published_at", "updated_at") if article.date_is_known else ()
    return {name: getattr(article, name) for name in (*names, *more, *known)}
