import pytest

from aggregator.web.remembering import LONGEST, remembered


@pytest.mark.parametrize(("size", "calls"), [(LONGEST - 1, 1), (LONGEST, 1), (LONGEST + 1, 2)])
def test_only_short_fields_are_remembered(size: int, calls: int) -> None:
    """A field that is asked about twice is worked out once, a longer one each time it comes."""
    asked: list[bytes] = []

    @remembered
    def length(field: bytes) -> int:
        asked.append(field)
        return len(field)

    assert [length(b"x" * size), length(b"x" * size)] == [size, size]
    assert len(asked) == calls
