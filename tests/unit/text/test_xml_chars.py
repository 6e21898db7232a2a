from hypothesis import given
from hypothesis import strategies as st
from lxml import etree

from aggregator.text.xml_chars import strip_illegal


@given(st.text(st.characters(exclude_categories=[])))
def test_lxml_takes_whatever_is_left(text: str) -> None:
    """After stripping, an XML writer accepts any text."""
    etree.Element("a").text = strip_illegal(text)


def test_nothing_else_is_lost() -> None:
    """Tabs, line ends, emoji and the border characters of the forbidden ranges stay."""
    kept = "\t\n\r \x7f\x85\ud7ff\ue000\ufffd\U0001f600"
    assert strip_illegal(kept) == kept


def test_each_border_is_right() -> None:
    """The first and last character of every forbidden range go."""
    assert strip_illegal("\x00\x08\x0b\x0c\x0e\x1f\ud800\udfff\ufffe\uffff") == ""
