from __future__ import annotations

import pytest

from aggregator.model.articles import Verdict
from aggregator.model.entries import Origin
from tests.support.deciding import LONG_TITLE, Ledger, article, plain_decider

TEXT = "<p>The house voted late in the evening, after a debate of nine hours, by 312 to 288.</p>"
OTHER = "<p>A quite different report about something that happened in another town on Monday.</p>"


@pytest.fixture
def ledger() -> Ledger:
    """An empty ledger."""
    return Ledger()


@pytest.mark.parametrize(
    ("ours", "verdict"), [("Harbour Post", Verdict.DUPLICATE), ("Post of the Harbour", Verdict.NEW)]
)
def test_what_the_document_calls_its_source_is_no_part_of_a_title(
    ledger: Ledger, ours: str, verdict: Verdict
) -> None:
    """A name at the end of a title is taken off though nobody configured it, if it is the whole."""
    named = article(f"{LONG_TITLE} - Harbour Post", "a", origin=Origin(ours))
    ledger.take(plain_decider(), named)
    (decision,) = ledger.take(
        plain_decider(), article(f"{LONG_TITLE}｜Elbkurier", "b", origin=Origin("Elbkurier"))
    )
    assert decision.verdict is verdict


@pytest.mark.parametrize(
    ("body", "verdict"), [(TEXT, Verdict.DUPLICATE), (OTHER, Verdict.NEW), ("", Verdict.NEW)]
)
def test_a_name_in_front_of_a_title_asks_for_the_text(
    ledger: Ledger, body: str, verdict: Verdict
) -> None:
    """“North: works at night” and “South: works at night” are one only where the texts agree."""
    ledger.take(plain_decider(), article(f"North: {LONG_TITLE}", body=TEXT, origin=Origin("North")))
    south = article(f"South | {LONG_TITLE}", "b", body=body, origin=Origin("South"))
    (decision,) = ledger.take(plain_decider(), south)
    assert decision.verdict is verdict
