"""When nobody can be reached, it is us who are cut off."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

import pytest

from aggregator.errors import FetchError, FetchReason
from aggregator.fetch.budget import Budget
from aggregator.fetch.connectivity import ENOUGH, FEWEST, Connectivity
from aggregator.fetch.guard import AddressPolicy
from aggregator.fetch.http import HttpFetcher
from aggregator.model.pages import Request, Validators
from aggregator.model.settings import Fetch
from tests.support.fetching import NOW


def after(good: int) -> Connectivity:
    """So many domains have answered."""
    made = Connectivity()
    for number in range(good):
        made.answered(f"good{number}.example")
    return made


def silence(made: Connectivity) -> int:
    """How many domains have to be silent, one after the other, until that is told; 0 for never."""
    told = (made.failed(f"silent{number}.example") for number in range(99))
    return next((number for number, offline in enumerate(told, 1) if offline), 0)


@pytest.mark.parametrize(
    ("good", "silent"),
    [
        (0, 0),
        (FEWEST - 1, 0),
        (FEWEST, FEWEST),
        (FEWEST + 1, FEWEST + 1),
        (ENOUGH, ENOUGH),
        (99, ENOUGH),
    ],
)
def test_as_many_silent_as_had_answered(good: int, silent: int) -> None:
    """All that ever answered must be silent, ten are enough, and two say nothing yet."""
    assert silence(after(good)) == silent


def test_one_answer_ends_it() -> None:
    """Whoever answers shows that there is a network."""
    made = after(FEWEST)
    assert silence(made) == FEWEST
    made.answered("good0.example")
    assert not made.failed("silent0.example")


def test_one_domain_that_is_down_is_one() -> None:
    """However often it is asked, and whatever number of sources it has."""
    made = after(FEWEST)
    assert not any(made.failed("down.example") for _ in range(99))


def test_the_error_says_that_it_was_us() -> None:
    """From the moment on that nobody can be reached, requests fail for another reason."""

    def resolve(_host: str, _port: int) -> Sequence[str]:
        raise OSError(-3, "Temporary failure in name resolution")

    budget = Budget(9)
    budget.connectivity = after(FEWEST)
    settings = Fetch(timeout=timedelta(seconds=5))
    policy = AddressPolicy(resolve=resolve)
    reasons = []
    with HttpFetcher(settings, "tests/1", budget=budget, policy=policy) as fetcher:
        for number in range(FEWEST + 1):
            with pytest.raises(FetchError) as caught:
                fetcher.fetch(Request(f"https://a{number}.example/"), Validators(), NOW)
            reasons.append(caught.value.reason)
    assert reasons == [FetchReason.DNS] * (FEWEST - 1) + [FetchReason.OFFLINE] * 2
