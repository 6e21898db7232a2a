"""What every store promises to those above it: on SQLite, on PostgreSQL and in memory."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from aggregator.errors import StoreError
from aggregator.model.articles import (
    CategoryTitle,
    DecidedBy,
    Dropped,
    DropReason,
    Stage,
)
from aggregator.model.categories import CategorySpec
from aggregator.model.entries import Enclosure, Episode, Origin
from aggregator.model.pages import ArticlePage, IdentityRule, Validators
from aggregator.model.results import Outcome, SourceStatus, Tally
from aggregator.model.settings import SourceSpec
from aggregator.store.store import Store
from aggregator.text.hashing import fingerprint
from tests.support.memory_store import MemoryStore
from tests.support.outcomes import (
    HOUR,
    NOON,
    article,
    configuration,
    decide,
    digest,
    due_at_once,
    outcome,
    result,
    state,
)

AnyStore = Store | MemoryStore


def record(store: AnyStore, *outcomes: Outcome, now: datetime = NOON) -> Tally:
    """Record some outcomes, and count what became of them together."""
    return sum(store.record(outcomes, decide(), now), Tally())


def titles(store: AnyStore, path: str = "all", limit: int = 100, per_source: int = 0) -> list[str]:
    """Titles of what stands in a category, in order."""
    return [each.title for each in store.newest(path, limit, per_source)]


def changed(store: AnyStore) -> set[str]:
    """The categories that wait for publication; takes them as published."""
    states = store.changed_categories()
    store.mark_published(states)
    return set(states)


def test_a_new_article_comes_out_as_it_went_in(store: AnyStore) -> None:
    """Every field of an article survives the store, and it gets its public name."""
    given = article(categories=("news/world", "sport"))
    record(store, outcome(given), now=NOON + HOUR)
    (stored,) = store.newest("all", 10, 0)
    for name in ("title", "link", "summary", "body", "author", "published_at", "date_is_known"):
        assert getattr(stored, name) == getattr(given, name)
    for name in ("updated_at", "image", "enclosures", "tags", "language", "origin"):
        assert getattr(stored, name) == getattr(given, name)
    assert stored.source_id == "wire"
    assert stored.first_seen_at == NOON + HOUR
    assert stored.paths == ("news/world", "sport")
    assert stored.public_id == f"tag:feeds.example,2026-01-31:{stored.token}"
    assert len(stored.token) == 20
    assert store.article(stored.token) == stored


def test_other_copies_stand_beside_their_article(store: AnyStore) -> None:
    """An article names the links of its other copies, and its feeds change when one joins."""
    record(store, outcome(article("storm", published_at=NOON)))
    changed(store)
    copy = article("storm", "echo", key="other", link="https://echo.example/other")
    record(store, outcome(copy, source="echo"), now=NOON + HOUR)
    (stored,) = store.newest("news/world", 10, 0)
    assert [via.link for via in stored.via] == ["https://echo.example/other"]
    assert {"news/world", "news", "sport", "all"} <= changed(store)


def test_of_each_other_source_one_copy_stands_beside_an_article(store: AnyStore) -> None:
    """Sources that change their ids and links at every fetch do not make an article grow."""
    record(store, outcome(article("storm", "wire")))
    for fetch in ("1", "2", "3"):
        record(store, outcome(article("storm", "wire", key=f"wire {fetch}")))
        record(store, outcome(article("storm", "echo", key=f"echo {fetch}"), source="echo"))
    (stored,) = store.newest("all", 10, 0)
    assert len(store.copies(stored.token)) == 7
    assert [via.link.rpartition(" ")[0] for via in stored.via] == ["https://echo.example/echo"]


def test_what_podcasts_say_survives(store: AnyStore) -> None:
    """Episode, feed id and rights come out as they went in."""
    given = article(
        enclosures=(Enclosure("https://w.example/e", "audio/mpeg", 9, Episode(60, 1, 2, "full")),),
        origin=Origin("The Wire", "https://wire.example/", "", "urn:wire", "© Wire"),
    )
    record(store, outcome(given))
    (stored,) = store.newest("all", 10, 0)
    assert (stored.enclosures, stored.origin) == (given.enclosures, given.origin)


def test_an_article_without_anything_optional_comes_out_the_same(store: AnyStore) -> None:
    """Empty fields stay empty."""
    bare = article(link="", summary="", author="", image=None, enclosures=(), tags=())
    record(store, outcome(bare))
    (stored,) = store.newest("all", 10, 0)
    assert (stored.link, stored.author, stored.image) == ("", "", None)
    assert (stored.enclosures, stored.tags) == ((), ())


def test_the_same_again_changes_nothing(store: AnyStore) -> None:
    """An entry that is known and unchanged is counted, and no category must be published."""
    record(store, outcome(article()))
    assert changed(store) == {"all", "news", "news/world"}
    assert record(store, outcome(article(), unchanged=3)) == Tally(unchanged=4)
    assert changed(store) == set()
    assert len(store.newest("all", 10, 0)) == 1


def test_an_edit_changes_the_article_and_not_its_name(store: AnyStore) -> None:
    """Content follows an edit; public id, first-seen time and a known date stay."""
    record(store, outcome(article()))
    (before,) = store.newest("all", 10, 0)
    changed(store)
    later = NOON + 3 * HOUR
    edited = article(title="Corrected", body="<p>New</p>", published_at=later, updated_at=later)
    assert record(store, outcome(edited), now=later) == Tally(changed=1)
    (after,) = store.newest("all", 10, 0)
    assert (after.title, after.body, after.updated_at) == ("Corrected", "<p>New</p>", later)
    assert after.public_id == before.public_id
    assert (after.published_at, after.first_seen_at) == (NOON, NOON)
    assert changed(store) == {"all", "news", "news/world"}


def test_a_date_that_becomes_known_is_taken(store: AnyStore) -> None:
    """The first-seen time stands in for a date only until the source tells one."""
    record(store, outcome(article(date_is_known=False)))
    earlier = NOON - 5 * HOUR
    record(store, outcome(article(published_at=earlier, body="<p>Dated</p>")), now=NOON + HOUR)
    (stored,) = store.newest("all", 10, 0)
    assert (stored.published_at, stored.date_is_known) == (earlier, True)


def test_an_unknown_date_stays_the_first_seen_time(store: AnyStore) -> None:
    """An edit of an article without a date does not make it newer."""
    record(store, outcome(article(date_is_known=False)))
    again = article(date_is_known=False, published_at=NOON + HOUR, body="<p>Other</p>")
    record(store, outcome(again), now=NOON + HOUR)
    (stored,) = store.newest("all", 10, 0)
    assert (stored.published_at, stored.date_is_known) == (NOON, False)


def test_a_copy_adds_a_line_and_its_categories(store: AnyStore) -> None:
    """Two sources with one story leave one article, two lines, and the categories of both."""
    record(store, outcome(article()))
    changed(store)
    copy = article(source="echo", categories=("sport",), published_at=NOON + HOUR)
    assert record(store, outcome(copy, source="echo"), now=NOON + HOUR) == Tally(duplicate=1)
    (stored,) = store.newest("all", 10, 0)
    assert stored.paths == ("news/world", "sport")
    assert titles(store, "sport") == titles(store, "news") == [stored.title]
    lines = store.copies(stored.token)
    assert [(line.source_id, line.standing) for line in lines] == [("wire", True), ("echo", False)]
    assert lines[1].decided_by is DecidedBy.SAME_TITLE_AND_DATE
    assert lines[1].link == "https://echo.example/storm"
    assert lines[1].first_seen_at == NOON + HOUR
    assert changed(store) == {"all", "news", "news/world", "sport"}


def test_the_better_copy_stands(store: AnyStore) -> None:
    """A fuller copy is shown instead of the first; the public id stays."""
    record(store, outcome(article(body="<p>Everything that is known about the storm</p>")))
    (before,) = store.newest("all", 10, 0)
    fuller = article(source="echo", categories=("sport",))
    record(store, outcome(fuller, source="echo"))
    (after,) = store.newest("all", 10, 0)
    assert (after.body, after.source_id, after.link) == (fuller.body, "echo", fuller.link)
    assert after.public_id == before.public_id
    standing = [(line.source_id, line.standing) for line in store.copies(after.token)]
    assert sorted(standing) == [("echo", True), ("wire", False)]


def test_only_the_standing_copy_changes_the_article(store: AnyStore) -> None:
    """An edit of a copy that is not shown changes its line alone."""
    record(store, outcome(article()))
    record(store, outcome(article(source="echo"), source="echo"))
    changed(store)
    edited = article(source="echo", title="Something else", body="<p>x</p>")
    assert record(store, outcome(edited, source="echo")) == Tally(changed=1)
    (stored,) = store.newest("all", 10, 0)
    assert stored.title == article().title
    assert {line.title for line in store.copies(stored.token)} == {stored.title, "Something else"}


def test_copies_within_one_batch_are_found(store: AnyStore) -> None:
    """Sources that bring the same story at the same time make one article."""
    outcomes = [outcome(article()), outcome(article(source="echo"), source="echo")]
    tallies = store.record(outcomes, decide(), NOON)
    assert sum(tallies, Tally()) == Tally(new=1, duplicate=1)
    assert len(store.newest("all", 10, 0)) == 1


def test_an_entry_that_comes_twice_in_a_batch_is_one_article(store: AnyStore) -> None:
    """Versions of an entry in one batch are decided one after the other."""
    versions = [article(), article(body="<p>second version of it</p>"), article(body="<p>3rd</p>")]
    assert record(store, outcome(*versions)) == Tally(new=1, changed=2)
    (stored,) = store.newest("all", 10, 0)
    assert stored.body == "<p>3rd</p>"


def test_each_outcome_gets_its_own_tally(store: AnyStore) -> None:
    """Tallies come in the order of the outcomes, with what was dropped by reason."""
    dropped = tuple(
        Dropped("wire", "t", Stage.CLEAN, reason)
        for reason in (DropReason.RULE, DropReason.NOTHING_TO_SHOW, DropReason.RULE)
    )
    given = [
        outcome(article(), article("flood"), dropped=dropped),
        Outcome(None, result("echo", status=SourceStatus.NOT_MODIFIED)),
        outcome(article("fire"), source="wire", unchanged=2),
    ]
    assert store.record(given, decide(), NOON) == (
        Tally(new=2, dropped={"nothing_to_show": 1, "rule": 2}),
        Tally(),
        Tally(new=1, unchanged=2),
    )


def test_a_source_that_nobody_named_is_refused(store: AnyStore) -> None:
    """Nothing of a batch with an unknown source is stored."""
    with pytest.raises(StoreError, match="stranger"):
        record(store, outcome(article()), outcome(article(source="stranger"), source="stranger"))
    assert titles(store) == []
    with pytest.raises(StoreError, match="stranger"):
        store.fetch_state("stranger")


def test_many_states_are_asked_for_at_once(store: AnyStore) -> None:
    """What is remembered of many sources is what is remembered of each; strangers are left out."""
    wanted = ["wire", "stranger", "echo"]
    known = {name: store.fetch_state(name) for name in ("wire", "echo")}
    assert store.fetch_states(wanted) == known
    assert store.fetch_states([]) == {}


def test_the_newest_come_first(store: AnyStore) -> None:
    """Articles are in order of their time; equal times are in the order of their ids."""
    names = ("one", "two", "three", "four")
    dated = [article(name, published_at=NOON - (n // 2) * HOUR) for n, name in enumerate(names)]
    record(store, outcome(*dated))
    found = store.newest("news/world", 10, 0)
    order = [(each.published_at, each.public_id) for each in found]
    assert order == sorted(order, reverse=True)
    assert len(store.newest("all", 3, 0)) == 3
    assert [each.token for each in store.newest("all", 3, 0)] == [each.token for each in found[:3]]


def test_a_category_can_be_limited_by_source(store: AnyStore) -> None:
    """`per_source` leaves room for the others; 0 sets no limit."""
    many = [article(f"wave {n}", published_at=NOON - timedelta(minutes=n)) for n in range(5)]
    old = article("fire", source="echo", categories=("news/world",), published_at=NOON - 9 * HOUR)
    record(store, outcome(*many), outcome(old, source="echo"))
    assert [each.source_id for each in store.newest("all", 4, 2)] == ["wire", "wire", "echo"]
    assert [each.source_id for each in store.newest("all", 2, 2)] == ["wire", "wire"]
    assert len(store.newest("all", 4, 0)) == 4
    assert len(store.newest("all", 10, 5)) == 6


def test_categories_hold_what_stands_below_them(store: AnyStore) -> None:
    """An article stands in its paths, in their parents and in `all`, and nowhere else."""
    record(store, outcome(article(categories=("news/world", "news/local"))))
    for path in ("all", "news", "news/world", "news/local"):
        assert len(store.newest(path, 10, 0)) == 1
    assert titles(store, "sport") == []
    assert titles(store, "new") == []


def test_categories_that_articles_bring_are_named(store: AnyStore) -> None:
    """Titles of paths that the configuration lacks are kept as they came first."""
    brought = (CategoryTitle("金融", "金融"), CategoryTitle("金融/a", "A & B"))
    record(store, outcome(article(categories=("金融/a",), added_categories=brought)))
    again = (CategoryTitle("金融/a", "Another name"),)
    record(store, outcome(article("flood", categories=("金融/a",), added_categories=again)))
    assert list(store.category_titles()) == list(brought)


def test_what_was_published_meanwhile_is_not_forgotten(store: AnyStore) -> None:
    """A change that comes while a category is written leaves it to be published again."""
    record(store, outcome(article()))
    states = store.changed_categories()
    record(store, outcome(article("flood")))
    store.mark_published(states)
    assert set(store.changed_categories()) == {"all", "news", "news/world"}
    store.mark_published(store.changed_categories())
    store.mark_published(states)
    assert store.changed_categories() == {}


def test_state_is_remembered_between_fetches(store: AnyStore) -> None:
    """All that a fetch leaves behind is there at the next one."""
    after = state(
        validators=Validators('"etag"', "Sat, 31 Jan 2026 12:00:00 GMT", "ab" * 32),
        failures=3,
        last_error="timeout: 20 s",
        moved_to="https://new.example/feed",
        gone=True,
        identity=IdentityRule.LINK,
        next_due_at=NOON + 5 * HOUR,
        interval=timedelta(minutes=45),
        last_ok_at=None,
        was_read=True,
    )
    record(store, Outcome(None, result(state=after, status=SourceStatus.FAILED)))
    assert store.fetch_state("wire") == after


def test_sources_are_due_when_their_time_has_come(store: AnyStore) -> None:
    """New sources are due when the caller says; the longest due comes first, up to a limit."""
    assert store.due_sources(NOON, 10, 9) == ["echo", "wire"]
    assert store.due_sources(NOON - timedelta(microseconds=1), 10, 9) == []
    record(store, Outcome(None, result("echo", state=state(next_due_at=NOON + HOUR))))
    assert store.due_sources(NOON, 10, 9) == ["wire"]
    assert store.due_sources(NOON + HOUR, 10, 9) == ["wire", "echo"]
    assert store.due_sources(NOON + HOUR, 1, 9) == ["wire"]


def test_known_entries_are_found_by_key(store: AnyStore) -> None:
    """An entry is known by its source and key, with all that dedupe compares."""
    given = article(document="a.md")
    record(store, outcome(given))
    entry = given.entry
    found = store.known_entries("wire", [entry.entry_key, "0" * 64])
    assert set(found) == {entry.entry_key}
    known = found[entry.entry_key]
    assert (known.entry_hash, known.document) == (entry.entry_hash, "a.md")
    assert (known.published_at, known.date_is_known, known.standing) == (NOON, True, True)
    assert store.known_entries("echo", [entry.entry_key]) == {}


def test_known_entries_are_found_by_alias(store: AnyStore) -> None:
    """Where no entry has a key, the newest that has it as an alias is meant."""
    first = article(aliases=("link", "title"))
    record(store, outcome(first))
    second = article("flood", aliases=("link",))
    record(store, outcome(second), now=NOON + HOUR)
    asked = [fingerprint("id", name) for name in ("storm", "link", "title", "other")]
    found = store.known_entries("wire", asked)
    keys = [found[key].entry_key for key in asked[:3]]
    assert keys == [first.entry.entry_key, second.entry.entry_key, first.entry.entry_key]
    assert asked[3] not in found
    assert store.known_entries("echo", asked) == {}


def test_an_alias_of_a_new_entry_is_weaker_than_a_key(store: AnyStore) -> None:
    """An edit adds aliases that are free, and takes none from another entry."""
    record(store, outcome(article(aliases=("mine",))))
    record(store, outcome(article("flood", aliases=("yours",))))
    edited = article(body="<p>edited</p>", aliases=("yours", "free"))
    record(store, outcome(edited))
    found = store.known_entries("wire", [fingerprint("id", name) for name in ("yours", "free")])
    assert found[fingerprint("id", "yours")].entry_key == fingerprint("id", "flood")
    assert found[fingerprint("id", "free")].entry_key == fingerprint("id", "storm")


def test_stamps_of_documents_are_remembered(store: AnyStore) -> None:
    """Stamps add up over the digests of a fetch, and go with their documents."""
    record(store, Outcome(digest(stamps={"a.md": "1", "b.md": "1"}), None))
    record(store, Outcome(digest(stamps={"b.md": "2"}, vanished=("a.md", "never.md")), result()))
    assert store.stamps("wire") == {"b.md": "2"}
    assert store.stamps("echo") == {}


def test_an_article_leaves_with_its_document_and_comes_back(store: AnyStore) -> None:
    """A vanished document takes its articles out of the feeds; the ledger keeps them."""
    post = article(document="a.md")
    record(store, Outcome(digest(post, stamps={"a.md": "1"}), result()))
    (stored,) = store.newest("all", 10, 0)
    changed(store)
    record(store, Outcome(digest(vanished=("a.md",)), result()))
    assert titles(store) == []
    assert changed(store) == {"all", "news", "news/world"}
    assert store.known_entries("wire", [post.entry.entry_key])
    record(store, Outcome(digest(stamps={"a.md": "1"}, unchanged=1), result()))
    assert list(store.newest("all", 10, 0)) == [stored]
    assert changed(store) == {"all", "news", "news/world"}


def test_an_article_stays_while_another_copy_counts(store: AnyStore) -> None:
    """When one copy's document vanishes, the article stands where the others put it."""
    record(store, Outcome(digest(article(document="a.md"), stamps={"a.md": "1"}), result()))
    copy = article(source="echo", categories=("sport",))
    record(store, outcome(copy, source="echo"))
    record(store, Outcome(digest(vanished=("a.md",)), result()))
    (stored,) = store.newest("all", 10, 0)
    assert stored.paths == ("sport",)
    assert titles(store, "news") == []


def test_an_entry_follows_its_document(store: AnyStore) -> None:
    """An entry found in another document stays when the first one vanishes."""
    record(store, Outcome(digest(article(document="a.md"), stamps={"a.md": "1"}), result()))
    moved = digest(article(document="b.md"), stamps={"b.md": "1"}, vanished=("a.md",))
    assert record(store, Outcome(moved, result())) == Tally(unchanged=1)
    assert len(titles(store)) == 1


def test_a_source_that_leaves_takes_its_articles_along(store: AnyStore) -> None:
    """What no active source has a copy of leaves the feeds, and comes back with its source."""
    record(store, outcome(article()), outcome(article("fire", source="echo"), source="echo"))
    before = titles(store)
    changed(store)
    store.sync_configuration(configuration({"echo": ("sport",)}), NOON, due_at_once)
    assert titles(store) == [article("fire").title]
    assert {"all", "news", "news/world"} <= changed(store)
    assert store.due_sources(NOON + 9 * HOUR, 9, 9) == ["echo"]
    store.sync_configuration(configuration(), NOON + HOUR, due_at_once)
    assert titles(store) == before
    assert record(store, outcome(article())) == Tally(unchanged=1)
    assert store.fetch_state("wire").next_due_at == NOON + HOUR


def test_a_batch_of_a_source_that_just_left_is_kept_out_of_the_feeds(store: AnyStore) -> None:
    """What was being fetched when its source left goes into the ledger only."""
    store.sync_configuration(configuration({"echo": ("sport",)}), NOON, due_at_once)
    assert record(store, outcome(article())) == Tally(new=1)
    assert titles(store) == []


def test_articles_move_with_their_source(store: AnyStore) -> None:
    """When a source gets other categories, what it brought stands there."""
    own = article(categories=("news/world", "own"))
    record(store, outcome(own))
    changed(store)
    moved = configuration({"wire": ("sport",), "echo": ("sport",)})
    store.sync_configuration(moved, NOON, due_at_once)
    (stored,) = store.newest("sport", 10, 0)
    assert stored.paths == ("own", "sport")
    assert titles(store, "news") == []
    assert changed(store) == {"all", "news", "news/world", "own", "sport"}


def test_paths_of_posts_count_while_the_source_says_so(store: AnyStore) -> None:
    """Without `from-post` the entries' own paths count no more, and with it they are read anew."""
    from_post = configuration({"wire": ("from-post",)})
    store.sync_configuration(from_post, NOON, due_at_once)
    post = article(categories=("own/path",))
    record(store, outcome(post))
    store.sync_configuration(configuration({"wire": ("sport",)}), NOON, due_at_once)
    assert [each.paths for each in store.newest("all", 9, 0)] == [("sport",)]
    store.sync_configuration(from_post, NOON, due_at_once)
    assert [each.paths for each in store.newest("all", 9, 0)] == [()]
    assert (
        store.known_entries("wire", [post.entry.entry_key])[post.entry.entry_key].entry_hash == ""
    )
    assert record(store, outcome(post)) == Tally(unchanged=1)
    assert [each.paths for each in store.newest("all", 9, 0)] == [("own/path",)]


def test_a_source_whose_keys_changed_is_read_anew(store: AnyStore) -> None:
    """Validators and stamps are forgotten and the source is due; what it learned stays."""
    learned = state(
        validators=Validators("e", "l", "b"),
        failures=2,
        moved_to="x",
        identity=IdentityRule.LINK,
        was_read=True,
    )
    record(store, Outcome(digest(stamps={"a.md": "1"}), result(state=learned)))
    specs = [SourceSpec(id="wire", category=("news/world",), every="2h", priority=3)]
    store.sync_configuration(configuration(specs), NOON + HOUR, due_at_once)
    fresh = replace(learned, validators=Validators(), failures=0, moved_to="", was_read=False)
    expected = replace(fresh, next_due_at=NOON + HOUR, interval=2 * HOUR)
    assert store.fetch_state("wire") == expected
    assert store.stamps("wire") == {"a.md": ""}


def test_a_configuration_that_did_not_change_changes_nothing(store: AnyStore) -> None:
    """Reading the same configuration again leaves states and categories alone."""
    record(store, outcome(article()))
    changed(store)
    store.sync_configuration(configuration(), NOON + 9 * HOUR, due_at_once)
    assert store.fetch_state("wire") == state()
    assert store.changed_categories() == {}


def test_new_categories_are_published_even_empty(store: AnyStore) -> None:
    """A category that the configuration names for the first time waits for publication."""
    tree = [CategorySpec(id="new", categories=(CategorySpec(id="er"),))]
    store.sync_configuration(configuration({"wire": ("new/er",)}, tree), NOON, due_at_once)
    assert changed(store) == {"new", "new/er"}
    record(store, outcome(article(categories=("new/er", "news"))))
    assert [each.path for each in store.category_titles()] == ["news"]


def test_an_unknown_token_names_nothing(store: AnyStore) -> None:
    """There is no article and no ledger under a token that was never given out."""
    assert store.article("0" * 20) is None
    assert list(store.copies("0" * 20)) == []


def page(entry_key: str, **values: Any) -> ArticlePage:
    """What is remembered of an article's own page."""
    return ArticlePage(entry_key, read_by="f" * 64, tried_at=NOON, **values)


def test_pages_of_articles_come_out_as_they_went_in(store: AnyStore) -> None:
    """What was read of an article's own page is given back by source and entry, until replaced."""
    said = {"author": "李", "image": "https://a.example/1", "title": "标题"}
    read = page("1", html="<p>全文</p>", published_text="今天", **said)
    waits = page("2", tries=3, next_try_at=NOON + HOUR)
    record(store, outcome(pages=(read, waits)))
    assert store.article_pages("wire", ["1", "2", "3"]) == {"1": read, "2": waits}
    assert store.article_pages("echo", ["1", "2"]) == {}
    record(store, outcome(pages=(page("2", html="<p>2</p>"),)))
    assert store.article_pages("wire", ["2"]) == {"2": page("2", html="<p>2</p>")}


def test_pages_are_due_from_their_time_on(store: AnyStore) -> None:
    """A page is tried again at its time, not before; one that was read is never due."""
    record(store, outcome(pages=(page("1"), page("2", next_try_at=NOON + HOUR))))
    assert store.pages_due("wire", NOON + HOUR - timedelta(microseconds=1)) == frozenset()
    assert store.pages_due("wire", NOON + HOUR) == {"2"}
    assert store.pages_due("echo", NOON + HOUR) == frozenset()
