"""A whole site with a bit of everything, published and served: for tests that look at its pages."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import timedelta
from pathlib import Path

from aggregator.cli.serving import web_app
from aggregator.config.paths import database_url
from aggregator.model.articles import Article
from aggregator.model.categories import CategorySpec
from aggregator.model.entries import Enclosure, Image, Origin
from aggregator.model.results import Outcome, SourceStatus
from aggregator.model.settings import Configuration, Settings, Site, SourceSpec
from aggregator.publish.publisher import Publisher
from aggregator.service.status import status_page
from aggregator.store.store import Store, open_store
from aggregator.web.status import Status
from tests.support.outcomes import (
    HOUR,
    NOON,
    article,
    decide,
    due_at_once,
    outcome,
    result,
    state,
)
from tests.support.serving import Condition, serving

BODY = """
<h2>What stands in a body</h2>
<p>Text with <a href="https://wire.example/">a link</a>, <em>stress</em>, <code>code</code>.</p>
<figure><img src="https://wire.example/p.png" alt="A mountain" width="640" height="360">
<figcaption>A picture with its words</figcaption></figure>
<blockquote><p>Somebody said so.</p></blockquote>
<pre><code>for each in everything:
    print(each, "and a line that is far too long for a narrow screen, so that it has to scroll")
</code></pre>
<table><thead><tr><th>Year</th><th>Rain</th></tr></thead>
<tbody><tr><td>2025</td><td>812 mm</td></tr></tbody></table>
<ul><li>one</li><li>two</li></ul>
"""
CHINESE_BODY = """
<p>国家知识产权局会同有关部门，开展“知识产权质押融资”<em>入园惠企</em>行动；银行、园区、企业三方参与。</p>
<h3>背景</h3><p>二〇二一年六月三十日，新浪财经报道：该行动将持续三年（至2023年），覆盖100个园区。</p>
"""


@contextmanager
def whole_site(root: Path, language: str, articles: int = 30) -> Iterator[str]:
    """The address of a site in a language, with a category in the other one, while it lasts.

    It has so many articles in English, and a few more; a category `old` was removed.
    """
    settings = configuration(root, language)
    with closing(open_store(database_url(settings), "news.example.org")) as store:
        fill(store, settings, articles)
        Publisher(store, settings).publish_all()
        (root / "feeds/.addresses").write_text('{"moved": {}, "gone": ["old"]}')
        faults = ["config/sources/feeds.yaml:3:5: every: 5 is not a length of time"]
        status = Status(lambda: status_page(store, settings, NOON, faults))
        app = web_app(lambda: settings, store, Condition({}), status)
        with serving(app) as client:
            yield f"http://{client.host}:{client.port}"


def configuration(root: Path, language: str) -> Configuration:
    """Two branches of categories, in both languages, and sources in every state."""
    site = Site(
        title="晨间新闻" if language.startswith("zh") else "The Morning Wire",
        url="https://news.example.org",
        language=language,
        timezone="Asia/Shanghai",
    )
    sina = CategorySpec(id="sina", title="新浪财经", description="要闻，每天更新。")
    tree = (
        CategorySpec(id="news", title="News", language="en", description="All that happens."),
        CategorySpec(id="finance", title="金融", language="zh-CN", categories=(sina,)),
        CategorySpec(id="empty", title="Nothing yet", language="en"),
    )
    sources = (
        SourceSpec(id="wire", title="The Wire", category=("news",)),
        SourceSpec(id="echo", title="新浪财经", category=("finance/sina",)),
        SourceSpec(id="broken", category=("news", "finance")),
    )
    return Configuration(
        root=str(root),
        folder=str(root / "config"),
        settings=Settings(site=site),
        categories=tree,
        sources=sources,
    )


def fill(store: Store, settings: Configuration, articles: int) -> None:
    """Put articles in, with and without everything that an article can have."""
    store.sync_configuration(settings, NOON, due_at_once)
    wire = [_english(number) for number in range(articles)]
    wire.append(article("bare", image=None, enclosures=(), tags=(), author="", categories=()))
    echo = [_chinese(number) for number in range(3)]
    trouble = "timeout: broken.example did not answer"
    failed = result(
        "broken",
        status=SourceStatus.FAILED,
        error=trouble,
        state=state(failures=4, last_error=trouble, last_ok_at=None),
    )
    outcomes = [
        outcome(*wire),
        outcome(*echo, source="echo", origin=_SINA),
        Outcome(None, failed),
    ]
    store.record(outcomes, decide(), NOON)


_SINA = Origin("新浪财经", "https://finance.sina.example/", "https://finance.sina.example/rss")


def _english(number: int) -> Article:
    return article(
        f"storm {number}",
        body=BODY,
        categories=(),
        published_at=NOON - number * HOUR,
        image=Image("https://wire.example/p.png", 640, 360) if number % 3 else None,
        enclosures=(
            Enclosure("https://wire.example/e.mp3", "audio/mpeg", 1234),
            Enclosure("https://wire.example/v.mp4", "video/mp4", 1234),
            Enclosure("https://wire.example/a.pdf", "application/pdf", 1234),
        ),
    )


def _chinese(number: int) -> Article:
    return article(
        f"sina {number}",
        source="echo",
        title=f"三部门联合开展知识产权质押融资入园惠企行动之{'一二三'[number]}",
        summary="据悉，国家知识产权局会同有关部门开展行动。",
        body=CHINESE_BODY,
        language="zh-CN",
        author="",
        categories=(),
        published_at=NOON - number * timedelta(days=1),
        origin=_SINA,
    )
