"""The gate refuses what a reader would stumble over, and lets everything else pass."""

from __future__ import annotations

import contextlib
from collections.abc import Collection
from dataclasses import replace

import pytest

from aggregator.contracts import EntryFormat
from aggregator.errors import PublishError
from aggregator.formats import formats
from aggregator.model.entries import Enclosure, Episode
from aggregator.model.published import Entry, FeedDocument, PublishedArticle
from aggregator.publish import gate
from aggregator.publish.entries import joined
from tests.support.publishing import article, feed


def unknown(missing: Collection[str]) -> Collection[str]:
    """Nobody knows why anything is missing."""
    del missing
    return ()


THREE = pytest.mark.parametrize("name", ["rss", "atom", "json"])
GIVEN = feed(article(1), article(2))


def rendered(name: str) -> FeedDocument:
    """The sample feed in a format."""
    return formats()[name].render(GIVEN)


@pytest.mark.parametrize("name", sorted(formats()))
def test_what_was_rendered_passes(name: str) -> None:
    """Every format's own output is let through, over nothing and over itself."""
    gate.check(rendered(name), GIVEN, None, unknown)
    gate.check(rendered(name), GIVEN, rendered(name).body, unknown)


@THREE
def test_broken_bytes_are_refused(name: str) -> None:
    """A document that cannot be parsed back is refused."""
    document = rendered(name)
    with pytest.raises(PublishError, match="not well-formed"):
        gate.check(replace(document, body=document.body[:-20]), GIVEN, None, unknown)


@THREE
def test_a_missing_article_is_refused(name: str) -> None:
    """All articles that went in must be in it, but for those reported as left out."""
    short = formats()[name].render(feed(article(1)))
    with pytest.raises(PublishError, match="1 articles where 2"):
        gate.check(short, GIVEN, None, unknown)
    gate.check(replace(short, left_out=((article(2).public_id, "why"),)), GIVEN, None, unknown)


@THREE
def test_repeated_ids_are_refused(name: str) -> None:
    """No two articles of a feed share an id."""
    twice = feed(article(1), article(1))
    with pytest.raises(PublishError, match="same id"):
        gate.check(formats()[name].render(twice), twice, None, unknown)


@THREE
def test_disorder_is_refused(name: str) -> None:
    """Articles stand newest first; equal times are fine."""
    wrong = feed(article(2), article(1))
    with pytest.raises(PublishError, match="order"):
        gate.check(formats()[name].render(wrong), wrong, None, unknown)
    equal = feed(article(1), article(2, published_at=article(1).published_at))
    gate.check(formats()[name].render(equal), equal, None, unknown)


@THREE
@pytest.mark.parametrize(("left", "passes"), [(0, False), (1, False), (2, True), (3, True)])
def test_a_feed_is_not_emptied_without_a_reason(name: str, left: int, *, passes: bool) -> None:
    """A feed keeps half of its articles, or as it is, unless it is known why they are missing."""
    before = formats()[name].render(feed(*(article(n) for n in range(4)))).body
    fewer = feed(*(article(n) for n in range(left)))
    document = formats()[name].render(fewer)
    with contextlib.nullcontext() if passes else pytest.raises(PublishError, match="has 4"):
        gate.check(document, fewer, before, unknown)
    gate.check(document, fewer, before)
    gate.check(document, fewer, None, unknown)
    gate.check(document, fewer, before[:50], unknown)


@pytest.mark.parametrize(("extra", "passes"), [(-1, True), (0, True), (1, False)])
def test_size_has_a_bound(monkeypatch: pytest.MonkeyPatch, extra: int, *, passes: bool) -> None:
    """A file of exactly the largest size passes, one byte more does not."""
    document = rendered("html")
    monkeypatch.setattr(gate, "LARGEST_FILE", len(document.body) - extra)
    if passes:
        gate.check(document, GIVEN, None, unknown)
    else:
        with pytest.raises(PublishError, match="bytes"):
            gate.check(document, GIVEN, None, unknown)


def test_nothing_is_no_file() -> None:
    """An empty file is never published."""
    with pytest.raises(PublishError, match="0 bytes"):
        gate.check(replace(rendered("html"), body=b""), GIVEN, None, unknown)


@THREE
@pytest.mark.parametrize(("explained", "passes"), [(0, False), (1, False), (2, True), (4, True)])
def test_reasons_for_half_of_the_articles_are_enough(
    name: str, explained: int, *, passes: bool
) -> None:
    """What left for a known reason counts as if it were still there."""
    before = formats()[name].render(feed(*(article(n) for n in range(4)))).body
    known = [article(n).public_id for n in range(explained)]
    empty = feed()
    with contextlib.nullcontext() if passes else pytest.raises(PublishError, match="--force"):
        gate.check(formats()[name].render(empty), empty, before, lambda _missing: known)


def form(name: str) -> EntryFormat:
    """A format whose documents are joined of entries."""
    found = formats()[name]
    assert isinstance(found, EntryFormat)
    return found


def entries(name: str, *articles: PublishedArticle) -> list[Entry]:
    """Articles as a format writes them."""
    return [form(name).entry(each, GIVEN) for each in articles]


@THREE
@pytest.mark.parametrize("body", [b"<item>", b"{}", b"", b"<x>\xff</x>"])
def test_an_entry_that_cannot_be_read_back_is_left_out_alone(name: str, body: bytes) -> None:
    """What a reader would stumble over takes no other entry with it, and says what it is."""
    first, second, third = entries(name, article(1), article(2), article(3))
    given = [first, replace(second, body=body), third]
    read = gate.readable(given, form(name))
    assert [read[0], read[2]] == [first, third]
    assert (read[1].body, bool(read[1].left_out)) == (b"", True)
    assert [each.left_out for each in gate.readable([first, third], form(name))] == ["", ""]


@THREE
def test_an_entry_with_the_id_of_another_is_left_out(name: str) -> None:
    """An entry has to say the id of its article."""
    first, second = entries(name, article(1), article(2))
    read = gate.readable([first, replace(second, public_id="tag:else")], form(name))
    assert [each.left_out for each in read] == ["", "it reads as something else"]


@THREE
def test_documents_of_entries_pass_as_rendered_ones_do(name: str) -> None:
    """Joining what was written before gives the bytes of the whole; the gate lets it through."""
    made = joined(form(name), GIVEN, entries(name, *GIVEN.articles))
    gate.check_joined(made, None, unknown)
    gate.check_joined(made, rendered(name).body, unknown)
    assert made.document == rendered(name)


@THREE
def test_what_is_around_the_entries_is_read_back(name: str) -> None:
    """A head that is broken is refused, whatever the entries are."""
    made = joined(form(name), GIVEN, entries(name, article(1)))
    broken = replace(made, sample=replace(made.sample, body=made.sample.body[10:]))
    with pytest.raises(PublishError, match="not well-formed"):
        gate.check_joined(broken, None, unknown)


@pytest.mark.parametrize("name", ["rss", "atom"])
def test_a_namespace_that_is_not_declared_is_noticed(name: str) -> None:
    """Of each namespace that entries need, one entry is read back within its document."""
    told = Enclosure("https://origin.example/2.mp3", "audio/mpeg", 9, Episode(duration=600))
    plain, podcast = entries(name, article(1), article(2, enclosures=(told,)))
    gate.check_joined(joined(form(name), GIVEN, [plain, podcast]), None, unknown)
    forgotten = joined(form(name), GIVEN, [plain, replace(podcast, needs=frozenset({"thr"}))])
    with pytest.raises(PublishError, match="itunes"):
        gate.check_joined(forgotten, None, unknown)


@THREE
def test_documents_of_entries_have_unique_ids_in_order(name: str) -> None:
    """No entry stands in a document twice, and none before a newer one."""
    first, second = entries(name, article(1), article(2))
    with pytest.raises(PublishError, match="same id"):
        gate.check_joined(joined(form(name), GIVEN, [first, first]), None, unknown)
    with pytest.raises(PublishError, match="order"):
        gate.check_joined(joined(form(name), GIVEN, [second, first]), None, unknown)


@THREE
@pytest.mark.parametrize(("left", "passes"), [(1, False), (2, True)])
def test_documents_of_entries_are_not_emptied_either(name: str, left: int, *, passes: bool) -> None:
    """Half of the articles have to stay, unless it is known why they do not."""
    four = entries(name, *(article(n) for n in range(4)))
    before = form(name).joined(GIVEN, four).body
    made = joined(form(name), GIVEN, four[:left])
    with contextlib.nullcontext() if passes else pytest.raises(PublishError, match="has 4"):
        gate.check_joined(made, before, unknown)
    gate.check_joined(made, before)


@pytest.mark.parametrize(("extra", "passes"), [(-1, True), (0, True), (1, False)])
def test_documents_of_entries_have_a_bound(
    monkeypatch: pytest.MonkeyPatch, extra: int, *, passes: bool
) -> None:
    """The whole document counts, not what of it is read back."""
    made = joined(form("rss"), GIVEN, entries("rss", article(1), article(2)))
    monkeypatch.setattr(gate, "LARGEST_FILE", len(made.document.body) - extra)
    with contextlib.nullcontext() if passes else pytest.raises(PublishError, match="bytes"):
        gate.check_joined(made, None, unknown)
