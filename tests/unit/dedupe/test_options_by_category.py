"""Each key of `dedupe` can be said for a category; of two articles the later one's decide."""

from __future__ import annotations

import pytest

from aggregator.dedupe.decide import decider
from aggregator.model.articles import Article, Verdict
from aggregator.model.categories import CategoryDedupe, CategorySpec
from aggregator.model.settings import Configuration, Dedupe, Settings, SourceSpec
from aggregator.service.assembly import decide_by
from tests.support.deciding import Ledger, article, no_names

TEXT = "The vote of this afternoon was close, and both chambers have now agreed to the reform."
EDITED = "Parliament votes in favour of the new pension reform"
SIMPLIFIED, TRADITIONAL = "央行宣布下调存款准备金率一个百分点", "央行宣布下調存款準備金率一個百分點"


def _is_one(own: Dedupe, first: Article, later: Article) -> bool:
    """Whether two articles become one, where `own` holds for the source `b` alone."""
    decide, ledger = decider(Dedupe(), no_names, of_sources={"b": own}), Ledger()
    ledger.take(decide, first)
    (decision,) = ledger.take(decide, later)
    return decision.verdict is Verdict.DUPLICATE


@pytest.mark.parametrize(("hours", "one"), [(0.99, True), (1, True), (1.01, False)])
def test_a_window_of_ones_own(hours: float, *, one: bool) -> None:
    """A category's window reaches exactly as far as it says, for what its sources bring."""
    own = Dedupe(window="1h")
    assert _is_one(own, article(source="a"), article(source="b", hours=hours)) is one
    assert _is_one(own, article(source="b"), article(source="a", hours=hours))


def test_near_for_one_category() -> None:
    """Only what comes from a category with `near` is compared by titles that differ by an edit."""
    edited = article(EDITED, "b", body=TEXT, hours=1)
    plain = article(EDITED, "a", body=TEXT, hours=1)
    assert _is_one(Dedupe(near=True), article(source="c", body=TEXT), edited)
    assert not _is_one(Dedupe(near=True), article(source="c", body=TEXT), plain)


def test_chinese_variants_need_both() -> None:
    """Both spellings are equal where both sources have the option, not where one has it."""
    own = Dedupe(chinese_variants=True)
    assert _is_one(own, article(SIMPLIFIED, "b"), article(TRADITIONAL, "b", body="x" * 20)) is False
    decide, ledger = decider(Dedupe(), no_names, of_sources={"b": own, "c": own}), Ledger()
    ledger.take(decide, article(TRADITIONAL, "b"))
    assert ledger.take(decide, article(SIMPLIFIED, "c"))[0].verdict is Verdict.DUPLICATE
    assert ledger.take(decide, article(SIMPLIFIED, "a"))[0].verdict is Verdict.DUPLICATE
    assert ledger.take(decide, article(TRADITIONAL, "a"))[0].verdict is Verdict.NEW


@pytest.mark.parametrize(
    ("path", "one"), [("news", False), ("news/world", False), ("news/near", True), ("sport", True)]
)
def test_a_source_has_the_options_of_its_first_category(path: str, *, one: bool) -> None:
    """A category inherits each key that it does not state from its parent, then from `dedupe`."""
    world = CategorySpec(id="world")
    near = CategorySpec(id="near", dedupe=CategoryDedupe(window="3h"))
    news = CategorySpec(id="news", dedupe=CategoryDedupe(window="1h"), categories=(world, near))
    configuration = Configuration(
        root="/", folder="/config", settings=Settings(),
        categories=(news, CategorySpec(id="sport")),
        sources=tuple(SourceSpec(id=name, category=(path, "sport")) for name in "ab"),
    )  # fmt: skip
    decide, ledger = decide_by(configuration), Ledger()
    ledger.take(decide, article(source="a"))
    (decision,) = ledger.take(decide, article(source="b", hours=2))
    assert (decision.verdict is Verdict.DUPLICATE) is one
