"""Every article of the corpus of real feeds, through both sanitizers."""

from __future__ import annotations

import pytest

from aggregator.model.articles import Article
from aggregator.model.entries import ParsedDocument, RawEntry
from aggregator.text.markup import sanitize
from tests.support.bodies import EMBEDS, facts
from tests.support.entries import attempt, cleaning
from tests.support.facts import read
from tests.support.shared import shared

PER_FEED = 15


@pytest.fixture(scope="module")
def entries() -> list[RawEntry]:
    """The first entries of every real feed that can be read."""
    paths = sorted(path for path in shared("corpus/real").rglob("*") if path.is_file())
    documents = [found for path in paths if isinstance(found := read(path), ParsedDocument)]
    return [entry for document in documents for entry in document.entries[:PER_FEED]]


def test_real_articles(entries: list[RawEntry]) -> None:
    """Real articles survive, hold nothing off the policy, and come out alike and stable."""
    assert len(entries) > 1_000
    for raw in entries:
        by_bleach, by_nh3 = attempt(raw, cleaning()), attempt(raw, cleaning("nh3"))
        if not isinstance(by_bleach, Article):
            assert by_bleach == by_nh3
            assert by_bleach.reason != "failed", by_bleach
            continue
        assert isinstance(by_nh3, Article)
        assert facts(by_bleach.body).forbidden == []
        assert facts(by_bleach.body) == facts(by_nh3.body)
        assert sanitize(by_bleach.body, "bleach", EMBEDS) == by_bleach.body
        assert sanitize(by_nh3.body, "nh3", EMBEDS) == by_nh3.body
        assert (by_bleach.title, by_bleach.summary) == (by_nh3.title, by_nh3.summary)
