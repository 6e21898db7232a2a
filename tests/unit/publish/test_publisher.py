"""The publisher is judged by the files that it leaves and by its report."""

from __future__ import annotations

import io
import json
from dataclasses import replace
from pathlib import Path

import feedparser
import pytest
from lxml import etree

from aggregator.errors import PublishError, StoppedError
from aggregator.formats.static import STATIC_FILES
from aggregator.model.articles import CategoryTitle
from aggregator.model.entries import Enclosure, Image, Origin
from aggregator.publish.publisher import Publisher
from tests.support.publishing import SITE, ShelfStore, configuration, stored

FOUR = ("rss.xml", "atom.xml", "feed.json", "index.html")


def files_of(root: Path) -> dict[str, bytes]:
    """Every file that is published, by name."""
    feeds = root / "feeds"
    return {
        str(path.relative_to(feeds)): path.read_bytes()
        for path in sorted(feeds.rglob("*"))
        if path.is_file() and not path.name.startswith(".")
    }


def titles(root: Path, name: str) -> list[str]:
    """The titles of a published feed, as a reader sees them."""
    return [
        e.title for e in feedparser.parse(io.BytesIO((root / "feeds" / name).read_bytes())).entries
    ]


def test_every_category_is_published_at_once(tmp_path: Path) -> None:
    """The first run writes every format of each category, home page, style sheet and OPML."""
    store = ShelfStore(stored(1))
    report = Publisher(store, configuration(tmp_path)).publish_changed()
    names = {f"{path}/{file}" for path in ("all", "finance", "finance/sina") for file in FOUR}
    names |= {"tech/rss.xml", "index.html", *STATIC_FILES, "feeds.opml"}
    names |= {"health/rss.xml", "health/atom.xml", "health/index.html"}
    assert set(files_of(tmp_path)) == names == set(report.written)
    assert not report.failed
    assert store.changed_categories() == {}


def test_articles_stand_in_every_level(tmp_path: Path) -> None:
    """An article is in its category, the one above it, and in all; not beside them."""
    Publisher(ShelfStore(stored(1)), configuration(tmp_path)).publish_changed()
    for path in ("finance/sina", "finance", "all"):
        assert (
            titles(tmp_path, f"{path}/rss.xml")
            == titles(tmp_path, f"{path}/atom.xml")
            == ["Article 1"]
        )
    assert titles(tmp_path, "tech/rss.xml") == []


def test_nothing_is_written_twice(tmp_path: Path) -> None:
    """A second run over the same articles writes nothing, whatever it is asked to publish."""
    store = ShelfStore(stored(1))
    publisher = Publisher(store, configuration(tmp_path))
    publisher.publish_changed()
    stamps = {path: path.stat().st_mtime_ns for path in (tmp_path / "feeds").rglob("*")}
    again = publisher.publish_all()
    assert again.written == again.removed == ()
    assert again.unchanged == 22
    assert {path: path.stat().st_mtime_ns for path in (tmp_path / "feeds").rglob("*")} == stamps
    assert publisher.publish_changed().unchanged == 0


def test_a_deleted_folder_comes_back_byte_for_byte(tmp_path: Path) -> None:
    """Publishing depends on content alone: what was deleted is written again as it was."""
    store = ShelfStore(*(stored(n) for n in range(5)))
    publisher = Publisher(store, configuration(tmp_path))
    publisher.publish_changed()
    before = files_of(tmp_path)
    (tmp_path / "feeds").rename(tmp_path / "moved")
    store.articles.reverse()
    Publisher(store, configuration(tmp_path)).publish_all()
    assert files_of(tmp_path) == before


@pytest.mark.parametrize("steps", [0, 1, 7, 14, 21])
def test_publishing_ends_between_two_files_where_it_is_asked_to(tmp_path: Path, steps: int) -> None:
    """After however many steps that is, files are whole, and the next start publishes the rest."""
    Publisher(ShelfStore(stored(1)), configuration(tmp_path)).publish_changed()
    whole = files_of(tmp_path)
    (tmp_path / "feeds").rename(tmp_path / "whole")
    store = ShelfStore(stored(1))
    left = iter(range(steps))
    with pytest.raises(StoppedError):
        Publisher(store, configuration(tmp_path)).publish_all(lambda: next(left, None) is None)
    begun = files_of(tmp_path)
    assert begun.items() < whole.items()
    assert bool(begun) == (steps > 1)
    assert store.changed_categories()
    Publisher(store, configuration(tmp_path)).publish_changed()
    assert files_of(tmp_path) == whole
    assert not store.changed_categories()


def test_a_deleted_file_comes_back_by_itself(tmp_path: Path) -> None:
    """A category that lacks a file is published although nothing changed."""
    publisher = Publisher(ShelfStore(stored(1)), configuration(tmp_path))
    publisher.publish_changed()
    (tmp_path / "feeds/finance/atom.xml").unlink()
    assert publisher.publish_changed().written == ("finance/atom.xml",)


def test_only_changed_categories_are_touched(tmp_path: Path) -> None:
    """A new article rewrites its own categories and the pages over all, and no other feed."""
    store = ShelfStore(stored(1))
    publisher = Publisher(store, configuration(tmp_path))
    publisher.publish_changed()
    store.put(stored(0, paths=("tech",)))
    report = publisher.publish_changed()
    assert set(report.written) == {f"all/{file}" for file in FOUR} | {"tech/rss.xml", "index.html"}


def test_limits_are_those_of_the_category(tmp_path: Path) -> None:
    """`articles` and `per_source` hold for each feed; a category's own value goes first."""
    store = ShelfStore(
        *(stored(n, paths=("tech",)) for n in range(5)),
        *(stored(n, paths=("finance",), source_id="b") for n in range(5, 15)),
    )
    publisher = Publisher(store, configuration(tmp_path, {"articles": 7, "per_source": 4}))
    publisher.publish_changed()
    assert len(titles(tmp_path, "tech/rss.xml")) == 2
    assert len(titles(tmp_path, "finance/rss.xml")) == 4
    assert len(titles(tmp_path, "all/rss.xml")) == 7


def test_language_and_formats_are_inherited(tmp_path: Path) -> None:
    """A feed has its category's language, else the site's; and only the formats it wants."""
    Publisher(ShelfStore(), configuration(tmp_path)).publish_changed()
    files = files_of(tmp_path)
    assert b"<language>en</language>" in files["tech/rss.xml"]
    assert b"<language>zh-CN</language>" in files["finance/sina/rss.xml"]
    assert "tech/atom.xml" not in files


def test_an_article_without_a_language_has_that_of_its_category(tmp_path: Path) -> None:
    """Where the source says nothing, the category does, unless it stands in two that differ."""
    store = ShelfStore(
        stored(1, language=""),
        stored(2, language="", paths=("tech",)),
        stored(3, language="", paths=("finance", "tech")),
        stored(4, language="fr"),
    )
    Publisher(store, configuration(tmp_path)).publish_changed()
    items = json.loads((tmp_path / "feeds/all/feed.json").read_bytes())["items"]
    assert [item.get("language") for item in items] == [None, "en", None, "fr"]


def test_a_format_that_is_no_longer_wanted_goes(tmp_path: Path) -> None:
    """Files of a format that was taken out of the configuration are removed."""
    store = ShelfStore(stored(1))
    Publisher(store, configuration(tmp_path)).publish_changed()
    fewer = configuration(tmp_path, {"formats": ["rss"]})
    report = Publisher(store, fewer).publish_all()
    wanted = {f"{path}/rss.xml" for path in ("all", "finance", "finance/sina", "tech", "health")}
    assert set(files_of(tmp_path)) == {*wanted, *STATIC_FILES, "health/atom.xml"}
    assert "feeds.opml" in report.removed


def test_a_category_that_left_goes_when_it_is_empty(tmp_path: Path) -> None:
    """Files of a category that nobody names any more go, unless it still has articles."""
    store = ShelfStore(stored(1))
    Publisher(store, configuration(tmp_path)).publish_changed()
    left = configuration(tmp_path).model_copy(update={"categories": ()})
    Publisher(store, left).publish_all()
    assert "finance/sina/rss.xml" in files_of(tmp_path)
    assert "tech/rss.xml" not in files_of(tmp_path)
    assert not (tmp_path / "feeds/tech").exists()
    store.articles.clear()
    Publisher(store, left).publish_all()
    assert not (tmp_path / "feeds/finance").exists()


def test_files_of_others_stay(tmp_path: Path) -> None:
    """What the publisher did not write, it does not remove."""
    mine = tmp_path / "feeds/about/index.html"
    mine.parent.mkdir(parents=True)
    mine.write_text("mine")
    Publisher(ShelfStore(), configuration(tmp_path)).publish_all()
    assert mine.read_text() == "mine"


def test_categories_that_articles_brought_are_published(tmp_path: Path) -> None:
    """A path from an article's own titles is a category like any other, below what is there."""
    store = ShelfStore(stored(1, paths=("finance/sina/国内",), tags=("GDP",)))
    store.added = [
        CategoryTitle("finance/sina/国内", "新浪财经－国內"),
        CategoryTitle("媒体/a", "PMCAFF"),
    ]
    Publisher(store, configuration(tmp_path)).publish_changed()
    entry = feedparser.parse(str(tmp_path / "feeds/finance/sina/国内/rss.xml")).entries[0]
    assert [tag.term for tag in entry.tags] == ["金融", "新浪财经", "新浪财经－国內", "GDP"]
    feed = feedparser.parse(str(tmp_path / "feeds/finance/sina/国内/atom.xml")).feed
    assert feed.title == "新浪财经－国內"
    assert feed.link == f"{SITE}finance/sina/%E5%9B%BD%E5%86%85/"
    assert titles(tmp_path, "媒体/rss.xml") == []


def test_an_article_without_a_link_has_our_own(tmp_path: Path) -> None:
    """Our own page stands for a missing link, and for one that no reader should follow."""
    links = ("", "javascript:alert(1)", "data:text/html,x", "/relative", "HTTPS://origin.example/x")
    Publisher(
        ShelfStore(*(stored(n, link=link) for n, link in enumerate(links))), configuration(tmp_path)
    ).publish_changed()
    entries = feedparser.parse(str(tmp_path / "feeds/all/rss.xml")).entries
    own = [f"{SITE}articles/{n:020x}" for n in range(4)]
    assert [entry.link for entry in entries] == [*own, "HTTPS://origin.example/x"]


def test_addresses_that_are_none_are_not_published(tmp_path: Path) -> None:
    """Pictures, enclosures and origins keep web addresses only."""
    bad = "javascript:alert(1)"
    given = stored(1, image=Image(bad), enclosures=(Enclosure(bad),), origin=Origin("O", bad, bad))
    Publisher(ShelfStore(given), configuration(tmp_path)).publish_changed()
    assert not any(bad.encode() in body for body in files_of(tmp_path).values())


def test_summaries_only(tmp_path: Path) -> None:
    """With `content: summary` no feed carries a body."""
    Publisher(
        ShelfStore(stored(1)), configuration(tmp_path, {"content": "summary"})
    ).publish_changed()
    files = files_of(tmp_path)
    assert not any(b"The body of 1" in body for body in files.values())
    assert b"What article 1 is about" in files["all/rss.xml"]
    assert b"What article 1 is about" in files["all/feed.json"]


def test_one_category_that_fails_stops_no_other(tmp_path: Path) -> None:
    """A failure is reported, stays unmarked, and heals at the next run."""
    store = ShelfStore(stored(1))
    store.broken = {"finance"}
    publisher = Publisher(store, configuration(tmp_path))
    report = publisher.publish_changed()
    assert report.failed == {"finance": "finance cannot be read"}
    assert titles(tmp_path, "finance/sina/rss.xml") == ["Article 1"]
    assert set(store.changed_categories()) == {"finance"}
    store.broken.clear()
    assert not publisher.publish_changed().failed
    assert titles(tmp_path, "finance/rss.xml") == ["Article 1"]


def test_a_home_page_that_failed_is_tried_again(tmp_path: Path) -> None:
    """Trouble over all categories is reported under the empty path and heals by itself."""
    (tmp_path / "feeds/index.html").mkdir(parents=True)
    publisher = Publisher(ShelfStore(stored(1)), configuration(tmp_path))
    assert list(publisher.publish_changed().failed) == [""]
    (tmp_path / "feeds/index.html").rmdir()
    assert publisher.publish_changed().written == ("index.html", "feeds.opml")


def test_an_article_that_cannot_be_written_is_left_out(tmp_path: Path) -> None:
    """One bad article costs itself, is reported by file, and the category counts as published."""
    bad = stored(2, public_id="")
    store = ShelfStore(stored(1), bad, stored(3))
    report = Publisher(store, configuration(tmp_path)).publish_changed()
    assert titles(tmp_path, "finance/sina/rss.xml") == ["Article 1", "Article 3"]
    assert ("finance/sina/rss.xml", "", "ValueError: it has no public id") in report.left_out
    assert not report.failed


def test_a_lost_database_does_not_empty_the_feeds(tmp_path: Path) -> None:
    """What another database published stays when this one holds less than half; told what to do."""
    Publisher(ShelfStore(stored(1)), configuration(tmp_path)).publish_changed()
    lost = ShelfStore()
    lost.change("finance/sina")
    publisher = Publisher(lost, configuration(tmp_path))
    report = publisher.publish_changed()
    assert "publish --force" in report.failed["finance/sina"]
    assert titles(tmp_path, "finance/sina/rss.xml") == ["Article 1"]
    assert publisher.publish_all(force=True).failed == {}
    assert titles(tmp_path, "finance/sina/rss.xml") == []


def test_articles_that_leave_the_database_leave_the_feeds(tmp_path: Path) -> None:
    """A feed may become empty when the database knows that its articles left."""
    store = ShelfStore(stored(1))
    store.remembered = {stored(1).public_id}
    publisher = Publisher(store, configuration(tmp_path))
    publisher.publish_changed()
    store.articles.clear()
    store.change("finance/sina")
    assert not publisher.publish_changed().failed
    assert titles(tmp_path, "finance/sina/rss.xml") == []


def test_articles_with_the_same_id_are_refused(tmp_path: Path) -> None:
    """The gate lets no feed pass in which two articles share an id."""
    same = replace(stored(2), public_id=stored(1).public_id)
    report = Publisher(ShelfStore(stored(1), same), configuration(tmp_path)).publish_changed()
    assert "same id" in report.failed["finance/sina"]
    assert "finance/sina/rss.xml" not in files_of(tmp_path)


def test_a_folder_that_cannot_be_made_says_what_to_do(tmp_path: Path) -> None:
    """Where a file stands in the folder's place, one clear error names it and the setting."""
    (tmp_path / "feeds").write_text("in the way")
    publisher = Publisher(ShelfStore(stored(1)), configuration(tmp_path))
    with pytest.raises(PublishError, match=r"feeds.*publish\.folder"):
        publisher.publish_changed()
    with pytest.raises(PublishError, match=r"publish\.folder"):
        publisher.publish_all()


def test_leftovers_of_a_killed_run_go_at_the_start(tmp_path: Path) -> None:
    """Unfinished files are removed when everything is published; other hidden files stay."""
    leftover = tmp_path / "feeds/finance/.rss.xml.4711.new"
    leftover.parent.mkdir(parents=True)
    leftover.write_bytes(b"<rss")
    keep = tmp_path / "feeds/.gitignore"
    keep.write_text("*")
    Publisher(ShelfStore(), configuration(tmp_path)).publish_all()
    assert not leftover.exists()
    assert keep.exists()


def test_the_opml_leads_to_every_feed(tmp_path: Path) -> None:
    """Each address in `feeds.opml` is that of a file that is there, as a tree of categories."""
    Publisher(ShelfStore(stored(1)), configuration(tmp_path)).publish_changed()
    body = etree.fromstring((tmp_path / "feeds/feeds.opml").read_bytes()).find("body")
    assert body is not None
    assert [each.get("text") for each in body] == ["晨间新闻", "金融", "Technology"]
    addresses = [str(each.get("xmlUrl")) for each in body.iter("outline")]
    assert len(addresses) == 4
    for address in addresses:
        assert (tmp_path / "feeds" / address.removeprefix(SITE)).is_file()


def test_hostile_paths_never_leave_the_folder(tmp_path: Path) -> None:
    """A category whose path would lead elsewhere fails, writes nothing and stops no other."""
    hostile = ["../outside", "a\\b", ".git/c", "a\nb"]
    store = ShelfStore(stored(1))
    store.added = [CategoryTitle(path, "x") for path in hostile]
    publisher = Publisher(store, configuration(tmp_path))
    assert set(publisher.publish_changed().failed) >= set(hostile)
    assert set(publisher.publish_all().failed) >= set(hostile)
    assert titles(tmp_path, "all/rss.xml") == ["Article 1"]
    assert {path.name for path in tmp_path.iterdir()} == {"feeds"}
    store.added.clear()
    assert not publisher.publish_changed().failed
