from aggregator.text.hashing import fingerprint


def test_where_one_part_ends_matters() -> None:
    """Moving a letter from one part to the next gives another fingerprint."""
    assert fingerprint("ab", "c") != fingerprint("a", "bc")


def test_size_is_fixed() -> None:
    """A fingerprint has 64 hexadecimal digits, whatever goes in, also a lone surrogate."""
    assert {len(fingerprint()), len(fingerprint("\ud800" * 10_000))} == {64}
