import pytest

from aggregator.text.counts import counted


@pytest.mark.parametrize(
    ("number", "nouns", "words"),
    [
        (0, "", "0 sources"),
        (1, "", "1 source"),
        (2, "", "2 sources"),
        (1, "sources of news", "1 source"),
        (1234, "sources of news", "1234 sources of news"),
    ],
)
def test_one_is_no_plural(number: int, nouns: str, words: str) -> None:
    """The noun is singular after 1 and plural after any other number."""
    assert counted(number, "source", nouns) == words
