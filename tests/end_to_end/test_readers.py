"""Other people's readers get out of our feeds exactly what the database holds."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from aggregator.model.entries import Enclosure
from aggregator.model.published import StoredArticle
from aggregator.publish.folder import FeedFolder
from aggregator.publish.publisher import Publisher
from aggregator.store.store import Store
from tests.support.outcomes import NOON, article, configuration, decide, due_at_once, outcome
from tests.support.readers import FIELDS, READERS, by_npm
from tests.support.stores import opened, sqlite_template

__all__ = ["sqlite_template"]
WORDS = (
    "Plain words, and nothing but them",
    "新浪财经：金融市场【独家】“要闻”、分析……",
    "👩‍👩‍👧‍👦 family, 🏳️‍🌈 flag and 👍🏽 thumb",
    "مرحبا بالعالم، خبر عاجل",
    "שלום עולם \u200f(RTL)\u200f 2026",
    "a ]]> b ]]]]><![CDATA[> c",
    "&amp;lt; and &lt;b&gt; and &amp;amp;",
    "AT&T <script>alert(1)</script> <b>bold</b>",
    "quotes \"double\" 'single' `back`",
    "e\u0301 combining, \u00a0no-break, \u3000wide",
)
CATEGORY = "news/world"


def given(number: int, words: str) -> Any:
    """An article whose every text has these words."""
    moment = NOON - timedelta(minutes=number)
    return article(
        f"story{number}",
        title=f"{words} {number:04}",
        author=words,
        summary=words,
        tags=(words,),
        body=f"<p>{words.replace('&', '&amp;').replace('<', '&lt;')}</p><p>“{number}”</p>",
        published_at=moment,
        updated_at=moment + timedelta(minutes=number % 2),
        link=f"https://wire.example/{number}?a=1&b=%E4%B8%AD",
        enclosures=(Enclosure(f"https://wire.example/{number}.mp3", "audio/mpeg", 1234),),
    )


@pytest.fixture(scope="module")
def store(sqlite_template: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    """A database of 2,000 articles with these words in turn."""
    path = tmp_path_factory.mktemp("readers") / "store.db"
    path.write_bytes(sqlite_template.read_bytes())
    made = opened(f"sqlite:///{path}")
    made.sync_configuration(configuration(), NOON, due_at_once)
    articles = [given(number, WORDS[number % len(WORDS)]) for number in range(2000)]
    made.record([outcome(*articles)], decide(), NOON)
    yield made
    made.close()


@pytest.fixture(scope="module")
def folders(store: Store, tmp_path_factory: pytest.TempPathFactory) -> dict[int, Path]:
    """Everything published with 40 and with 2,000 articles in each feed."""
    return {
        articles: published(store, tmp_path_factory.mktemp("feeds"), articles)
        for articles in (40, 2000)
    }


def published(store: Store, folder: Path, articles: int) -> Path:
    """Publish all feeds with so many articles."""
    settings = configuration().settings
    formats = ("rss", "atom", "json", "opml")
    publish = settings.publish.model_copy(update={"articles": articles, "formats": formats})
    wanted = configuration().model_copy(
        update={"settings": settings.model_copy(update={"publish": publish})}
    )
    report = Publisher(store, wanted, FeedFolder(folder)).publish_all()
    assert (report.failed, report.left_out) == ({}, ())
    return folder


def expected(stored: Sequence[StoredArticle]) -> list[dict[str, Any]]:
    """What readers are to say, in the order of the feed."""
    labels = ("news", "World")
    return [
        {
            "id": each.public_id,
            "title": each.title,
            "link": each.link,
            "time": each.published_at,
            "updated": each.updated_at,
            "author": each.author,
            "categories": [*labels, *each.tags],
            "enclosures": [(file.url, file.media_type, file.length) for file in each.enclosures],
            "files": [(file.url, file.media_type) for file in each.enclosures],
            "body": each.body,
        }
        for each in stored
    ]


@pytest.mark.parametrize("reader", READERS)
def test_every_reader_gets_what_the_database_holds(
    reader: str, store: Store, folders: dict[int, Path], tmp_path: Path
) -> None:
    """Title, link, id, times, author, categories, enclosure and body are equal, in every script."""
    wanted = expected(store.newest(CATEGORY, 40, 0))
    files = [folders[40] / CATEGORY / name for name in _files(reader)]
    found = READERS[reader](files, tmp_path)
    assert sorted(found) == sorted(path.name for path in files)
    for name, entries in found.items():
        assert len(entries) == len(wanted)
        for entry, want in zip(entries, wanted, strict=True):
            assert entry.keys() <= set(FIELDS)
            assert entry == {field: want[field] for field in entry}, name


@pytest.mark.parametrize("reader", READERS)
def test_two_thousand_articles_arrive(
    reader: str, store: Store, folders: dict[int, Path], tmp_path: Path
) -> None:
    """A feed of 2,000 articles is read whole by every reader, with every field."""
    files = [folders[2000] / CATEGORY / name for name in _files(reader)]
    wanted = {each["id"]: each for each in expected(store.newest(CATEGORY, 2000, 0))}
    for name, entries in READERS[reader](files, tmp_path).items():
        assert {entry["id"] for entry in entries} == wanted.keys()
        for entry in entries:
            assert entry == {field: wanted[entry["id"]][field] for field in entry}, name


def _files(reader: str) -> list[str]:
    return ["atom.xml", "rss.xml", *(["feed.json"] if reader == "feedsmith" else [])]


def test_the_list_of_feeds_is_read(folders: dict[int, Path], tmp_path: Path) -> None:
    """Feedsmith finds every category in the OPML, with its address."""
    answer = by_npm([folders[40] / "feeds.opml"], tmp_path)["feeds.opml"]["feedsmith"]
    news = next(x for x in answer["body"]["outlines"] if x["text"] == "news")
    assert [x["text"] for x in news["outlines"]] == ["World", "local"]
    assert news["outlines"][0]["xmlUrl"].endswith("/news/world/rss.xml")
