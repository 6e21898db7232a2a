from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import pytest

from aggregator.errors import StoreError
from aggregator.model.articles import Article, Decision, Verdict
from aggregator.model.entries import Enclosure, Image, Origin
from aggregator.model.known import Known, Wanted
from aggregator.model.results import Outcome, SourceStatus, Tally
from aggregator.store.rows import LONGEST_LINE, LONGEST_LINK, address, line
from aggregator.store.store import Store
from aggregator.text.hashing import fingerprint
from tests.support.outcomes import HOUR, NOON, article, decide, digest, outcome, result, state


class Failing:
    """A decision that breaks in the middle of a transaction."""

    def wanted(self, articles: Sequence[Article]) -> Wanted:
        """Ask for nothing."""
        assert articles
        return Wanted()

    def __call__(self, articles: Sequence[Article], known: Known) -> Sequence[Decision]:
        """Fail."""
        raise RuntimeError(f"{len(articles)} {known}")


def test_a_transaction_that_fails_leaves_nothing(ready: Store) -> None:
    """When deciding fails, neither articles nor states nor stamps are stored."""
    bad = Outcome(digest(article(), stamps={"a.md": "1"}), result(state=state(failures=7)))
    with pytest.raises(RuntimeError):
        ready.record([outcome(), bad], Failing(), NOON)
    assert ready.counts()["articles"] == ready.counts()["fetches"] == 0
    assert ready.stamps("wire") == {}
    assert ready.fetch_state("wire").failures == 0


@pytest.mark.parametrize("bad", ["\0", "\ud800", "x\udfff\0y", "\x0b"])
def test_characters_that_a_database_refuses_do_no_harm(ready: Store, bad: str) -> None:
    """One hostile text never makes a batch fail, wherever it stands."""
    hostile = article(
        title=f"Title{bad}",
        body=f"<p>{bad}</p>",
        summary=bad,
        author=bad,
        link=f"https://wire.example/{bad}",
        tags=(bad,),
        language=bad,
        image=Image(bad),
        enclosures=(Enclosure(bad, bad, 1),),
        origin=Origin(bad, bad, bad),
    )
    broken = result(
        status=SourceStatus.FAILED, error=bad, warnings=(bad,), state=state(last_error=bad)
    )
    stamps = {"plain.md": "1"}
    whole = Outcome(digest(hostile, article("flood"), stamps=stamps, origin=Origin(bad)), broken)
    assert ready.record([whole], decide(), NOON) == (Tally(new=2),)
    assert len(ready.newest("all", 10, 0)) == 2
    assert ready.health(NOON)


def test_lengths_are_bounded() -> None:
    """A line is cut at its limit; an address that is too long is left out."""
    assert line("x" * LONGEST_LINE) == "x" * LONGEST_LINE
    assert line("x" * (LONGEST_LINE + 1)) == "x" * LONGEST_LINE
    assert line("x" * (LONGEST_LINE - 1)) == "x" * (LONGEST_LINE - 1)
    assert address("x" * LONGEST_LINK) == "x" * LONGEST_LINK
    assert address("x" * (LONGEST_LINK - 1)) == "x" * (LONGEST_LINK - 1)
    assert address("x" * (LONGEST_LINK + 1)) == ""


def test_long_titles_are_stored_on_every_database(ready: Store) -> None:
    """A title of any length is found again by its key (PostgreSQL indexes 2,704 bytes at most)."""
    long = article(title="长" * 50_000)
    assert ready.record([outcome(long)], decide(), NOON) == (Tally(new=1),)
    copy = article(title="长" * 50_000, source="echo")
    assert ready.record([outcome(copy, source="echo")], decide(), NOON) == (Tally(duplicate=1),)


def test_a_large_batch_is_stored_in_one_go(ready: Store) -> None:
    """More rows than fit into one statement are stored all the same."""
    many = [article(f"wave {n}", aliases=(f"a{n}",)) for n in range(1201)]
    assert ready.record([outcome(*many)], decide(), NOON) == (Tally(new=1201),)
    assert ready.record([outcome(*many)], decide(), NOON) == (Tally(unchanged=1201),)
    keys = [each.entry.entry_key for each in many] + [each.entry.aliases[0] for each in many]
    assert len(ready.known_entries("wire", keys)) == 2402
    stamps = {f"{n}.md": "1" for n in range(1201)}
    ready.record([Outcome(digest(stamps=stamps), result())], decide(), NOON)
    assert len(ready.stamps("wire")) == 1201
    ready.record([Outcome(digest(vanished=tuple(stamps)), result())], decide(), NOON)
    assert ready.stamps("wire") == {}


def test_one_title_many_times_stays_cheap_and_right(ready: Store) -> None:
    """A title that came more often than a decision looks at still finds the newest."""
    daily = [
        article(
            key=f"day {n}",
            title="Daily thread",
            body=f"<p>what day {n} was about</p>",
            published_at=NOON + n * 24 * HOUR,
        )
        for n in range(130)
    ]
    assert ready.record([outcome(*daily)], decide(), NOON) == (Tally(new=130),)
    copy = replace(daily[-1], entry=replace(daily[-1].entry, source_id="echo"))
    assert ready.record([outcome(copy, source="echo")], decide(), NOON) == (Tally(duplicate=1),)


def test_similar_titles_are_looked_for_in_time(ready: Store) -> None:
    """With `near`, copies under other titles are known as well, and meet by their bodies."""
    body = "<p>" + "The river rose by three metres in the night, officials said. " * 4 + "</p>"
    first = article(title="River rises three metres in the night", body=body)
    second = article(title="River rises three metres in one night", body=body, source="echo")
    ready.record([outcome(first)], decide(near=True), NOON)
    found = ready.record([outcome(second, source="echo")], decide(near=True), NOON)
    assert found == (Tally(duplicate=1),)


def test_a_story_that_nobody_can_name_is_an_error(ready: Store) -> None:
    """A decision for an article that is neither known nor inserted is refused, not looped on."""

    class Lost:
        def wanted(self, articles: Sequence[Article]) -> Wanted:
            return decide().wanted(articles)

        def __call__(self, articles: Sequence[Article], known: Known) -> Sequence[Decision]:
            decisions = decide()(articles, known)
            lost = replace(decisions[0], verdict=Verdict.DUPLICATE, story_key="f" * 64)
            return [lost]

    with pytest.raises(StoreError, match="other processes were faster"):
        ready.record([outcome(article())], Lost(), NOON)
    assert ready.counts()["copies"] == 0


def test_the_last_of_two_new_entries_takes_an_alias(ready: Store) -> None:
    """Entries of one batch may share a weaker key, which then names the later one."""
    both = [article("one", aliases=("shared",)), article("two", aliases=("shared",))]
    ready.record([outcome(*both)], decide(), NOON)
    shared = fingerprint("id", "shared")
    found = ready.known_entries("wire", [shared])
    assert found[shared].entry_key == both[1].entry.entry_key
