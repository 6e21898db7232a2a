from hypothesis import given
from hypothesis import strategies as st

from aggregator.text.slugs import check_segment, slug


@given(st.text(st.characters(exclude_categories=[])))
def test_every_title_gives_a_segment(title: str) -> None:
    """Whatever the title, its slug is a valid segment of at most 80 characters."""
    segment = slug(title)
    assert check_segment(segment) == segment
    assert len(segment) <= 80


@given(st.text(alphabet="ǅİßŉﬁΐ٠e\u0301\u0345 -_Kk😀中", max_size=200))
def test_a_slug_of_a_slug_is_valid_too(title: str) -> None:
    """Letters whose case or composition is special give valid segments as well."""
    assert check_segment(slug(slug(title)))
