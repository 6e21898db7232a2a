from __future__ import annotations

from collections import Counter
from functools import cache
from pathlib import Path

from benchmarks.facts import DOCUMENTATION, OWN_CORPUS, Judged, counted, judge, report
from tests.support.fact_misses import ACCEPTED, ON_PURPOSE, WRONG
from tests.support.feedparser_facts import feedparser_facts
from tests.support.shared import shared

# What held in November 2026, per corpus; more is better, less is a regression.
SHARES = {
    "kurtmckee/feedparser": 0.995,
    "mmcdole/gofeed": 0.99,
    "macieklamberski/feedsmith": 1.0,
    "feed-rs/feed-rs": 0.997,
    "rbren/rss-parser": 1.0,
    "kagisearch/fastfeedparser": 0.958,
}


@cache
def judged() -> tuple[Judged, ...]:
    return tuple(judge(shared("corpus")))


def test_every_miss_is_known_and_has_a_reason() -> None:
    """What other libraries' corpora expect of a feed holds, or it is listed why it need not."""
    assert [
        one.fact for one in counted(judged()) if not one.ours and not one.reason(ACCEPTED)
    ] == []


def test_no_reason_is_out_of_date() -> None:
    """A reason for misses goes when the last miss under it is gone."""
    misses = [one.fact for one in judged() if not one.ours]
    known = (*ACCEPTED, *ON_PURPOSE, *WRONG)
    assert [one for one in known if not any(one.covers(fact) for fact in misses)] == []


def test_the_shares_that_hold_do_not_fall() -> None:
    """Per corpus, at least the recorded share of the facts holds."""
    total = Counter(one.fact.corpus for one in counted(judged()))
    held = Counter(one.fact.corpus for one in counted(judged()) if one.ours)
    shares = {corpus: held[corpus] / total[corpus] for corpus in total}
    assert {c: share for c, share in shares.items() if share < SHARES[c]} == {}
    assert set(shares) == set(SHARES)


def test_no_corpus_is_read_better_by_feedparser_alone() -> None:
    """On the same facts, we are never below the library that we read feeds with."""
    ours = Counter(one.fact.corpus for one in counted(judged()) if one.ours)
    theirs = Counter(one.fact.corpus for one in counted(judged()) if one.theirs)
    assert {c: (ours[c], theirs[c]) for c in theirs if ours[c] < theirs[c]} == {}
    assert ours[OWN_CORPUS] > theirs[OWN_CORPUS]


def test_what_is_otherwise_on_purpose_counted_against_us_too() -> None:
    """Of feedparser's own corpus more holds than the 1,883 of 2,012 that feedparser reaches."""
    own = [one for one in judged() if one.fact.corpus == OWN_CORPUS and not one.reason(WRONG)]
    assert sum(one.ours for one in own) / len(own) > 1883 / 2012


def test_the_table_of_the_documentation_is_up_to_date() -> None:
    """`python -m benchmarks.facts --write` was run after the last change."""
    assert report(judged()) in Path(DOCUMENTATION).read_text(encoding="utf-8")


def test_expressions_are_read_and_never_evaluated() -> None:
    """Comparisons of paths with strings are facts; every other expression is none."""
    forms = {
        "not bozo and feed.title == 'a'": [("title", -1, "a")],
        "entries[0]['link'] == entries[1]['link'] == 'x' + 'y'": [
            ("link", 0, "xy"),
            ("link", 1, "xy"),
        ],
        "feed['title'] == 'a' or feed['title'] == 'b'": [("title", -1, "a")],
        "__import__('os').remove('x') == 'a'": [],
        "entries[0].link != 'a'": [],
        "1": [],
    }
    for form, wanted in forms.items():
        assert list(feedparser_facts([{"op": "python", "value": form}], "x.xml")) == wanted, form
