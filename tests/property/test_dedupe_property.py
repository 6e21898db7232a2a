from __future__ import annotations

import string
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from aggregator.dedupe.bodies import agree, comparable
from aggregator.dedupe.identity import identify, lookup_keys
from aggregator.model.articles import Article, Verdict
from aggregator.model.entries import RawEntry, RawText
from aggregator.model.pages import IdentityRule
from aggregator.text.titles import LONGEST_KEY, is_distinctive, title_key
from tests.support.deciding import LONG_TITLE, Ledger, article, plain_decider

TITLES = st.sampled_from([LONG_TITLE, "Storm leaves thousands without power", "Morning brief", ""])
BODIES = st.sampled_from(["", "<p>The same text in both of them, word by word.</p>", "<p>No.</p>"])


@st.composite
def _articles(draw: st.DrawFn) -> list[Article]:
    """Articles of distinct sources."""
    count = draw(st.integers(1, 8))
    return [
        article(draw(TITLES), f"s{n}", draw(st.integers(0, 60)), draw(BODIES)) for n in range(count)
    ]


@given(_articles(), st.randoms(use_true_random=False))
def test_the_order_of_a_batch_does_not_matter(batch: list[Article], random: Random) -> None:
    """In whatever order sources arrive, the same copies become the same articles."""
    one, other = Ledger(), Ledger()
    one.take(plain_decider(), *batch)
    shuffled = list(batch)
    random.shuffle(shuffled)
    other.take(plain_decider(), *shuffled)
    assert one.articles() == other.articles()


@given(st.lists(st.integers(0, 24), min_size=1, max_size=8), st.randoms(use_true_random=False))
def test_the_order_of_arrival_does_not_matter(hours: list[int], random: Random) -> None:
    """Copies of distinct sources within one window become one article, batch by batch too."""
    ledger = Ledger()
    copies = [article(source=f"s{n}", hours=hour) for n, hour in enumerate(hours)]
    random.shuffle(copies)
    for each in copies:
        ledger.take(plain_decider(), each)
    assert len(ledger.articles()) == 1


@given(_articles(), st.booleans())
def test_deciding_twice_gives_nothing_new(batch: list[Article], near: bool) -> None:
    """What was decided once is unchanged the second time."""
    ledger, decide = Ledger(), plain_decider(near=near)
    ledger.take(decide, *batch)
    before = ledger.articles()
    again = ledger.take(decide, *batch)
    assert {decision.verdict for decision in again} == {Verdict.UNCHANGED}
    assert ledger.articles() == before


@given(st.text(max_size=400), st.lists(st.text(max_size=20), max_size=3))
def test_every_title_has_a_key(title: str, names: list[str]) -> None:
    """Whatever the text is: a key of bounded length, the same each time, and a weight."""
    key = title_key(title, names)
    assert len(key) <= LONGEST_KEY
    assert key == title_key(title, names)
    assert isinstance(is_distinctive(key), bool)


@given(st.text(alphabet=string.ascii_letters + "央行降息かば한글", min_size=1, max_size=40))
def test_spaces_and_punctuation_never_count(letters: str) -> None:
    """Spacing out a title of letters does not change its key."""
    assert title_key("! ".join(letters)) == title_key(letters)


@given(st.text(max_size=300), st.text(max_size=300))
def test_agreement_is_mutual(one: str, other: str) -> None:
    """Bodies agree in both directions, and every text that says something with itself."""
    first, second = comparable(one), comparable(other)
    assert agree(first, second) == agree(second, first)
    assert agree(first, first) == (first != "")


@given(
    st.lists(
        st.builds(
            RawEntry,
            guid=st.sampled_from(["", "1", "2"]),
            link=st.sampled_from(["", "https://a.example/", "https://b.example/"]),
            title=st.builds(RawText, st.sampled_from(["", "x", "y"])),
            content=st.builds(RawText, st.text(max_size=3)),
            published_text=st.sampled_from(["", "2026-03-02"]),
        ),
        max_size=6,
    ),
    st.sampled_from(IdentityRule),
)
def test_every_entry_is_identified_once(entries: list[RawEntry], rule: IdentityRule) -> None:
    """No entry is lost, no key stands twice, and no rule becomes stronger."""
    found = identify(entries, rule, {})
    keys = [each.entry_key for each in found.entries]
    assert len(keys) == len(set(keys))
    assert len(found.entries) + len(found.repeated) == len(entries)
    assert set(keys) <= lookup_keys(entries)
    order = list(IdentityRule)
    assert order.index(found.rule) >= order.index(rule)
