from __future__ import annotations

from collections import Counter
from functools import cache

from aggregator.model.entries import ParsedDocument
from tests.support.facts import ACCEPTED, Fact, facts, holds, read
from tests.support.shared import shared

# What held in November 2026, per corpus; more is better, less is a regression.
SHARES = {
    "kurtmckee/feedparser": 0.97,
    "mmcdole/gofeed": 0.975,
    "macieklamberski/feedsmith": 1.0,
    "feed-rs/feed-rs": 0.96,
    "rbren/rss-parser": 0.96,
    "kagisearch/fastfeedparser": 0.95,
}


@cache
def judged() -> tuple[tuple[Fact, bool], ...]:
    corpus = shared("corpus")
    found = {name: read(corpus / name) for name in {fact.document for fact in facts(corpus)}}
    return tuple(
        (fact, isinstance(what, ParsedDocument) and holds(fact, what))
        for fact in facts(corpus)
        if (what := found[fact.document])
    )


def test_every_miss_is_known_and_has_a_reason() -> None:
    """What other libraries' corpora expect of a feed holds, or it is listed why it need not."""
    misses = [fact for fact, held in judged() if not held]
    assert [fact for fact in misses if not any(one.covers(fact) for one in ACCEPTED)] == []


def test_no_reason_is_out_of_date() -> None:
    """A reason for misses goes when the last miss under it is gone."""
    misses = [fact for fact, held in judged() if not held]
    assert [one for one in ACCEPTED if not any(one.covers(fact) for fact in misses)] == []


def test_the_shares_that_hold_do_not_fall() -> None:
    """Per corpus, at least the recorded share of the facts holds."""
    total = Counter(fact.corpus for fact, _ in judged())
    held = Counter(fact.corpus for fact, ok in judged() if ok)
    shares = {corpus: held[corpus] / total[corpus] for corpus in total}
    assert {c: share for c, share in shares.items() if share < SHARES[c]} == {}
    assert set(shares) == set(SHARES)
