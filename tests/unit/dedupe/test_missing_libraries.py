from __future__ import annotations

import sys

import pytest

from aggregator.errors import AggregatorError
from tests.support.deciding import plain_decider


@pytest.mark.parametrize(
    ("option", "library", "extra"),
    [("near", "rapidfuzz", "near"), ("chinese_variants", "opencc", "chinese")],
)
def test_an_option_without_its_library_says_what_to_install(
    monkeypatch: pytest.MonkeyPatch, option: str, library: str, extra: str
) -> None:
    """The optional libraries are asked for by name, and only by those who use the option."""
    monkeypatch.setitem(sys.modules, library, None)
    plain_decider()
    with pytest.raises(AggregatorError, match=rf"{option} needs {library}.*\[{extra}\]"):
        plain_decider(**{option: True})
