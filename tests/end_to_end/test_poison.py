"""What strangers put into feeds, followed to the published files: FAULTS C2-C15."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from html import escape, unescape
from io import BytesIO
from pathlib import Path
from typing import Any

import feedparser
import pytest
from lxml import etree

from tests.support.folders import configured, published
from tests.support.origin import Origin
from tests.support.running import aggregator
from tests.support.shared import shared

POISONS = {
    "nul": "a\x00b",
    "nul-reference": "a&#0;b",
    "tab-reference": "a&#x0B;b",
    "twice-escaped": "a&amp;#0;b",
    "surrogate": "a&#xD800;b",
    "not-a-character": "a\ufffeb",
    "section-end": "a]]&gt;b",
    "right-to-left": "a\u202eb",
    "marks": "a" + "\u0301" * 10_000 + "b",
    "tag": "a&lt;/title&gt;&lt;item&gt;b",
}
PLACES = ("title", "author", "category", "link", "guid", "enclosure")
TITLES = {
    "AT&amp;T &lt;b&gt;wins&lt;/b&gt; the case against nobody": "AT&T wins the case against nobody",
    "How the &lt;script&gt; tag works in browsers": "How the <script> tag works in browsers",
    "&amp;lt;script&amp;gt; written twice in one title": "<script> written twice in one title",
    "Five &amp;lt; six, and other things that are so": "Five < six, and other things that are so",
}
LINKS = {
    "javascript:alert(1)": None,
    "data:text/html,x": None,
    "vbscript:x": None,
    "/relative": "{origin}/relative",
    "https://bücher.example/straße": "https://xn--bcher-kva.example/stra%C3%9Fe",
    "https://user:secret@wire.example/x": None,
    "https://wire.example/" + "x" * 10_000: None,
    "https://wire.example/plain": "https://wire.example/plain",
}


def rss(*items: str) -> str:
    return f"<rss version='2.0'><channel><title>Wire</title>{''.join(items)}</channel></rss>"


def poisoned(name: str, poison: str, place: str) -> str:
    values = {
        "title": f"Poison {name} in the {place} of an item",
        "author": "Somebody",
        "category": "Things",
        "link": f"https://wire.example/{name}/{place}",
        "guid": f"{name}-{place}",
    }
    enclosure = f"https://wire.example/{name}.mp3"
    if place == "enclosure":
        enclosure += poison
    else:
        values[place] += " " * (place == "title") + poison
    parts = "".join(f"<{key}>{value}</{key}>" for key, value in values.items())
    return f'<item>{parts}<enclosure url="{enclosure}" type="audio/mpeg" length="1"/></item>'


def item(title: str, link: str = "") -> str:
    return (
        f"<item><title>{title}</title><link>{escape(link)}</link><guid>{escape(title)}</guid>"
        f"<description>What there is to say of it.</description></item>"
    )


@pytest.fixture(scope="module")
def origin() -> Iterator[Origin]:
    with Origin() as running:
        yield running


@pytest.fixture(scope="module")
def feeds(tmp_path_factory: pytest.TempPathFactory, origin: Origin) -> dict[str, bytes]:
    """What is published after every poison was taken once."""
    poison = [poisoned(name, what, place) for name, what in POISONS.items() for place in PLACES]
    good = item("The good item of a bad category")
    origin.serve("/poison", rss(*poison, good).encode("utf-8", "surrogatepass"))
    origin.serve("/titles", rss(*map(item, TITLES)))
    links = [item(f"Link number {n} and its long title", link) for n, link in enumerate(LINKS)]
    origin.serve("/links", rss(*links))
    folder = configured(
        tmp_path_factory.mktemp("poison"),
        [
            {"id": name, "url": origin.url(f"/{name}"), "category": name}
            for name in ("poison", "titles", "links")
        ],
        [{"id": name} for name in ("poison", "titles", "links")],
        site={"title": "Wire", "url": "https://news.example.org/"},
        clean={"sanitizer": "nh3"},
    )
    done = aggregator(folder, "ingest")
    assert done.returncode == 0, done.stderr
    return published(folder)


def entries(body: bytes) -> list[Any]:
    feed = feedparser.parse(BytesIO(body))
    assert not feed.bozo, feed.get("bozo_exception")
    return list(feed.entries)


@pytest.mark.parametrize("name", ["rss.xml", "atom.xml"])
def test_no_poison_takes_its_neighbours_along(feeds: dict[str, bytes], name: str) -> None:
    """C12, C13: each item is published, in well-formed XML, and the good one too."""
    body = feeds[f"poison/{name}"]
    etree.fromstring(body)
    found = entries(body)
    assert len(found) == len(POISONS) * len(PLACES) + 1
    assert len({entry.id for entry in found}) == len(found)
    assert "The good item of a bad category" in [entry.title for entry in found]
    assert all(len(entry.title) <= 500 for entry in found)
    text = body.decode()
    assert not any(sign in text for sign in "\x00\x0b\ufffe\u202e")


def test_poison_does_not_break_json_and_pages(feeds: dict[str, bytes]) -> None:
    """C12, C13: the JSON feed holds the same items, and no page holds a forbidden character."""
    assert len(json.loads(feeds["poison/feed.json"])["items"]) == len(POISONS) * len(PLACES) + 1
    assert not any(sign in feeds["poison/index.html"].decode() for sign in "\x00\x0b\ufffe\u202e")


@pytest.mark.parametrize("name", ["rss.xml", "atom.xml"])
def test_markup_in_titles_is_read_as_it_was_meant(feeds: dict[str, bytes], name: str) -> None:
    """C14: formatting goes, what a title is about stays, through another reader's eyes."""
    shown = {unescape(entry.title) for entry in entries(feeds[f"titles/{name}"])}
    assert shown == set(TITLES.values())


@pytest.mark.parametrize("name", ["rss.xml", "atom.xml"])
def test_links_are_good_or_our_own(feeds: dict[str, bytes], origin: Origin, name: str) -> None:
    """C15: a link that nobody should follow gives way to our own page; the entry stays."""
    found = {entry.title: entry.link for entry in entries(feeds[f"links/{name}"])}
    for number, wanted in enumerate(LINKS.values()):
        link = found[f"Link number {number} and its long title"]
        if wanted is None:
            assert link.startswith("https://news.example.org/articles/"), (number, link)
        else:
            assert link == wanted.format(origin=origin.url("").rstrip("/"))


def one_source(folder: Path, origin: Origin) -> Path:
    source = {"id": "wire", "url": origin.url("/wire"), "category": "news"}
    return configured(folder, [source], [{"id": "news"}])


WRONG = {
    "page": (b"<html><head><title>Log in</title></head><body>x</body></html>", "text/html"),
    "json": (b'{"error": "too many requests"}', "application/json"),
    "picture": (b"\x89PNG\r\n\x1a\n\x00\x00", "image/png"),
    "empty": (b"", "application/rss+xml"),
    "nothing": (b"  \n", "application/rss+xml"),
}


def test_wrong_documents_change_nothing_that_is_published(tmp_path: Path) -> None:
    """C3: a page, an error, a picture or nothing in place of the feed leaves its articles alone."""
    with Origin() as origin:
        folder = one_source(tmp_path, origin)
        good = rss(item("The one article that there ever was", "https://wire.example/1"))
        origin.serve("/wire", good)
        aggregator(folder, "ingest")
        before = published(folder)
        for name, (body, kind) in WRONG.items():
            origin.serve("/wire", body, content_type=kind)
            done = aggregator(folder, "ingest")
            assert done.returncode == 1, name
            assert "Traceback" not in done.stderr
            after = published(folder)
            assert after["news/rss.xml"] == before["news/rss.xml"], name
        origin.serve("/wire", good)
        assert aggregator(folder, "ingest").returncode == 0
        assert published(folder)["news/rss.xml"] == before["news/rss.xml"]


def test_a_feed_that_was_cut_off_is_made_whole_by_the_next_fetch(tmp_path: Path) -> None:
    """C2: half a feed gives its whole items; the whole one later gives all ten, each once."""
    whole = rss(*(item(f"Article number {n} of the ten of them") for n in range(10)))
    with Origin() as origin:
        folder = one_source(tmp_path, origin)
        seen = []
        for end in (len(whole) // 2, len(whole), len(whole) // 3, len(whole)):
            origin.serve("/wire", whole[:end])
            aggregator(folder, "ingest")
            seen.append(len(entries(published(folder)["news/rss.xml"])))
        assert seen == [4, 10, 10, 10]


def test_ids_that_repeat_and_dates_that_lie(tmp_path: Path) -> None:
    """C6, C7: published ids are unique, dates lie between 1970 and tomorrow, again and again."""
    documents = {
        path.stem: path.read_bytes()
        for path in shared("corpus/hostile/own").iterdir()
        if path.name.startswith(("date-", "guid-"))
    }
    with Origin() as origin:
        for name, body in documents.items():
            origin.serve(f"/{name}", body)
        sources = [{"id": n, "url": origin.url(f"/{n}"), "category": "news"} for n in documents]
        folder = configured(tmp_path, sources, [{"id": "news"}])
        first = aggregator(folder, "ingest")
        assert first.returncode == 0, first.stderr
        before = published(folder)
        second = aggregator(folder, "ingest", "--json")
        assert '"new": 0' in second.stdout
        assert published(folder) == before
    found = entries(before["news/atom.xml"])
    assert len({entry.id for entry in found}) == len(found) > 3  # three share one id
    tomorrow = datetime.now(UTC) + timedelta(days=1)
    for entry in found:
        moment = datetime.fromisoformat(entry.published)
        assert datetime(1970, 1, 1, tzinfo=UTC) <= moment <= tomorrow, entry.title
