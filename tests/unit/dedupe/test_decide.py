from __future__ import annotations

from datetime import timedelta

import pytest

from aggregator.dedupe.decide import content_hash, decider
from aggregator.model.articles import DecidedBy, Verdict
from aggregator.model.entries import Image
from aggregator.model.settings import Dedupe
from aggregator.text.hashing import fingerprint
from tests.support.deciding import LONG_TITLE, Ledger, article, no_names, plain_decider

TEXT = "<p>The house voted late in the evening, after a debate of nine hours, by 312 to 288.</p>"
OTHER = "<p>A quite different report about something that happened in another town on Monday.</p>"
MINUTE = 1 / 60


@pytest.fixture
def ledger() -> Ledger:
    """An empty ledger."""
    return Ledger()


def test_the_first_article_is_new(ledger: Ledger) -> None:
    """What nobody has told before is a new article, and its first copy stands."""
    (decision,) = ledger.take(plain_decider(), article())
    assert (decision.verdict, decision.decided_by) == (Verdict.NEW, DecidedBy.FIRST_SEEN)
    assert decision.stands
    assert decision.story_key == fingerprint("story", decision.title_key, "0")


def test_the_same_entry_again_is_unchanged(ledger: Ledger) -> None:
    """An entry that says what it said before is unchanged, even when it was cleaned again."""
    ledger.take(plain_decider(), article(entry="1", body=TEXT))
    again = article(entry="1", body=TEXT)
    (decision,) = ledger.take(plain_decider(), again)
    assert (decision.verdict, decision.decided_by) == (Verdict.UNCHANGED, DecidedBy.SAME_ENTRY)


def test_an_edited_entry_keeps_its_article(ledger: Ledger) -> None:
    """An edit changes the article that we have, also when its title becomes that of another."""
    ledger.take(plain_decider(), article("A quite different headline of today", entry="1"))
    (other,) = ledger.take(plain_decider(), article(source="b", body=TEXT))
    (decision,) = ledger.take(plain_decider(), article(entry="1", body=TEXT))
    assert decision.verdict is Verdict.CHANGED
    assert decision.story_key != other.story_key
    assert decision.title_key == other.title_key
    assert len(ledger.articles()) == 2


@pytest.mark.parametrize(
    ("hours", "verdict"),
    [
        (24 - MINUTE, Verdict.DUPLICATE),
        (24, Verdict.DUPLICATE),
        (24 + MINUTE, Verdict.NEW),
        (-24, Verdict.DUPLICATE),
        (-24 - MINUTE, Verdict.NEW),
    ],
)
def test_the_window_ends_where_it_says(ledger: Ledger, hours: float, verdict: Verdict) -> None:
    """Two sources' equal titles are one article up to and including the window's length."""
    ledger.take(plain_decider(window="24h"), article(source="a"))
    (decision,) = ledger.take(plain_decider(window="24h"), article(source="b", hours=hours))
    assert decision.verdict is verdict
    decided = DecidedBy.SAME_TITLE_AND_DATE, DecidedBy.OUTSIDE_WINDOW
    assert decision.decided_by is decided[verdict is Verdict.NEW]


def test_a_second_article_of_a_title_has_a_name_of_its_own(ledger: Ledger) -> None:
    """The next article founded under a title counts on from those that were ever founded."""
    ledger.take(plain_decider(), article(source="a"))
    (decision,) = ledger.take(plain_decider(), article(source="b", hours=100))
    assert decision.story_key == fingerprint("story", decision.title_key, "1")


def test_a_title_does_not_wander_through_time(ledger: Ledger) -> None:
    """From copy to copy a title reaches past the window only while the bodies agree."""
    ledger.take(plain_decider(), article(source="a", body=TEXT))
    ledger.take(plain_decider(), article(source="b", body=OTHER, hours=20))
    third = "<p>What the government said about it two days later.</p>"
    (differs,) = ledger.take(plain_decider(), article(source="c", body=third, hours=40))
    (agrees,) = ledger.take(plain_decider(), article(source="d", body=TEXT, hours=39))
    assert (differs.verdict, agrees.verdict) == (Verdict.NEW, Verdict.DUPLICATE)


def test_empty_titles_never_match(ledger: Ledger) -> None:
    """Articles without a title are new, each under the name of its entry."""
    first, second = ledger.take(
        plain_decider(), article("", "a", body=TEXT), article("!?", "b", body=TEXT)
    )
    assert {first.decided_by, second.decided_by} == {DecidedBy.EMPTY_TITLE}
    assert first.story_key == fingerprint("entry", "a", first.article.entry.entry_key)
    assert first.story_key != second.story_key


@pytest.mark.parametrize(
    ("title", "one", "other", "verdict"),
    [
        ("Morning brief", TEXT, OTHER, Verdict.NEW),
        ("Morning brief", TEXT, TEXT, Verdict.DUPLICATE),
        ("Morning brief", "", "", Verdict.NEW),
        ("早报", TEXT, "", Verdict.NEW),
        ("早报", TEXT, TEXT[:60] + "…</p>", Verdict.DUPLICATE),
        ("Untitled", TEXT[:60] + " […]</p>", TEXT, Verdict.DUPLICATE),
        (LONG_TITLE, TEXT, OTHER, Verdict.DUPLICATE),
    ],
)
def test_titles_that_prove_little_need_agreeing_bodies(
    ledger: Ledger, title: str, one: str, other: str, verdict: Verdict
) -> None:
    """Two sources under a title that is not distinctive are one article if the texts agree."""
    ledger.take(plain_decider(), article(title, "a", body=one))
    (decision,) = ledger.take(plain_decider(), article(title, "b", body=other, hours=1))
    assert decision.verdict is verdict
    if verdict is Verdict.NEW:
        assert decision.decided_by is DecidedBy.BODIES_DIFFER


def test_a_source_that_repeats_a_title_says_something_new(ledger: Ledger) -> None:
    """The same title under another id of the same source is another article, if the body is."""
    ledger.take(plain_decider(), article(body=TEXT))
    other, same = ledger.take(
        plain_decider(), article(body=OTHER, hours=1), article(body=TEXT, hours=2)
    )
    assert (other.verdict, other.decided_by) == (Verdict.NEW, DecidedBy.BODIES_DIFFER)
    assert (same.verdict, same.decided_by) == (Verdict.DUPLICATE, DecidedBy.SAME_TITLE_AND_BODY)


@pytest.mark.parametrize(
    ("title", "hours", "verdict"),
    [
        (LONG_TITLE, 5, Verdict.DUPLICATE),
        ("Daily thread", 5, Verdict.NEW),
        ("Daily thread", 0, Verdict.DUPLICATE),
    ],
)
def test_repeated_titles_without_text(
    ledger: Ledger, title: str, hours: float, verdict: Verdict
) -> None:
    """Without any text a source's repetition needs a telling title, or the very same time."""
    ledger.take(plain_decider(), article(title, entry="1"))
    (decision,) = ledger.take(plain_decider(), article(title, entry="2", hours=hours))
    assert decision.verdict is verdict


def test_a_title_over_several_articles_needs_agreeing_bodies(ledger: Ledger) -> None:
    """Once a title stands over two articles, another source must say what one of them says."""
    ledger.take(plain_decider(), article(body=TEXT), article(body=OTHER, hours=1))
    third, fourth = ledger.take(
        plain_decider(),
        article(source="b", body="<p>Something that neither of these two has told.</p>"),
        article(source="c", body=OTHER, hours=2),
    )
    assert (third.verdict, fourth.verdict) == (Verdict.NEW, Verdict.DUPLICATE)


def test_a_batch_knows_what_it_decided(ledger: Ledger) -> None:
    """Copies within one batch find each other, the oldest founding the article."""
    late, early = ledger.take(
        plain_decider(), article(source="b", hours=3), article(source="a", hours=1)
    )
    assert (late.verdict, early.verdict) == (Verdict.DUPLICATE, Verdict.NEW)
    assert late.story_key == early.story_key


def test_an_entry_twice_in_a_batch_is_one(ledger: Ledger) -> None:
    """Two documents that hold the same entry give one new article, and an edit if they differ."""
    first, second = ledger.take(
        plain_decider(), article(entry="1"), article(entry="1", body=TEXT, hours=1)
    )
    assert (first.verdict, second.verdict) == (Verdict.NEW, Verdict.CHANGED)


def test_a_corrected_title_is_found_by_its_new_form(ledger: Ledger) -> None:
    """Within the same batch too, a changed entry is known by its new title, not by its old."""
    ledger.take(plain_decider(), article("Parlament votes for the pension reform", entry="1"))
    changed, old, new = ledger.take(
        plain_decider(),
        article(entry="1", hours=2),
        article("Parlament votes for the pension reform", "b"),
        article(source="c"),
    )
    assert changed.verdict is Verdict.CHANGED
    assert old.verdict is Verdict.NEW
    assert (new.verdict, new.story_key) == (Verdict.DUPLICATE, changed.story_key)


def test_the_name_of_the_site_is_not_part_of_the_title(ledger: Ledger) -> None:
    """A source's own name at the end of a title is overlooked, another's is not."""
    decide = decider(Dedupe(), lambda source_id: ["The Wire"] if source_id == "a" else [])
    ledger.take(decide, article(source="b"))
    own, foreign = ledger.take(
        decide,
        article(f"{LONG_TITLE} - The Wire", "a"),
        article(f"{LONG_TITLE} - The Wire", "c"),
    )
    assert (own.verdict, foreign.verdict) == (Verdict.DUPLICATE, Verdict.NEW)


@pytest.mark.parametrize(
    ("source", "body", "hours", "stands"),
    [
        ("first", "<p>short</p>", 5, True),
        ("b", TEXT * 2, 5, True),
        ("b", TEXT, 5, False),
        ("b", TEXT, -5, True),
        ("b", "<p>short</p>", -5, False),
        ("last", TEXT * 2, -5, False),
    ],
)
def test_the_best_copy_stands(
    ledger: Ledger, source: str, body: str, hours: float, *, stands: bool
) -> None:
    """Of the copies the higher priority stands, then the fuller body, then the earlier."""
    priorities = {"first": 1, "last": -1}
    decide = decider(Dedupe(), no_names, lambda source_id: priorities.get(source_id, 0))
    ledger.take(decide, article(source="a", body=TEXT))
    (decision,) = ledger.take(decide, article(source=source, body=body, hours=hours))
    assert (decision.verdict, decision.stands) == (Verdict.DUPLICATE, stands)


def test_the_content_hash_is_over_what_subscribers_see() -> None:
    """Times and ids are not content; pictures, tags and categories are."""
    plain = article(entry="1")
    assert content_hash(plain) == content_hash(article(entry="2", hours=5))
    seen = [
        article(image=Image("https://a.example/1.png")),
        article(tags=("x",)),
        article(categories=("finance",)),
        article(author="Li"),
        article(body=TEXT),
    ]
    assert len({content_hash(each) for each in [plain, *seen]}) == 6


def test_traditional_and_simplified_are_equal_when_wanted(ledger: Ledger) -> None:
    """With `chinese_variants` a headline is the same in both scripts, without it not."""
    simplified, traditional = "央行宣布全面降准支持实体经济发展", "央行宣布全面降準支持實體經濟發展"
    pair = article(simplified, "a"), article(traditional, "b")
    assert {d.verdict for d in ledger.take(plain_decider(), *pair)} == {Verdict.NEW}
    decisions = Ledger().take(plain_decider(chinese_variants=True), *pair)
    assert {d.verdict for d in decisions} == {Verdict.NEW, Verdict.DUPLICATE}


@pytest.mark.parametrize(
    ("title", "body", "verdict"),
    [
        ("Parliament votes in favour of new pension reform", TEXT, Verdict.DUPLICATE),
        ("Parliament votes in favour of new pension reform", OTHER, Verdict.NEW),
        ("Parliament votes in favour of new pension reform", "", Verdict.NEW),
        ("Parliament votes for the new pension reform 2", TEXT, Verdict.NEW),
        ("Parliament votes for the new pension reform II", TEXT, Verdict.NEW),
        ("Storm leaves thousands without power in the north", TEXT, Verdict.NEW),
    ],
)
def test_near_titles_need_equal_numbers_and_agreeing_bodies(
    ledger: Ledger, title: str, body: str, verdict: Verdict
) -> None:
    """With `near`, an edited headline is the same article if numbers are equal and texts agree."""
    decide = plain_decider(near=True)
    ledger.take(decide, article(source="a", body=TEXT))
    (decision,) = ledger.take(decide, article(title, "b", body=body, hours=1))
    assert decision.verdict is verdict
    if verdict is Verdict.DUPLICATE:
        assert decision.decided_by is DecidedBy.SIMILAR_TITLE_AND_BODY


def test_near_asks_for_a_window_of_copies() -> None:
    """Only with `near` are copies of other titles wanted, as far as the window reaches."""
    batch = [article(), article(source="b", hours=2)]
    assert plain_decider().wanted(batch).between is None
    between = plain_decider(near=True, window="1h").wanted(batch).between
    first, last = batch[0].published_at, batch[1].published_at
    assert between == (first - timedelta(hours=1), last + timedelta(hours=1))
    assert plain_decider(near=True).wanted([]).between is None
