"""The documentation's example of every kind of source, read by the real command."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from docs.make_kind_pictures import EXAMPLE, KINDS, configure, served
from tests.support.running import in_process

Items = dict[str, list[dict[str, Any]]]


@pytest.fixture(scope="module")
def items(tmp_path_factory: pytest.TempPathFactory) -> Items:
    """What is published in each category, newest first."""
    folder = tmp_path_factory.mktemp("kinds")
    with served() as site:
        configure(folder, site)
        done = in_process(folder, "ingest")
        assert done.returncode == 0, done.stderr
    read = {kind: (folder / "feeds" / kind / "feed.json").read_bytes() for kind in KINDS}
    return {
        kind: json.loads(body.replace(site.encode(), b"SITE"))["items"]
        for kind, body in read.items()
    }


def test_every_kind_has_an_example(items: Items) -> None:
    """The number of articles of each kind is that of the files in the example."""
    assert {kind: len(found) for kind, found in items.items()} == {
        "feed": 2, "json": 2, "page": 3, "sitemap": 2, "posts": 5, "opml": 1,
    }  # fmt: skip


def test_feed_has_its_picture_and_its_file(items: Items) -> None:
    """Links are absolute and do not track; picture, author and episode are there."""
    quay, tides = items["feed"]
    assert quay["url"] == "SITE/quay.html"
    assert quay["image"] == "SITE/harbour.svg"
    assert '<a href="SITE/map.html"' in quay["content_html"]
    assert tides["authors"] == [{"name": "Ann Reader"}]
    assert tides["attachments"][0]["url"] == "SITE/tides.mp3"


def test_api_has_the_texts_of_its_pages(items: Items) -> None:
    """A page with text gives it; of one without, the introduction stays."""
    trade, video = items["json"]
    assert (trade["title"], trade["authors"][0]["name"]) == (
        "国务院常务会议部署进一步稳外贸稳外资的举措",
        "新华社",
    )
    assert "会议还部署了" in trade["content_html"]
    assert 'src="SITE/harbour.svg"' in trade["content_html"]
    assert not any(word in trade["content_html"] for word in ("首页", "海量资讯", "责任编辑"))
    assert "只有导语的视频" in video["content_html"]


def test_page_is_read_over_both_its_pages(items: Items) -> None:
    """Three ways to write a date on two pages of a list mean Shanghai's time."""
    found = [(each["url"], each["date_published"]) for each in items["page"]]
    assert found == [
        ("SITE/n1.html", "2026-04-30T09:37:00Z"),
        ("SITE/n2.html", "2026-04-27T16:00:00Z"),
        ("SITE/n3.html", "2026-04-01T01:00:00Z"),
    ]


def test_sitemap_has_titles_and_texts(items: Items) -> None:
    """A news sitemap gives titles; of a plain one they are those of the pages."""
    bridge, library = items["sitemap"]
    assert (bridge["title"], bridge["tags"]) == (
        "The old bridge is closed for a month",
        ["A sitemap", "bridge", "traffic"],
    )
    assert (library["title"], library["url"]) == (
        "The library opens on Sundays",
        "SITE/library.html",
    )
    assert "Its stones are numbered" in bridge["content_html"]


def test_posts_of_every_generator_are_read(items: Items) -> None:
    """Hexo, Jekyll, Hugo's TOML and YAML, and plain words; code stays code, CSS goes."""
    found = {each["title"]: each for each in items["posts"]}
    assert set(found) == {
        "三部门联合开展知识产权质押融资入园惠企行动",
        "a leap day",
        "Hugo writes TOML",
        "Hugo writes YAML, too",
        "plain words",
    }
    assert "color: red" not in str(found)
    assert "<table>" in found["a leap day"]["content_html"]
    assert found["a leap day"]["date_published"] == "2024-02-28T16:00:00Z"
    assert "{{ .Title }} &lt;b&gt;" in found["Hugo writes TOML"]["content_html"]
    assert "words &lt; are &gt; the text" in found["plain words"]["content_html"]


def test_pictures_of_the_example_are_there() -> None:
    """The documentation shows each kind."""
    shown = (EXAMPLE.parent / "sources.md").read_text(encoding="utf-8")
    for kind in KINDS:
        assert f"images/kind-{kind}.png" in shown
        assert Path(EXAMPLE.parent / f"images/kind-{kind}.png").is_file()
