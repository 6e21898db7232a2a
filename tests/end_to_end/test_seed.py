"""The article that this project began from: from its file to the feeds of its categories."""

from __future__ import annotations

import re
import shutil
from datetime import UTC, datetime
from email.utils import format_datetime
from html import escape
from io import BytesIO
from pathlib import Path

import feedparser
import pytest
from lxml import etree

from tests.support.origin import Origin
from tests.support.running import aggregator
from tests.support.shared import shared

CATEGORIES = """
categories:
  - id: finance
    title: 金融
    categories:
      - id: sina
        title: 新浪财经
        categories:
          - {id: china, title: 新浪财经－国內}
  - {id: wire, title: Newswire}
"""
SETTINGS = """
site: {title: Wire, url: https://news.example.org/, timezone: Asia/Shanghai, language: zh-CN}
fetch: {allow_private: true}
"""
POSTS = """
sources:
  - id: posts
    kind: posts
    path: posts/*.txt
    category: from-post
    remove: [".appendQr_wrap", ".article-editor"]
"""
TITLE = "三部门联合开展知识产权质押融资入园惠企行动"
PATHS = ["all", "finance", "finance/sina", "finance/sina/china"]
FEEDS = [f"{path}/{name}" for path in PATHS for name in ("rss.xml", "atom.xml")]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "config/sources").mkdir(parents=True)
    (tmp_path / "config/posts").mkdir()
    for post in shared("seed").iterdir():
        shutil.copy(post, tmp_path / "config/posts")
    (tmp_path / "config/aggregator.yaml").write_text(SETTINGS)
    (tmp_path / "config/categories.yaml").write_text(CATEGORIES)
    (tmp_path / "config/sources/posts.yaml").write_text(POSTS)
    return tmp_path


def published(folder: Path) -> dict[str, bytes]:
    """Every file that was published, by its name."""
    root = folder / "feeds"
    files = [path for path in root.rglob("*") if path.is_file() and path.name[0] != "."]
    return {path.relative_to(root).as_posix(): path.read_bytes() for path in files}


@pytest.mark.parametrize("name", FEEDS)
def test_article_stands_in_every_feed(folder: Path, name: str) -> None:
    """Each level's feed, and that of everything, has the article with all that belongs to it."""
    done = aggregator(folder, "ingest")
    assert done.returncode == 0, done.stderr
    feed = feedparser.parse(BytesIO(published(folder)[name]))
    assert not feed.bozo
    (entry,) = feed.entries
    assert entry.title == TITLE
    assert entry.published_parsed[:6] == (2021, 6, 30, 9, 37, 28)
    assert entry.author == "新浪财经"
    assert [tag.term for tag in entry.tags] == ["金融", "新浪财经", "新浪财经－国內"]
    assert entry.id.startswith("tag:news.example.org,2021-06-30:")
    assert entry.link.startswith("https://news.example.org/articles/")


def test_thumbnail_is_in_both_formats(folder: Path) -> None:
    """The head image of the post is the item's media:thumbnail."""
    aggregator(folder, "ingest")
    for name in FEEDS:
        (entry,) = feedparser.parse(BytesIO(published(folder)[name])).entries
        assert [image["url"] for image in entry.media_thumbnail] == [
            "https://n.sinaimg.cn/finance/cece9e13/20200514/343233024.png"
        ]


@pytest.mark.parametrize("sanitizer", ["bleach", "nh3"])
def test_body_is_news_and_nothing_else(folder: Path, sanitizer: str) -> None:
    """The news paragraphs stay; style sheets, advertisement, comments and emptiness are gone."""
    with (folder / "config/aggregator.yaml").open("a") as settings:
        settings.write(f"clean: {{sanitizer: {sanitizer}}}\n")
    aggregator(folder, "ingest")
    (entry,) = feedparser.parse(BytesIO(published(folder)["finance/rss.xml"])).entries
    body = entry.content[0].value
    for beginning in (
        "新华社北京6月30日电",
        "知识产权质押融资是创新型企业",
        "高新技术企业集中于高新区",
        "行动方案提出",
        "据悉，国家知识产权局会同",
    ):
        assert beginning in body
    for leftover in ("appendQr", "border", "海量资讯", "cms-style", "<!--", "article_adlist",
                     "责任编辑", "<font", "<style", "\u3000"):  # fmt: skip
        assert leftover not in body
    assert not re.search(r"<(p|div|span)[^>]*>\s*</\1>", body)


def test_same_bytes_again(folder: Path) -> None:
    """Ingesting again, and publishing anew into an emptied folder, gives the very same files."""
    aggregator(folder, "ingest")
    first = published(folder)
    aggregator(folder, "ingest")
    assert published(folder) == first
    shutil.rmtree(folder / "feeds")
    done = aggregator(folder, "publish")
    assert done.returncode == 0, done.stderr
    assert published(folder) == first


def test_atom_follows_its_grammar(folder: Path) -> None:
    """Every Atom file is valid by the grammar of RFC 4287."""
    grammar = etree.RelaxNG(etree.parse(shared("schema/atom.rng")))
    aggregator(folder, "ingest")
    for path in PATHS:
        grammar.assertValid(etree.fromstring(published(folder)[f"{path}/atom.xml"]))


def rss(title: str, when: datetime) -> bytes:
    return f"""<rss version="2.0"><channel><title>Newswire</title><link>https://wire.example/</link>
    <description>d</description><item><title>{escape(title)}</title><guid>wire-77</guid>
    <link>https://wire.example/77</link><pubDate>{format_datetime(when)}</pubDate>
    <description>新华社北京6月30日电，记者从国家知识产权局获悉。</description></item></channel></rss>
    """.encode()


def test_copy_from_another_source_is_the_same_article(folder: Path) -> None:
    """The article arriving again by RSS, past midnight in Shanghai, joins the one we have."""
    post = next((folder / "config/posts").iterdir())
    text = post.read_text().replace("09:37:28 GMT", "15:37:28 GMT")  # 23:37 in Shanghai
    post.write_text(text)
    (folder / "config/sources/wire.yaml").write_text("sources: []\n")
    aggregator(folder, "ingest")
    before = feedparser.parse(BytesIO(published(folder)["all/rss.xml"])).entries[0].id
    with Origin() as origin:
        forty_minutes_later = datetime(2021, 6, 30, 16, 17, 28, tzinfo=UTC)
        origin.serve("/rss", rss(TITLE, forty_minutes_later), content_type="application/rss+xml")
        (folder / "config/sources/wire.yaml").write_text(
            f"sources: [{{id: wire, url: '{origin.url('/rss')}', category: wire}}]\n"
        )
        done = aggregator(folder, "ingest")
    assert done.returncode == 0, done.stderr
    assert "1 duplicate," in done.stderr
    for name in (*FEEDS, "wire/rss.xml", "wire/atom.xml"):
        (entry,) = feedparser.parse(BytesIO(published(folder)[name])).entries
        assert entry.id == before
        assert {tag.term for tag in entry.tags} >= {"金融", "新浪财经－国內", "Newswire"}
