"""Split and merge: a person's decision holds, whatever is read afterwards."""

from __future__ import annotations

from dataclasses import replace

import pytest

from aggregator.errors import StoreError
from aggregator.model.articles import Article, DecidedBy
from aggregator.model.ledger import History
from aggregator.model.settings import Keep
from aggregator.store.store import Store
from tests.support.outcomes import (
    HOUR,
    NOON,
    article,
    configuration,
    decide,
    due_at_once,
    outcome,
)

SHORT = "<p>Everything that is known about the storm</p>"


@pytest.fixture
def two(ready: Store) -> Store:
    """A store with one story of which `wire` (shorter) and `echo` have a copy, published."""
    _record(ready, article(body=SHORT))
    _record(ready, article(source="echo", categories=("sport",)), source="echo")
    ready.mark_published(ready.changed_categories())
    return ready


def _record(store: Store, *articles: Article, source: str = "wire") -> None:
    store.record([outcome(*articles, source=source)], decide(), NOON)


def _only(store: Store) -> str:
    (stored,) = store.newest("all", 10, 0)
    return stored.token


def _history(store: Store, token: str) -> History:
    found = store.history(token)
    assert found
    return found


def _name(store: Store, source: str) -> str:
    """What `why` calls the copy of a source."""
    copies = [copy for each in store.articles() for copy in store.copies(each.token)]
    (name,) = (copy.name for copy in copies if copy.source_id == source)
    return name


def test_split_makes_two(two: Store) -> None:
    """A copy that was split stands by itself, with its own text, link, place and public id."""
    token = _only(two)
    left, own = two.split(_name(two, "wire"), NOON + HOUR)
    assert left == token != own
    old, new = two.article(token), two.article(own)
    assert old
    assert new
    assert (old.source_id, old.body, old.paths) == ("echo", article().body, ("sport",))
    assert (new.source_id, new.body, new.paths) == ("wire", SHORT, ("news/world",))
    assert new.public_id.endswith(own)
    (copy,) = _history(two, own).copies
    assert (copy.decided_by, copy.decided_at) == (DecidedBy.BY_HAND, NOON + HOUR)
    assert copy.split_from == token
    assert set(two.changed_categories()) == {"all", "news", "news/world", "sport"}


def test_the_copy_that_stands_can_be_split(two: Store) -> None:
    """When the copy that is shown leaves, the article shows the best of the others."""
    token = _only(two)
    before = two.article(token)
    two.split("https://echo.example/storm", NOON)
    after = two.article(token)
    assert before
    assert after
    assert (after.source_id, after.body, after.link) == ("wire", SHORT, article().link)
    assert after.public_id == before.public_id


def test_split_holds_when_sources_are_read_again(two: Store) -> None:
    """Neither the same entries nor edits nor the next copy of the source bring it back."""
    two.split(_name(two, "echo"), NOON)
    tokens = {each.token for each in two.articles()}
    edited = article(source="echo", categories=("sport",), body="<p>Edited, still the storm.</p>")
    rotated = replace(edited, entry=article(source="echo", key="another id").entry)
    _record(two, article(body=SHORT))
    _record(two, edited, source="echo")
    _record(two, rotated, source="echo")
    assert {each.token for each in two.articles()} == tokens
    sources = [{copy.source_id for copy in two.copies(token)} for token in tokens]
    assert sources[0] != sources[1]
    assert all(len(each) == 1 for each in sources)


def test_merge_makes_one(ready: Store) -> None:
    """The article that was there first stays; it gets the copies and the places of the other."""
    _record(ready, article("storm"))
    ready.record(
        [outcome(article("gale", "echo", categories=("sport",)), source="echo")],
        decide(),
        NOON + HOUR,
    )
    first, second = (ready.find(f"https://{each}")[0] for each in LINKS)
    assert ready.merge(second, first, NOON + 2 * HOUR) == (first, second)
    stored = ready.article(first)
    assert stored
    assert stored.paths == ("news/world", "sport")
    assert [each.token for each in ready.articles()] == [first]
    history = _history(ready, first)
    assert history.others == (second,)
    by_source = {copy.source_id: copy for copy in history.copies}
    assert by_source["wire"].decided_by is DecidedBy.FIRST_SEEN
    assert by_source["echo"].decided_by is DecidedBy.BY_HAND


LINKS = ("wire.example/storm", "echo.example/gale")


def test_a_merged_article_is_still_found(ready: Store) -> None:
    """The token, id and page of an article that was merged lead to what it is part of now."""
    _record(ready, article("storm"), article("gale"))
    one, other = (each.token for each in ready.articles())
    stays, gone = ready.merge(one, other, NOON)
    page = ready.article(gone)
    assert page
    assert page.token == stays
    assert ready.find(gone) == [stays]


def test_merge_holds_when_sources_are_read_again(ready: Store) -> None:
    """The entries of a merged article stay copies, and a third source's copy joins them."""
    _record(ready, article("storm"), article("gale"))
    one, other = (each.token for each in ready.articles())
    stays, _ = ready.merge(one, other, NOON)
    _record(ready, article("storm"), article("gale", body="<p>Edited in the meantime.</p>"))
    _record(ready, article("gale", "echo", categories=("sport",)), source="echo")
    assert [each.token for each in ready.articles()] == [stays]
    assert len(ready.copies(stays)) == 3


def test_merge_takes_back_split_and_the_other_way_round(two: Store) -> None:
    """What was split can be merged and split again, and is the same article each time."""
    token = _only(two)
    _, own = two.split(_name(two, "echo"), NOON)
    two.merge(token, own, NOON)
    assert _only(two) == token
    rotated = article(source="echo", key="another id", categories=("sport",))
    _record(two, rotated, source="echo")
    assert _only(two) == token
    assert two.split("https://echo.example/storm", NOON) == (token, own)
    assert two.article(own)


def test_what_cannot_be_split_or_merged_is_refused(ready: Store) -> None:
    """An only copy, one that is not there, one article twice, and a removed one: told, not done."""
    _record(ready, article())
    token = _only(ready)
    with pytest.raises(StoreError, match="only copy"):
        ready.split(_name(ready, "wire"), NOON)
    with pytest.raises(StoreError, match="no such copy"):
        ready.split("wire/0000000000", NOON)
    with pytest.raises(StoreError, match="one article already"):
        ready.merge(token, token, NOON)
    with pytest.raises(StoreError, match="no such article"):
        ready.merge(token, "0" * 20, NOON)
    assert [each.token for each in ready.articles()] == [token]


def test_a_link_of_several_copies_must_be_told_apart(ready: Store) -> None:
    """Where a link is that of several copies, the refusal names them all."""
    same = {"link": "https://wire.example/page"}
    _record(ready, article("storm", **same), article("gale", **same))
    with pytest.raises(StoreError, match=r"wire/[0-9a-f]{12}, wire/[0-9a-f]{12}"):
        ready.split(same["link"], NOON)
    assert len(ready.find(same["link"])) == 2


def test_nothing_is_no_name(ready: Store) -> None:
    """An empty name, as of a variable that is not set, does not mean what has no link."""
    _record(ready, article(link=""))
    _record(ready, article(source="echo", link=""), source="echo")
    with pytest.raises(StoreError, match="no such copy"):
        ready.split("", NOON)
    assert ready.find("") == []


def test_others_of_the_title_are_told(ready: Store) -> None:
    """`history` names the articles that were founded under the same title."""
    for number in range(2):
        text = f"<p>{number}: nothing in this text is like the other one, word for word.</p>"
        _record(ready, article(title="Daily thread", key=str(number), body=text))
    one, other = (each.token for each in ready.articles())
    assert _history(ready, one).same_title == (other,)


def test_retention_leaves_the_ledger_of_a_merged_article(two: Store) -> None:
    """What retention emptied is still found, with its copies and the day it went."""
    token = _only(two)
    later = NOON + 400 * 24 * HOUR
    two.housekeeping(later, Keep())
    history = _history(two, token)
    assert (history.removed_at, len(history.copies), history.paths) == (later, 2, ())
    with pytest.raises(StoreError, match="not in the database any more"):
        two.split("https://echo.example/storm", later)


def test_the_public_id_outlives_its_source(two: Store) -> None:
    """When the winner's source leaves the configuration the next copy stands, under the same id."""
    before = two.newest("all", 9, 0)[0]
    assert before.source_id == "echo"
    two.sync_configuration(configuration({"wire": ("news/world",)}), NOON, due_at_once)
    (after,) = two.newest("all", 9, 0)
    assert (after.public_id, after.token) == (before.public_id, before.token)
    assert (after.source_id, after.body, after.paths) == ("wire", SHORT, ("news/world",))
    two.sync_configuration(configuration(), NOON, due_at_once)
    (again,) = two.newest("all", 9, 0)
    assert (again.public_id, again.source_id) == (before.public_id, "echo")


def test_priority_elects_at_once(two: Store) -> None:
    """A source that is given a higher priority has its copies shown, under the same public id."""
    before = two.newest("all", 9, 0)[0]
    specs = [
        each.model_copy(update={"priority": 5 if each.id == "wire" else 0})
        for each in configuration().sources
    ]
    two.sync_configuration(configuration(specs), NOON, due_at_once)
    (after,) = two.newest("all", 9, 0)
    assert (after.source_id, after.public_id) == ("wire", before.public_id)
