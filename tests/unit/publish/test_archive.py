"""Who subscribes late can get everything, and what is closed never changes (RFC 5005)."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from lxml import etree

from aggregator.contracts import EntryFormat
from aggregator.errors import StoppedError
from aggregator.formats import formats
from aggregator.model.published import Candidate, StoredArticle
from aggregator.publish import archive, chain
from aggregator.publish.folder import FeedFolder
from aggregator.publish.publisher import Publisher
from tests.support.folders import published
from tests.support.publishing import SITE, ShelfStore, configuration, stored
from tests.support.validator import judge

ATOM = "{http://www.w3.org/2005/Atom}"
AT = "finance/sina"


def dated(number: int, moment: datetime, **changes: Any) -> StoredArticle:
    """An article of a moment."""
    return stored(number, published_at=moment, updated_at=moment, **changes)


def month(number: int, count: int, year: int = 2025) -> list[StoredArticle]:
    """So many articles, spread over a month."""
    start = datetime(year, number, 2, tzinfo=UTC)
    return [dated(1000 * number + n, start + timedelta(hours=n)) for n in range(count)]


class Site:
    """A store, the folder that it is published into, and how often a feed is to hold what."""

    def __init__(self, folder: Path, *articles: StoredArticle, **publish: Any) -> None:
        self.store = ShelfStore(*articles)
        self.folder = folder / "feeds"
        wanted = {"articles": 3, "formats": ["rss", "atom", "json"], **publish}
        self.configuration = configuration(folder, wanted)

    def publish(self) -> dict[str, bytes]:
        """Publish everything; every published file by name."""
        maker = Publisher(self.store, self.configuration, FeedFolder(self.folder))
        report = maker.publish_changed()
        assert report.failed == {}
        return self.files()

    def files(self) -> dict[str, bytes]:
        """Every file of the category that a reader can have, by its name below it."""
        found, below = published(self.folder.parent), f"{AT}/"
        return {n.removeprefix(below): b for n, b in found.items() if n.startswith(below)}


def links(body: bytes) -> dict[str, str]:
    """The links of an Atom feed's head, by rel."""
    root = etree.fromstring(body)
    return {str(x.get("rel")): str(x.get("href")) for x in root.iterfind(f"{ATOM}link")}


def walked(files: dict[str, bytes]) -> list[str]:
    """The ids that a late subscriber gets who follows `prev-archive` from the feed on."""
    found, name = list[str](), "atom.xml"
    while name:
        root = etree.fromstring(files[name])
        found += [str(each.findtext(f"{ATOM}id")) for each in root.iterfind(f"{ATOM}entry")]
        name = links(files[name]).get("prev-archive", "").removeprefix(f"{SITE}{AT}/")
    return found


def test_a_feed_that_shows_everything_has_no_archive(tmp_path: Path) -> None:
    """As many articles as a feed holds, all of one month, need no archive."""
    files = Site(tmp_path, *month(1, 3)).publish()
    assert sorted(files) == ["atom.xml", "feed.json", "rss.xml"]
    assert "prev-archive" not in links(files["atom.xml"])


def test_one_article_more_than_a_feed_holds_is_kept_in_the_archive(tmp_path: Path) -> None:
    """The article that falls out of the feed stands in the month's open document."""
    files = Site(tmp_path, *month(1, 4)).publish()
    assert links(files["atom.xml"])["prev-archive"] == f"{SITE}{AT}/archive/2025-01/atom.xml"
    assert len(set(walked(files))) == 4


def test_late_subscribers_get_everything(tmp_path: Path) -> None:
    """From the feed on, `prev-archive` leads through every month to the first article."""
    given = [*month(11, 5, 2024), *month(2, 7), *month(3, 1), *month(12, 9)]
    files = Site(tmp_path, *given).publish()
    assert set(walked(files)) == {each.public_id for each in given}
    months = ["2024-11", "2025-02", "2025-03", "2025-12"]
    assert sorted({n.split("/")[1] for n in files if "/" in n}) == months


@pytest.mark.parametrize("file_name", ["rss.xml", "atom.xml", "feed.json"])
def test_documents_lead_to_one_another(tmp_path: Path, file_name: str) -> None:
    """Each closed document has the one before, the one after and the feed; in every format."""
    files = Site(tmp_path, *month(1, 2), *month(2, 2), *month(3, 2)).publish()
    here = f"{SITE}{AT}/"
    body = files[f"archive/2025-02/{file_name}"]
    if file_name == "feed.json":
        assert json.loads(body)["next_url"] == f"{here}archive/2025-01/{file_name}"
        return
    head = etree.fromstring(body).iter(f"{ATOM}link")
    found = {str(link.get("rel")): str(link.get("href")) for link in head}
    assert found["self"] == f"{here}archive/2025-02/{file_name}"
    assert found["prev-archive"] == f"{here}archive/2025-01/{file_name}"
    assert found["next-archive"] == f"{here}archive/2025-03/{file_name}"
    assert found["current"] == f"{here}{file_name}"
    assert b"<fh:archive" in body
    assert b"<fh:archive" not in files[file_name]


def test_every_document_is_valid(tmp_path: Path) -> None:
    """Documents of the archive pass the validator's rules, as the feed does."""
    files = Site(tmp_path, *month(1, 2), *month(2, 9)).publish()
    assert {name: found for name, body in files.items() if (found := judge(name, body))} == {}


def test_what_is_closed_never_changes(tmp_path: Path) -> None:
    """New articles, late ones, edits and retention leave the bytes of closed documents alone."""
    site = Site(tmp_path, *month(1, 4), *month(2, 4))
    closed = {n: b for n, b in site.publish().items() if n.startswith("archive/2025-01/")}
    assert len(closed) == 3
    january = site.store.articles[:4]
    site.store.articles[0] = dated(1000, january[0].published_at, title="Edited")
    del site.store.articles[1]
    site.store.put(dated(77, datetime(2025, 1, 20, tzinfo=UTC), title="Late"), *month(3, 4))
    after = site.publish()
    assert {name: after[name] for name in closed} == closed
    assert {each.public_id for each in [*january, *site.store.articles]} == set(walked(after))


def test_late_articles_and_edits_come_with_the_next_document(tmp_path: Path) -> None:
    """What belongs into a closed month stands in the document that is closed after it."""
    site = Site(tmp_path, *month(1, 4), *month(2, 4))
    site.publish()
    edited = dated(1000, site.store.articles[0].published_at, title="Edited")
    site.store.articles[0] = edited
    site.store.put(dated(77, datetime(2025, 1, 20, tzinfo=UTC), title="Late"), *month(3, 1))
    february = etree.fromstring(site.publish()["archive/2025-02/atom.xml"])
    titles = [each.findtext(f"{ATOM}title") for each in february.iterfind(f"{ATOM}entry")]
    assert {"Late", "Edited"} <= set(titles)


class _KilledError(BaseException):
    """Stands for `kill -9`."""


class _KilledBeforeTheChain(FeedFolder):
    """A folder whose process ends just before it is noted which documents there are."""

    def note(self, name: str, body: bytes) -> None:
        """Note all else."""
        if name == f"{AT}/archive/.chain":
            raise _KilledError
        super().note(name, body)


@pytest.mark.parametrize("before", [0, 4], ids=["at the first", "at a further one"])
def test_a_run_that_was_killed_leaves_nothing_out(tmp_path: Path, before: int) -> None:
    """What was noted of documents that no chain leads to yet is done again."""
    given = [*month(1, 4), *month(2, 4), *month(3, 1)]
    site = Site(tmp_path, *given[:before])
    site.publish()
    site.store.put(*given[before:])
    killed = Publisher(site.store, site.configuration, _KilledBeforeTheChain(site.folder))
    with pytest.raises(_KilledError):
        killed.publish_changed()
    assert set(walked(site.publish())) == {each.public_id for each in given}


def test_a_stop_waits_for_no_archive(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """However large an archive is, making it ends after the next documents; the rest comes then."""
    monkeypatch.setattr(archive, "_AT_ONCE", 1)
    given = [*month(1, 4), *month(2, 4), *month(3, 1)]
    site = Site(tmp_path, *given)
    documents = site.folder / AT / "archive"
    stopped = Publisher(site.store, site.configuration, FeedFolder(site.folder))
    with pytest.raises(StoppedError):
        stopped.publish_changed((documents / "2025-01").exists)
    assert [each.name for each in documents.iterdir()] == ["2025-01"]
    assert set(walked(site.publish())) == {each.public_id for each in given}


@pytest.mark.parametrize("number", [1, -1], ids=["in a closed document", "in the feed"])
def test_what_is_withdrawn_leaves_the_archive(tmp_path: Path, number: int) -> None:
    """No document holds it any more, Atom readers are told, and all else is as it was."""
    site = Site(tmp_path, *month(1, 4), *month(2, 4))
    before = site.publish()
    gone = site.store.articles[number]
    site.store.withdraw(gone, "It was wrong.", gone.published_at + timedelta(days=90))
    after = site.publish()
    held = {name for name, body in after.items() if gone.public_id.encode() in body}
    assert held == {"atom.xml"}
    assert after["atom.xml"].count(b"deleted-entry ref") == 1
    assert b"It was wrong." in after["atom.xml"]
    assert set(walked(after)) == set(walked(before)) - {gone.public_id}
    for name, body in before.items():
        if gone.public_id.encode() not in body and name not in ("atom.xml", "rss.xml", "feed.json"):
            assert after[name] == body
    assert {name: found for name, body in after.items() if (found := judge(name, body))} == {}
    assert site.publish() == after


def test_one_more_article_writes_the_feed_alone(tmp_path: Path) -> None:
    """While nothing falls out unseen, publishing an article touches no document of the archive."""
    site = Site(tmp_path, *month(1, 4))
    before = site.publish()
    last = site.store.articles[-1].published_at
    site.store.put(dated(9, last + timedelta(minutes=1)))
    after = site.publish()
    changed = {name for name in after if after[name] != before.get(name)}
    assert changed == {"atom.xml", "feed.json", "rss.xml"}


def test_the_archive_alone_is_made_again(tmp_path: Path) -> None:
    """A document that somebody deleted, or of a format that is new, is written again."""
    site = Site(tmp_path, *month(1, 4), *month(2, 4))
    before = site.publish()
    (site.folder / AT / "archive/2025-01/atom.xml").unlink()
    site.store.change(AT)
    assert site.publish() == before


def test_an_archive_that_is_not_wanted_goes(tmp_path: Path) -> None:
    """With `archive: false` the documents go, and the feed leads nowhere."""
    site = Site(tmp_path, *month(1, 4), *month(2, 4))
    site.publish()
    unwanted = Site(tmp_path, *site.store.articles, archive=False)
    files = unwanted.publish()
    assert sorted(files) == ["atom.xml", "feed.json", "rss.xml"]
    assert not (site.folder / AT / "archive").exists()
    assert "prev-archive" not in links(files["atom.xml"])


@pytest.mark.parametrize(("count", "documents"), [
    (chain.MOST - 1, ["2025-01"]),
    (chain.MOST, ["2025-01"]),
    (chain.MOST + 1, ["2025-01", "2025-01-2"]),
    (2 * chain.MOST + 1, ["2025-01", "2025-01-2", "2025-01-3"]),
])  # fmt: skip
def test_busy_months_have_several_documents(count: int, documents: list[str]) -> None:
    """A document holds so many articles; one more begins another of the same month."""
    start = datetime(2025, 1, 1, tzinfo=UTC)
    waiting = [Candidate(f"{n:020x}", "s", start + timedelta(minutes=n), "v") for n in range(count)]
    plan = chain.extended(chain.Chain(), waiting)
    assert list(plan.contents) == list(plan.chain.documents) == documents
    *full, last = (len(part) for part in plan.contents.values())
    assert full == [chain.MOST] * (len(documents) - 1)
    assert sum(full) + last == count


@pytest.mark.parametrize(("name", "end"), [
    ("2025-01", datetime(2025, 2, 1, tzinfo=UTC)),
    ("2025-12", datetime(2026, 1, 1, tzinfo=UTC)),
    ("2025-11-3", datetime(2025, 12, 1, tzinfo=UTC)),
])  # fmt: skip
def test_where_a_month_ends(name: str, end: datetime) -> None:
    """A document takes what was published before the first moment of the next month, in UTC."""
    assert chain.end_of(name) == end
    assert chain.month_of(end - timedelta(microseconds=1)) == name[:7]
    assert chain.month_of(end) > name[:7]


def test_pages_have_no_archive() -> None:
    """Only formats whose documents are made of entries have older documents."""
    written = [name for name, form in formats().items() if isinstance(form, EntryFormat)]
    assert written == ["json", "rss", "atom"]
