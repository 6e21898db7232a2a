"""`aggregator preview` as people write selectors with it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from subprocess import CompletedProcess
from typing import Any

import pytest

from tests.support.folders import configured
from tests.support.origin import Origin
from tests.support.running import aggregator
from tests.support.sites import serve_site

TREE = [{"id": "news", "title": "新闻"}]
POST = """---
title: A post of our own
date: 2022-09-08 05:14:39
categories: [新闻]
---
<div><p>Words.</p><p class="ad">Buy!</p></div>
"""


@pytest.fixture
def origin() -> Iterator[Origin]:
    with Origin() as origin:
        serve_site(origin)
        yield origin


def sources(origin: Origin) -> list[dict[str, Any]]:
    page = {"kind": "page", "url": origin.url("/list"), "items": "ul.news > li"}
    found = {"title": "a", "link": "a@href", "published": "span.date"}
    answer = {"kind": "json", "url": origin.url("/api"), "items": "result.data"}
    return [
        {
            "id": "wire",
            "url": origin.url("/all.rss"),
            "category": "news",
            "remove": [".ad", ".not-there"],
            "rules": [
                {"when": {"title": "三部门"}, "tag": ["policy"]},
                {"drop": {"title": "No date"}},
            ],
        },
        {**page, "id": "list", "fields": found, "timezone": "Asia/Shanghai"},
        {**page, "id": "list-field", "fields": {**found, "summary": "p.intro"}},
        {**page, "id": "list-items", "items": "ol.news > li", "fields": found},
        {**answer, "id": "api", "fields": {"title": "title", "link": "url", "author": "wrongname"}},
        {**answer, "id": "api-items", "items": "result.dta", "fields": {"title": "title"}},
        {"id": "map", "kind": "sitemap", "url": origin.url("/sitemap.xml")},
        {"id": "not-a-feed", "url": origin.url("/broken")},
        {"id": "a-page", "url": origin.url("/")},
        {"id": "whole", "url": origin.url("/all.rss"),
         "full_text": {"select": ["#nowhere", "article"]}},
        {"id": "index", "kind": "sitemap", "url": origin.url("/index.xml"), "full_text": "auto"},
        {**page, "id": "list-next", "fields": found, "next": "a.older@href", "pages": 2},
        {"id": "own", "kind": "posts", "path": "posts/*.md", "category": "from-post",
         "remove": [".ad"]},
    ]  # fmt: skip


@pytest.fixture
def folder(tmp_path: Path, origin: Origin) -> Path:
    (tmp_path / "config/posts").mkdir(parents=True)
    (tmp_path / "config/posts/one.md").write_text(POST, encoding="utf-8")
    return configured(tmp_path, sources(origin), TREE)


def shown(folder: Path, *words: str) -> str:
    done = aggregator(folder, "preview", *words)
    assert done.returncode == 0, done.stderr
    return done.stdout


def test_feed_is_shown_step_by_step(folder: Path) -> None:
    """Link, date, categories, picture, rules and body are told with where they came from."""
    text = shown(folder, "wire")
    for told in (
        "link       https://wire.example/1  (found as https://wire.example/1?utm_source=feed)",
        "“Mon, 04 May 2026 12:00:00 +0000” → 2026-05-04 12:00:00 UTC  (the text names its zone)",
        "categories news",
        "image      https://wire.example/pictures/head.jpg  (the first in the body)",
        "rules      tags: none → policy",
        "before: <style>p{}</style><script>alert(1)</script>",
        "after: <p>据悉，国家知识产权局会同有关部门。</p><img",
        "No date, and a [tag] in its title",
        "dropped    drop title: No date",
        "dropped    no title, no text, no picture and no file  (nothing to show",
        "3 entries found: 1 published, 2 dropped",
    ):
        assert told in text


def test_selector_that_matches_no_body_is_named(folder: Path) -> None:
    """Of the `remove` selectors, one that never matched stands out beside one that did."""
    text = shown(folder, "wire")
    assert re.search(r"remove +\.ad +1 of 3\b", text)
    assert re.search(r"remove +\.not-there +found nothing in 3 entries", text)


def test_page_of_the_article_is_read_as_the_service_would(folder: Path, origin: Origin) -> None:
    """With `full_text` the text of the page is shown, and the selectors that found none named."""
    feed = (
        f"<rss><channel><title>x</title>"
        f"<item><title>Whole</title><link>{origin.url('/w')}</link></item>"
        f"<item><title>Bare</title><link>{origin.url('/b')}</link></item></channel></rss>"
    )
    origin.serve("/all.rss", feed)
    text = "<html><article><p>All that there is to say of it.</p></article></html>"
    origin.serve("/w", text, content_type="text/html")
    origin.serve("/b", "<html>nothing</html>", content_type="text/html")
    told = shown(folder, "whole")
    assert re.search(r"full_text +#nowhere, article +1 of 2\b", told)
    assert "full_text.select: #nowhere, article found nothing (1 page, such as" in told
    assert "after: <div><p>All that there is to say of it.</p></div>" in told
    assert "(from the page of the article)" in told


def test_index_of_sitemaps_is_followed(folder: Path, origin: Origin) -> None:
    """The entries of the sitemaps that an index names are shown, and how many documents it took."""
    named = f"<sitemap><loc>{origin.url('/sitemap.xml')}</loc></sitemap>"
    origin.serve("/index.xml", f"<sitemapindex>{named}</sitemapindex>")
    text = shown(folder, "index")
    assert "the list was read over 2 documents" in text
    assert "link       https://wire.example/p" in text


def test_next_that_finds_nothing_is_named(folder: Path) -> None:
    """A list that should go on and does not says which selector found no link."""
    assert "next: a.older@href found no further page" in shown(folder, "list-next")


def test_nothing_is_stored(folder: Path) -> None:
    """A preview leaves no database and no feeds behind, and changes no file."""
    before = sorted(path for path in folder.rglob("*"))
    shown(folder, "wire")
    assert sorted(path for path in folder.rglob("*")) == before


def test_zone_that_was_used_is_told(folder: Path) -> None:
    """A date without a zone shows the source's; one that cannot be read shows why it is unknown."""
    text = shown(folder, "list")
    assert "“2021年06月30日 17:37” → 2021-06-30 09:37:00 UTC  (zone: Asia/Shanghai)" in text
    assert "“some day” → unknown  (this cannot be read as a date" in text


@pytest.mark.parametrize(
    ("source", "named"),
    [
        ("list-field", r"fields\.summary +p\.intro +found nothing in 2 entries"),
        ("api", r"fields\.author +wrongname +found nothing in 1 entry"),
    ],
)
def test_field_that_found_nothing_is_named(folder: Path, source: str, named: str) -> None:
    """A field's selector or expression that found nothing is named with the number of entries."""
    text = shown(folder, source)
    assert re.search(named, text)
    assert re.search(r"fields\.title +\w+ +(\d) of \1", text)


@pytest.mark.parametrize(
    ("source", "named", "began"),
    [
        ("list-items", "items: ol.news > li found nothing", "text/html; charset=utf-8"),
        ("api-items", "items: result.dta found nothing", '{"result": {"data"'),
        ("not-a-feed", "an HTML page titled “Broken” came instead", "/gone.rss (Lost)"),
    ],
)
def test_failure_names_what_the_document_was(
    folder: Path, source: str, named: str, began: str
) -> None:
    """Where nothing is found, status 1, the selector, and what the document was instead."""
    done = aggregator(folder, "preview", source)
    assert done.returncode == 1
    assert named in done.stdout
    assert began in done.stdout
    assert "HTTP 200" in done.stdout
    assert "the document begins: " in done.stdout


def test_posts_and_sitemaps_are_shown(folder: Path) -> None:
    """Every kind can be previewed: files of a folder, pages of a sitemap."""
    assert "categories news" in shown(folder, "own")
    assert "1 of 1" in shown(folder, "own")
    assert "link       https://wire.example/p" in shown(folder, "map")


def test_address_of_a_page_shows_its_first_feed(folder: Path, origin: Origin) -> None:
    """A web page is looked through for its feeds: the first is shown, the others are named."""
    (folder / "config/sources/all.yaml").write_text("sources: []\n")
    text = shown(folder, origin.url("/"))
    assert f"feed at {origin.url('/all.rss')}" in text
    assert f"the page has another feed: {origin.url('/feed/second.json')} (The second)" in text
    assert "三部门联合开展知识产权质押融资入园惠企行动" in text


def test_address_of_a_source_is_read_as_that_source(folder: Path, origin: Origin) -> None:
    """An address that a source of the configuration has is read by that source's selectors."""
    assert "list: page at" in shown(folder, origin.url("/list"))


def test_page_without_feed_is_a_failure(folder: Path, origin: Origin) -> None:
    """A page with no feed anywhere fails with status 1 and says what the page is."""
    done = aggregator(folder, "preview", origin.url("/nothing"))
    assert done.returncode == 1
    assert "this is no feed" in done.stdout
    assert "<title>No feed</title>" in done.stdout


def test_origin_that_does_not_answer_is_a_failure(folder: Path) -> None:
    """An address that cannot be reached fails with status 1 and the reason."""
    done = aggregator(folder, "preview", "http://127.0.0.1:9/")
    assert done.returncode == 1
    assert "failed: connect: 127.0.0.1:9 cannot be reached" in done.stdout


def test_unknown_source_is_a_wrong_command(folder: Path) -> None:
    """A name that is neither a source nor an address leaves with status 2 and what there is."""
    done = aggregator(folder, "preview", "wier")
    assert done.returncode == 2
    assert "no source 'wier'" in done.stderr
    assert "wire" in done.stderr


def test_source_that_is_a_page_is_read_from_its_feed(folder: Path, origin: Origin) -> None:
    """Where a feed's address is a page, the feed that it names is shown, and that this is so."""
    text = shown(folder, "a-page", "--limit", "1")
    assert f"this is a page; the feed that it names is read: {origin.url('/all.rss')}" in text
    assert "三部门联合开展知识产权质押融资入园惠企行动" in text


def test_limit_says_what_is_left(folder: Path) -> None:
    """`--limit` shows so many entries and says how many more there are."""
    assert "3 entries found: 1 published, 0 dropped; 2 more not shown" in shown(
        folder, "wire", "--limit", "1"
    )


def test_data_for_programs(folder: Path) -> None:
    """`--json` prints what was found, the steps and the outcome of every entry, and only that."""
    data = json.loads(shown(folder, "wire", "--json"))
    first, second, third = data["entries"]
    assert first["outcome"]["published"] is True
    assert first["outcome"]["published_at"] == "2026-05-04T12:00:00+00:00"
    assert first["before_rules"]["tags"] == []
    assert first["outcome"]["tags"] == ["policy"]
    assert "<script>" in first["found"]["summary"]["value"]
    assert "<script>" not in first["outcome"]["body"]
    assert second["outcome"]["reason"] == "rule"
    assert third["outcome"]["reason"] == "nothing_to_show"
    assert [hit["hits"] for hit in data["selectors"]] == [1, 0]


def test_control_characters_of_strangers_do_not_reach_the_terminal(
    folder: Path, origin: Origin
) -> None:
    """What could command a terminal is taken out of everything that a source said."""
    title = "\x9b31mred \u202egnp.exe"
    feed = f"<rss><channel><title>x</title><item><title>{title}</title></item></channel></rss>"
    origin.serve("/all.rss", feed)
    text = shown(folder, "wire")
    assert "red gnp.exe" in text
    assert not re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202e]", text)


class Tags(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))


def page_of(folder: Path, source: str) -> tuple[CompletedProcess[str], str]:
    file = folder / "seen.html"
    done = aggregator(folder, "preview", source, "--html", str(file))
    return done, file.read_text(encoding="utf-8")


def test_page_holds_no_script_and_forbids_it(folder: Path) -> None:
    """The page has no script, no handler and a policy that forbids them; bodies are safe HTML."""
    done, page = page_of(folder, "wire")
    assert done.returncode == 0, done.stderr
    tags = Tags()
    tags.feed(page)
    assert "script" not in [tag for tag, _ in tags.found]
    assert not [name for _, values in tags.found for name in values if name.startswith("on")]
    policies = [v["content"] or "" for _, v in tags.found if "http-equiv" in v]
    assert [policy.partition(";")[0] for policy in policies] == ["default-src 'none'"]
    assert "'unsafe-inline'" not in policies[0]
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in page
    assert '<p>据悉，国家知识产权局会同有关部门。</p><img src="https://wire.example/' in page


def test_failure_has_a_page_too(folder: Path) -> None:
    """A failure is written as a page as well, and still leaves with status 1."""
    done, page = page_of(folder, "list-items")
    assert done.returncode == 1
    assert "ol.news &gt; li found nothing" in page
    assert "第一条公告的标题" in page


def test_file_that_cannot_be_written_is_a_wrong_command(folder: Path) -> None:
    """A place that cannot be written to is told, with status 2."""
    done = aggregator(folder, "preview", "own", "--html", str(folder / "no/such/folder.html"))
    assert done.returncode == 2
    assert "cannot be written" in done.stderr
