"""An article is written once in each format, however many documents it stands in."""

from __future__ import annotations

import resource
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from dataclasses import replace
from pathlib import Path

import pytest
from lxml import etree

from aggregator.contracts import EntryFormat
from aggregator.formats import formats
from aggregator.model.published import PublishedArticle
from aggregator.publish import entries
from aggregator.publish.entries import Entries, Version
from tests.support.publishing import article, feed

FORMS = [each for each in formats().values() if isinstance(each, EntryFormat)]
RSS = next(each for each in FORMS if each.name == "rss")
FEED = feed()
THREE = [article(number, version="v") for number in range(3)]
NAMES = [(each.token, each.version) for each in THREE]


class Shelf:
    """Gives articles out, and notes which."""

    def __init__(self, *articles: PublishedArticle) -> None:
        self.articles = {each.token: each for each in articles}
        self.asked: list[str] = []

    def __call__(self, tokens: Sequence[str]) -> list[PublishedArticle]:
        self.asked += tokens
        return [self.articles[each] for each in tokens if each in self.articles]


@pytest.fixture
def kept(tmp_path: Path) -> Iterator[Entries]:
    """Entries with room for all."""
    with closing(Entries(tmp_path)) as made:
        yield made


def ids(kept: Entries, names: Sequence[Version]) -> list[str]:
    """The articles of which there are entries."""
    return [each.public_id for each in kept.of(FEED, RSS, names)]


@pytest.mark.parametrize("form", FORMS, ids=lambda form: form.name)
def test_what_is_kept_is_what_was_written(kept: Entries, form: EntryFormat) -> None:
    """An entry comes back as it was written, in whichever order it is asked for."""
    kept.add(FEED, FORMS, NAMES, Shelf(*THREE))
    wanted = [form.entry(each, FEED) for each in reversed(THREE)]
    assert kept.of(FEED, form, NAMES[::-1]) == wanted


def test_an_article_is_loaded_once(kept: Entries) -> None:
    """What was written for one feed is there for another, and its archive, in all its formats."""
    shelf = Shelf(*THREE)
    kept.add(FEED, FORMS, NAMES[:2], shelf)
    kept.add(replace(FEED, path="all", url="https://news.example.org/all/"), FORMS, NAMES, shelf)
    assert shelf.asked == ["a0", "a1", "a2"]


def test_what_makes_a_difference_is_told_apart(kept: Entries) -> None:
    """Another version of an article, another language of the feed: another entry."""
    shelf = Shelf(*THREE)
    kept.add(FEED, FORMS, NAMES, shelf)
    kept.add(FEED, FORMS, [("a1", "w")], shelf)
    kept.add(replace(FEED, language="de"), FORMS, NAMES[2:], shelf)
    assert shelf.asked == ["a0", "a1", "a2", "a1", "a2"]


def test_formats_that_nobody_wanted_yet_are_made_later(kept: Entries) -> None:
    """A category with fewer formats than another costs no more than it wants."""
    shelf = Shelf(*THREE)
    kept.add(FEED, [RSS], NAMES, shelf)
    assert kept.of(FEED, FORMS[0], NAMES) == []
    kept.add(FEED, FORMS, NAMES, shelf)
    assert len(kept.of(FEED, FORMS[0], NAMES)) == len(NAMES)


def test_what_is_not_there_is_left_out(kept: Entries) -> None:
    """An article that retention took since then is no entry."""
    kept.add(FEED, FORMS, NAMES, Shelf(*THREE[1:]))
    assert ids(kept, NAMES) == [each.public_id for each in THREE[1:]]


@pytest.mark.parametrize(("extra", "asked"), [(-1, 4), (0, 3), (1, 3)])
def test_room_is_bounded(tmp_path: Path, extra: int, asked: int) -> None:
    """When more than fits is kept, all is forgotten before the next; never in the middle of one."""
    size = sum(len(RSS.entry(each, FEED).body) for each in THREE)
    shelf = Shelf(*THREE)
    with closing(Entries(tmp_path, size + extra)) as kept:
        kept.add(FEED, [RSS], NAMES, shelf)
        assert len(ids(kept, NAMES)) == len(NAMES)
        kept.add(FEED, [RSS], NAMES[:1], shelf)
        assert len(shelf.asked) == asked
        assert ids(kept, NAMES[:1]) == [THREE[0].public_id]


def test_many_are_kept_in_a_file_without_a_name(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """However many there are, nobody finds anything of them in the folder, not even meanwhile."""
    monkeypatch.setattr(entries, "IN_MEMORY", 10)
    with closing(Entries(tmp_path)) as kept:
        kept.add(FEED, FORMS, NAMES, Shelf(*THREE))
        assert ids(kept, NAMES) == [each.public_id for each in THREE]
        assert list(tmp_path.iterdir()) == []
    assert list(tmp_path.iterdir()) == []


@contextmanager
def largest_file(size: int) -> Iterator[None]:
    """Let no file grow beyond so many bytes, as on a disk that is full."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


@pytest.mark.parametrize("in_memory", [10, 3000], ids=["in the file", "on the way into the file"])
def test_a_full_disk_damages_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, in_memory: int
) -> None:
    """What was kept before the disk was full is written again, not read out of half a file."""
    monkeypatch.setattr(entries, "IN_MEMORY", in_memory)
    shelf = Shelf(*THREE)
    with closing(Entries(tmp_path)) as kept:
        kept.add(FEED, [RSS], NAMES[:2], shelf)
        wanted = kept.of(FEED, RSS, NAMES[:2])
        with largest_file(100), pytest.raises(OSError, match="too large"):
            kept.add(FEED, FORMS, NAMES, shelf)
        assert kept.of(FEED, RSS, NAMES) == []
        kept.add(FEED, [RSS], NAMES, shelf)
        assert kept.of(FEED, RSS, NAMES[:2]) == wanted


@pytest.mark.parametrize("name", ["rss", "atom"])
def test_joined_documents_are_those_that_are_written_in_one(name: str) -> None:
    """Entries stand in a document as lxml writes the whole: same indents, no namespace again."""
    body = formats()[name].render(feed(*THREE)).body
    root = etree.fromstring(body, etree.XMLParser(remove_blank_text=True))
    assert body.endswith(etree.tostring(root, pretty_print=True, encoding="UTF-8"))
    head, _, rest = body.partition(b">\n  <")
    assert b"xmlns" in head
    assert b"xmlns" not in rest
